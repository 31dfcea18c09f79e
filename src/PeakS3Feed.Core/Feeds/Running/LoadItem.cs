using PeakS3Feed.Errors;
using PeakS3Feed.Feeds.Planning;
using PeakS3Feed.Rows;

namespace PeakS3Feed.Feeds.Running;

/// <summary>What the reading half of a load hands to the loading half. The items of an object follow each other; the last one ends it.</summary>
internal abstract record LoadItem
{
    private LoadItem(long id, PlannedObject planned, bool isFirst, bool isLast)
    {
        Id = id;
        Object = planned;
        IsFirst = isFirst;
        IsLast = isLast;
    }

    /// <summary>The object's number in the plan.</summary>
    public long Id { get; }

    /// <summary>The object.</summary>
    public PlannedObject Object { get; }

    /// <summary>Whether this is the object's first item.</summary>
    public bool IsFirst { get; }

    /// <summary>Whether this is the object's last item.</summary>
    public bool IsLast { get; }

    /// <summary>Some rows of the object; the object is whole with the batch that ends its file.</summary>
    public sealed record Rows(long Id, PlannedObject Object, bool IsFirst, AssembledBatch Batch) : LoadItem(Id, Object, IsFirst, Batch.EndOfFile);

    /// <summary>The object cannot be read, and none of its rows count.</summary>
    public sealed record Failed(long Id, PlannedObject Object, bool IsFirst, FeedException Failure) : LoadItem(Id, Object, IsFirst, isLast: true);

    /// <summary>The object changed: it is planned again, or left the plan. None of its rows so far count.</summary>
    public sealed record Replanned(long Id, PlannedObject Object, bool IsFirst) : LoadItem(Id, Object, IsFirst, isLast: true);
}
