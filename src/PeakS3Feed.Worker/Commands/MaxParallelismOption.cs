using System.CommandLine;
using PeakS3Feed.Feeds.Running;

namespace PeakS3Feed.Worker.Commands;

/// <summary>The option that says how many files a run reads at a time.</summary>
internal static class MaxParallelismOption
{
    /// <summary>Makes the option for a command.</summary>
    public static Option<int> Create() => new("--max-parallelism")
    {
        Description = $"How many files a run may read at a time, 1 to {RunOptions.ParallelismLimit}; by default the number of cores.",
        HelpName = "N",
        CustomParser = result => WholeNumber.ParseUpTo(result, RunOptions.ParallelismLimit),
        DefaultValueFactory = _ => RunOptions.DefaultMaxParallelism,
    };
}
