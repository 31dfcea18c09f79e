using PeakS3Feed.Bench.Suite;

namespace PeakS3Feed.Bench.Report;

/// <summary>A row of the table: what is measured, and the goals.</summary>
/// <param name="Id">The name for --only, and in the results.</param>
/// <param name="Work">The work.</param>
/// <param name="AtLeast">The required ratio: the peer's wall time divided by ours.</param>
/// <param name="ReachFor">The desired ratio.</param>
internal sealed record BenchRowInfo(string Id, string Work, double AtLeast, double ReachFor)
{
    /// <summary>Whether times and ratio are of CPU time instead, because the wall time of a program that works in several threads hides what it costs.</summary>
    public bool IsCpu { get; init; }

    /// <summary>Whether the ratio is the share of the time in which the processors of the machine are busy. There is no peer.</summary>
    public bool IsShare { get; init; }

    /// <summary>Whether PeakS3Feed runs with all audit columns, which the peer does not have.</summary>
    public bool IsAudited { get; init; }

    /// <summary>The row whose peer it is compared with.</summary>
    public string PeerRow { get; init; } = Id;

    /// <summary>The time that counts, in seconds.</summary>
    public double TimeOf(ContestantResult result) => IsCpu ? result.Cpu : result.Wall;
}

/// <summary>A row about peak memory.</summary>
/// <param name="Id">The contest.</param>
/// <param name="Work">The work.</param>
/// <param name="AtMost">The required maximum, in MiB.</param>
/// <param name="ReachFor">The desired maximum, in MiB.</param>
internal sealed record MemoryRowInfo(string Id, string Work, long AtMost = 150, long ReachFor = 100);
