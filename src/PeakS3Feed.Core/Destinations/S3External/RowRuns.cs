using System.Runtime.InteropServices;

namespace PeakS3Feed.Destinations.S3External;

/// <summary>A row of an object.</summary>
/// <param name="Ordinal">The object's number in the load.</param>
/// <param name="Row">The row's number in the object.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct RowOrigin(long Ordinal, long Row) : IComparable<RowOrigin>
{
    /// <summary>Compares the places in loading order.</summary>
    public int CompareTo(RowOrigin other)
        => Ordinal == other.Ordinal ? Row.CompareTo(other.Row) : Ordinal.CompareTo(other.Ordinal);
}

/// <summary>Consecutive rows of one object that are consecutive in a file.</summary>
/// <param name="First">The first of them.</param>
/// <param name="Count">Their number.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct RowRun(RowOrigin First, int Count)
{
    /// <summary>The number of the row after the last one, in the object.</summary>
    public long End => First.Row + Count;

    /// <summary>Whether another run continues this one.</summary>
    public bool IsContinuedBy(RowRun next)
        => next.First.Ordinal == First.Ordinal && next.First.Row == End && Count + (long)next.Count <= int.MaxValue;
}

/// <summary>
/// Which rows of which objects the rows of a load's files are. There are many runs where the rows of a partition are not consecutive in their object:
/// few stay in memory, and the others are in a temporary file. Adding is safe for concurrent use, for different files.
/// </summary>
/// <param name="memoryBytes">The bytes that stay in memory.</param>
internal sealed class RowRuns(long memoryBytes = RowRuns.MemoryBytes) : IDisposable
{
    private const long MemoryBytes = 8 * 1024 * 1024;
    private const int ReadAtOnce = 16 * 1024;

    private readonly SpillBuckets<RowRun> _runs = new(memoryBytes);

    /// <summary>Adds the next runs of a file.</summary>
    public void Add(int file, ReadOnlySpan<RowRun> runs) => _runs.Append(file, runs);

    /// <summary>Returns the runs of a file.</summary>
    public IEnumerable<RowRun> Read(int file)
    {
        for (long from = 0, count = _runs.CountOf(file); from < count;)
        {
            var some = _runs.Read(file, from, (int)Math.Min(ReadAtOnce, count - from));
            from += some.Length;
            foreach (var run in some)
                yield return run;
        }
    }

    public void Dispose() => _runs.Dispose();
}
