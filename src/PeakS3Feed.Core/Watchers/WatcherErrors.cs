using PeakS3Feed.Errors;

namespace PeakS3Feed.Watchers;

/// <summary>The errors of watchers.</summary>
internal static class WatcherErrors
{
    public static FeedException MailRefused(string server, string reason, Exception inner) => new(
        "WatcherMailFailed", FeedErrorCategory.ConnectionError, $"The mail server {server} did not take the message: {reason.TrimEnd('.')}.", inner)
    {
        Target = server,
        Hint = "Check host, port, security and user of the watcher, and that this machine may reach the server.",
    };

    public static FeedException RequestRefused(string host, string reason, Exception? inner = null) => new(
        "WatcherRequestFailed", FeedErrorCategory.ConnectionError, $"{host} did not take the message: {reason.TrimEnd('.')}.", inner)
    {
        Target = host,
        Hint = "Check the watcher's URL, and that this machine may reach it.",
    };
}
