using PeakS3Feed.Connections;
using PeakS3Feed.Destinations.Loading;

namespace PeakS3Feed.Worker.Output;

/// <summary>Prints the checks of a test.</summary>
internal static class CheckPrinter
{
    private const int Below = 11;

    public static void Print(Screen screen, ConnectionCheck check, ErrorPrinter errors, bool verbose)
    {
        var style = check.Outcome switch { CheckOutcome.Passed => Styles.Good, CheckOutcome.Failed => Styles.Error, _ => Styles.Quiet };
        var service = check.ServiceCode is null ? "" : $" ({check.ServiceCode}{(check.RequestId is { } id ? $", request id {id}" : "")})";
        screen.Line($"{check.Outcome.ToString().ToLowerInvariant(),-7}  {check.Step}: {check.Message}{service}", style, indent: 2);
        if (verbose && check.Outcome != CheckOutcome.Skipped)
            screen.Line($"tried: {check.Tried}", Styles.Quiet, indent: Below);
        if (check.Hint is { } hint)
            screen.Line(hint, indent: Below);
        errors.Next(screen, Below + 2, check.Remedies);
    }

    public static void Print(Screen screen, DestinationCheck check, ErrorPrinter errors)
    {
        screen.Line($"{(check.Passed ? "passed" : "failed"),-7}  {check.Step}: {check.Detail}", check.Passed ? Styles.Good : Styles.Error, indent: 2);
        if (check.Hint is { } hint)
            screen.Line(hint, indent: Below);
        errors.Next(screen, Below + 2, check.Remedies);
    }
}
