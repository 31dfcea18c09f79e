using PeakS3Feed.Sources;

namespace PeakS3Feed.Destinations.Loading;

/// <summary>The work of one load: objects that become rows. It can be done again from its beginning.</summary>
public interface ILoadWork
{
    /// <summary>What the load does, with the schema as it is before the load.</summary>
    LoadSpec Spec { get; }

    /// <summary>Whether a new feed may write into a table that holds rows.</summary>
    bool AdoptTable { get; }

    /// <summary>Whether a Replace may leave the table empty.</summary>
    bool AllowEmpty { get; }

    /// <summary>What the load is made of, for Replace; valid after <see cref="WriteAsync"/>.</summary>
    string? Signature { get; }

    /// <summary>Sets <see cref="LoadSpec.FindRefusedRows"/> from the next attempt on.</summary>
    void FindRefusedRows();

    /// <summary>
    /// Reads the objects and writes their rows, from the beginning each time it is called.
    /// Throws <see cref="LoadRestartException"/> when the work has to be begun again.
    /// </summary>
    Task<LoadTotals> WriteAsync(IRowWriter writer, CancellationToken cancellationToken);

    /// <summary>The objects whose earlier versions' rows are to be deleted.</summary>
    IAsyncEnumerable<SourceObject> ChangedObjects();

    /// <summary>How many objects are taken as loaded, when the feed adopts the table with this load.</summary>
    long AssumedObjectCount => 0;

    /// <summary>The objects that are taken as loaded.</summary>
    IAsyncEnumerable<SourceObject> AssumedObjects() => AsyncEnumerable.Empty<SourceObject>();

    /// <summary>The objects that were written, whole, in loading order; valid after <see cref="WriteAsync"/>.</summary>
    IAsyncEnumerable<SourceObject> WrittenObjects();
}
