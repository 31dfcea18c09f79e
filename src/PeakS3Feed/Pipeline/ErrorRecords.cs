using System.Management.Automation;
using PeakS3Feed.Errors;
using PeakS3Feed.Runs;
using PeakS3Feed.Wording;

namespace PeakS3Feed.Cmdlets.Pipeline;

/// <summary>Every ErrorRecord of the module. Their ids are those of docs/errors.md.</summary>
/// <param name="storePath">The store that was named, for the commands to type next; null for the usual one.</param>
internal sealed class ErrorRecords(string? storePath)
{
    /// <summary>An error of the core: what happened, how to mend it, and the next command.</summary>
    public ErrorRecord Of(FeedException error, object? target) => new(error, error.Id, Category(error.Category), target ?? error.Target)
    {
        ErrorDetails = Details(error),
    };

    /// <summary>An error that the core should have caught.</summary>
    public ErrorRecord Unexpected(Exception error, object? target) => new(error, "Unexpected", ErrorCategory.NotSpecified, target)
    {
        ErrorDetails = Details(error),
    };

    /// <summary>Why a run did not end well. The run is the target, and its ErrorId says what the exception is.</summary>
    public ErrorRecord OfRun(Exception error, S3FeedRun run)
    {
        if (run.Status == RunStatus.Canceled && error is FeedException canceled)
            return Of(canceled, run);
        var category = error is FeedException known ? Category(known.Category) : ErrorCategory.NotSpecified;
        return new ErrorRecord(error, "RunFailed", category, run)
        {
            ErrorDetails = Details(error, $"Run {Quantities.Short(run.Id)} of feed {run.FeedName} failed. "),
        };
    }

    private ErrorDetails Details(Exception error, string before = "") => error is FeedException known
        ? new ErrorDetails(before + string.Join(" ", Sentences(known)))
        : new ErrorDetails($"{before}{error.Message.TrimEnd('.')}. This should have been caught where it happened; a bug report needs $Error[0].Exception.ToString().");

    private IEnumerable<string> Sentences(FeedException error)
    {
        var message = error.Message;
        yield return error.Position is { } position && !message.Contains(position.ObjectUri, StringComparison.Ordinal) ? $"{position}: {message}" : message;
        if (error.ServiceCode is { } code)
            yield return error.RequestId is { } id ? $"The service's code is {code}, request id {id}." : $"The service's code is {code}.";
        if (error.Hint is { } hint)
            yield return hint;
        if (error.Remedies.Count > 0)
            yield return "Next: " + string.Join(", or: ", error.Remedies.Select(r => storePath is null ? r.Cmdlet : r.OnStore(storePath).Cmdlet));
    }

    // The core's categories are named after PowerShell's.
    private static ErrorCategory Category(FeedErrorCategory category)
        => Enum.TryParse<ErrorCategory>(category.ToString(), out var same) ? same : ErrorCategory.NotSpecified;
}
