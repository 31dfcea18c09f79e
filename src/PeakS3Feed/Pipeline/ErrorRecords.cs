using System.Management.Automation;
using PeakS3Feed.Errors;
using PeakS3Feed.Runs;
using PeakS3Feed.Wording;

namespace PeakS3Feed.Cmdlets.Pipeline;

/// <summary>Creates every ErrorRecord of the module. docs/errors.md has their ids.</summary>
/// <param name="storePath">The named store, for the suggested commands; null for the default store.</param>
internal sealed class ErrorRecords(string? storePath)
{
    /// <summary>An error of the core: what happened, how to fix it, and the next command.</summary>
    public ErrorRecord Create(FeedException error, object? target) => new(error, error.Id, Category(error.Category), target ?? error.Target)
    {
        ErrorDetails = Details(error),
    };

    /// <summary>An error that the core should have caught.</summary>
    public ErrorRecord Unexpected(Exception error, object? target) => new(error, "Unexpected", ErrorCategory.NotSpecified, target)
    {
        ErrorDetails = Details(error),
    };

    /// <summary>The error of a run. The run is the target, and its ErrorId identifies the exception.</summary>
    public ErrorRecord FromRun(Exception error, S3FeedRun run)
    {
        if (run.Status == RunStatus.Canceled && error is FeedException canceled)
            return Create(canceled, run);
        var category = error is FeedException known ? Category(known.Category) : ErrorCategory.NotSpecified;
        return new ErrorRecord(error, "RunFailed", category, run)
        {
            ErrorDetails = Details(error, $"Run {Quantities.Short(run.Id)} of feed {run.FeedName} failed. "),
        };
    }

    private ErrorDetails Details(Exception error, string before = "")
    {
        if (error is not FeedException known)
            return new($"{before}{error.Message.TrimEnd('.')}. This error is unexpected. A bug report needs $Error[0].Exception.ToString().");
        string[] commands = [.. known.Remedies.Select(r => storePath is null ? r.Cmdlet : r.OnStore(storePath).Cmdlet)];
        return new(before + string.Join(" ", Sentences(known, commands)))
        {
            // The command alone, so that a person or a script can run it.
            RecommendedAction = commands.FirstOrDefault(),
        };
    }

    private static IEnumerable<string> Sentences(FeedException error, string[] commands)
    {
        var message = error.Message;
        // A service's or database's own words may end without a full stop.
        var end = message is [.., '.' or '!' or '?' or ':'] ? "" : ".";
        yield return error.Position is { } position && !message.Contains(position.ObjectUri, StringComparison.Ordinal)
            ? $"{position}: {message}{end}"
            : message + end;
        if (error.ServiceCode is { } code)
            yield return error.RequestId is { } id ? $"The service's code is {code}, request id {id}." : $"The service's code is {code}.";
        if (error.Hint is { } hint)
            yield return hint;
        if (commands.Length > 0)
            yield return "Next: " + string.Join(", or: ", commands);
    }

    // The core's categories have the names of PowerShell's.
    private static ErrorCategory Category(FeedErrorCategory category)
        => Enum.TryParse<ErrorCategory>(category.ToString(), out var same) ? same : ErrorCategory.NotSpecified;
}
