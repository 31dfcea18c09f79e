using PeakS3Feed.Destinations.Delta;
using PeakS3Feed.Sources;

namespace PeakS3Feed.Destinations.S3External;

/// <summary>Where a row of a table is.</summary>
/// <param name="File">The file.</param>
/// <param name="Row">The row's number in the file, from 0.</param>
internal sealed record RowPlace(DeltaAdd File, long Row);

/// <summary>Finds the first rows in the order of their objects' names. It knows places only, and no more of them than are wanted.</summary>
/// <param name="limit">How many rows; at least one.</param>
internal sealed class RowPlaces(long limit)
{
    // The place that comes last is the first one to go.
    private readonly PriorityQueue<RowPlace, (string Name, long Number)> _first
        = new(Comparer<(string Name, long Number)>.Create((a, b) => Compare(b, a)));

    private long _number;

    /// <summary>Adds a row. Rows of one object keep the order in which they are added.</summary>
    public void Add(string name, DeltaAdd file, long row)
    {
        var order = (name, _number++);
        if (_first.Count < limit)
            _first.Enqueue(new(file, row), order);
        else if (_first.TryPeek(out _, out var last) && Compare(order, last) < 0)
            _first.EnqueueDequeue(new(file, row), order);
    }

    /// <summary>Takes the first rows, in order.</summary>
    public IReadOnlyList<RowPlace> Take()
    {
        var places = new RowPlace[_first.Count];
        for (var i = places.Length - 1; i >= 0; i--)
            places[i] = _first.Dequeue();
        return places;
    }

    private static int Compare((string Name, long Number) a, (string Name, long Number) b)
        => KeyOrder.Instance.Compare(a.Name, b.Name) is not 0 and var order ? order : a.Number.CompareTo(b.Number);
}
