using System.CommandLine.Parsing;
using PeakS3Feed.Store;

namespace PeakS3Feed.Worker.Commands;

/// <summary>Parses a duration on the command line.</summary>
internal static class DurationOption
{
    public static TimeSpan Parse(ArgumentResult result)
    {
        if (DurationText.TryParse(result.Tokens.Count == 1 ? result.Tokens[0].Value : "", out var duration) is { } problem)
            result.AddError(problem);
        return duration;
    }
}
