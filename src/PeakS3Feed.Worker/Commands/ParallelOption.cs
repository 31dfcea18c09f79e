using System.CommandLine;

namespace PeakS3Feed.Worker.Commands;

/// <summary>The option that says how many feeds run at a time.</summary>
internal static class ParallelOption
{
    /// <summary>Makes the option for a command.</summary>
    public static Option<int> Create(int byDefault) => new("--parallel")
    {
        Description = "How many feeds run at the same time.",
        HelpName = "N",
        CustomParser = WholeNumber.Parse,
        DefaultValueFactory = _ => byDefault,
    };
}
