using PeakS3Feed.Errors;
using PeakS3Feed.Watchers.Sending;

namespace PeakS3Feed.Watchers;

/// <summary>The errors of watchers.</summary>
internal static class WatcherErrors
{
    /// <summary>The id of an error after which nothing is sent again.</summary>
    public const string Gone = "WatcherRequestGone";

    public static FeedException MailRefused(string server, string reason, Exception inner) => new(
        "WatcherMailFailed", FeedErrorCategory.ConnectionError, $"The mail server {server} did not take the message: {reason.TrimEnd('.')}.", inner)
    {
        Target = server,
        Hint = "Check host, port, security and user of the watcher, and that this machine may reach the server.",
    };

    // The URL is not repeated: those of chats hold their secret.
    public static FeedException RequestRefused(string host, string reason, Exception? inner = null) => new(
        "WatcherRequestFailed", FeedErrorCategory.ConnectionError, $"{host} did not take the message: {reason.TrimEnd('.')}.", inner)
    {
        Target = host,
        Hint = "Check the watcher's URL, and that this machine may reach it.",
    };

    public static FeedException NoUrl(string reference, DefinitionProblem problem) => new(
        "WatcherRequestFailed", FeedErrorCategory.InvalidData, $"What {reference} holds is no URL for a watcher. {problem.Message}")
    {
        Target = reference,
        Hint = problem.Hint,
    };

    public static FeedException RequestGone(string host) => new(
        "WatcherRequestGone", FeedErrorCategory.ObjectNotFound, $"{host} did not take the message: it answered 410, which says that it wants no more.")
    {
        Target = host,
        Hint = "The receiver was removed. Give the watcher the URL of another one, or remove the watcher.",
    };

    public static FeedException TooSlow(S3FeedWatcher watcher, Exception inner)
    {
        var reason = $"it did not answer within {IWatcherSender.Limit.TotalSeconds:0} seconds";
        return watcher.Kind == WatcherKind.Email ? MailRefused(watcher.Target, reason, inner) : RequestRefused(watcher.Target, reason, inner);
    }
}
