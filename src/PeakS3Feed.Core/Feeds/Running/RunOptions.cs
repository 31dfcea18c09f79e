using PeakS3Feed.Runs;

namespace PeakS3Feed.Feeds.Running;

/// <summary>What may differ from run to run.</summary>
public sealed record RunOptions
{
    /// <summary>The largest <see cref="MaxParallelism"/>: 64.</summary>
    public const int ParallelismLimit = 64;

    /// <summary>Run a disabled feed.</summary>
    public bool Force { get; init; }

    /// <summary>The run's id, if a caller already has it (from a webhook's answer); null for a new one.</summary>
    public Guid? RunId { get; init; }

    /// <summary>
    /// How many objects may be read at a time, 1 to <see cref="ParallelismLimit"/>. The default is the machine's number of cores. The limit on memory
    /// may allow fewer objects. The result does not depend on this number.
    /// </summary>
    public int MaxParallelism { get; init; } = DefaultMaxParallelism;

    /// <summary>Whether the raw text of rejects is kept.</summary>
    public RejectText RejectText { get; init; }

    /// <summary>How many cores the machine has, up to <see cref="ParallelismLimit"/>.</summary>
    public static int DefaultMaxParallelism => Math.Clamp(Environment.ProcessorCount, 1, ParallelismLimit);
}
