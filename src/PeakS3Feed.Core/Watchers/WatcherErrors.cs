using PeakS3Feed.Errors;

namespace PeakS3Feed.Watchers;

/// <summary>The errors about watchers.</summary>
internal static class WatcherErrors
{
    /// <summary>The id of the error after which a message is not sent again.</summary>
    public const string Gone = "WatcherRequestGone";

    public static FeedException MailRefused(string server, string reason, Exception inner) => new(
        "WatcherMailFailed", FeedErrorCategory.ConnectionError, $"The mail server {server} did not accept the message: {reason.TrimEnd('.')}.", inner)
    {
        Target = server,
        Hint = "Check host, port, security and user of the watcher, and whether this machine can reach the server.",
    };

    // The message does not contain the URL, because the URLs of chats are secrets.
    public static FeedException RequestRefused(string host, string reason, Exception? inner = null) => new(
        "WatcherRequestFailed", FeedErrorCategory.ConnectionError, $"{host} did not accept the message: {reason.TrimEnd('.')}.", inner)
    {
        Target = host,
        Hint = "Check the watcher's URL, and whether this machine can reach it.",
    };

    public static FeedException NoUrl(string reference, DefinitionProblem problem) => new(
        "WatcherRequestFailed", FeedErrorCategory.InvalidData, $"The value of {reference} is not a URL for a watcher. {problem.Message}")
    {
        Target = reference,
        Hint = problem.Hint,
    };

    public static FeedException RequestGone(string host) => new(
        "WatcherRequestGone", FeedErrorCategory.ObjectNotFound,
        $"{host} did not accept the message: it answered 410, which means that it accepts no further messages.")
    {
        Target = host,
        Hint = "The receiver no longer exists. Give the watcher another URL, or remove the watcher.",
    };

    public static FeedException TooSlow(S3FeedWatcher watcher, TimeSpan limit, Exception inner)
    {
        var reason = $"it did not answer within {limit.TotalSeconds:0} seconds";
        return watcher.Kind == WatcherKind.Email ? MailRefused(watcher.Target, reason, inner) : RequestRefused(watcher.Target, reason, inner);
    }
}
