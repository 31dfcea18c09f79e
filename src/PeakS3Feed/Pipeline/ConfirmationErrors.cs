using PeakS3Feed.Errors;

namespace PeakS3Feed.Cmdlets.Pipeline;

/// <summary>The errors of confirmations that nobody can give.</summary>
internal static class ConfirmationErrors
{
    /// <summary>The session is not interactive, and an action needs a confirmation.</summary>
    /// <param name="target">The object of the action.</param>
    /// <param name="action">The action.</param>
    /// <param name="hasForce">Whether the cmdlet has -Force.</param>
    /// <param name="inner">The host's exception.</param>
    public static FeedException NobodyCanConfirm(string target, string action, bool hasForce, Exception inner) => new(
        "ConfirmationNeeded", FeedErrorCategory.InvalidOperation,
        $"{target} has not changed: the action needs a confirmation, and nobody can give it in a session that is not interactive (NonInteractive). "
            + $"The action is: {action.TrimEnd('.')}.",
        inner)
    {
        Target = target,
        Hint = hasForce ? "Add -Force or -Confirm:$false to skip the confirmation." : "Add -Confirm:$false to skip the confirmation.",
    };
}
