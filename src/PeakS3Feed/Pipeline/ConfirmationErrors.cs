using PeakS3Feed.Errors;

namespace PeakS3Feed.Cmdlets.Pipeline;

/// <summary>The errors of questions that nobody can answer.</summary>
internal static class ConfirmationErrors
{
    /// <summary>The session is not interactive, and something asks.</summary>
    /// <param name="target">What the question is about.</param>
    /// <param name="action">What would be done.</param>
    /// <param name="hasForce">Whether the cmdlet has -Force.</param>
    /// <param name="inner">What the host threw.</param>
    public static FeedException NobodyToAsk(string target, string action, bool hasForce, Exception inner) => new(
        "ConfirmationNeeded", FeedErrorCategory.InvalidOperation,
        $"Nothing was done with {target}: this needs a confirmation, and in a session that is not interactive (NonInteractive) nobody can give it. It would be: {action.TrimEnd('.')}.",
        inner)
    {
        Target = target,
        Hint = hasForce ? "Add -Force, or -Confirm:$false, to do it without a question." : "Add -Confirm:$false to do it without a question.",
    };
}
