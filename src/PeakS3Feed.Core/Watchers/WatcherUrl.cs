using System.Diagnostics.CodeAnalysis;
using PeakS3Feed.Errors;
using PeakS3Feed.Secrets;

namespace PeakS3Feed.Watchers;

/// <summary>Checks the URL of a watcher. It may be a reference, because the URLs of chats are secrets.</summary>
internal static class WatcherUrl
{
    /// <summary>Whether the text is a reference to a URL.</summary>
    public static bool IsReference([NotNullWhen(true)] string? url) => SecretReference.TryParse(url, out _);

    /// <summary>Returns the problem of a URL, or null. The message does not repeat the URL.</summary>
    public static DefinitionProblem? Check(string? text)
    {
        if (text is null)
            return new(nameof(S3FeedWatcher.Url), "The URL is missing.");
        if (!Uri.TryCreate(text, UriKind.Absolute, out var url) || (url.Scheme != Uri.UriSchemeHttps && url.Scheme != Uri.UriSchemeHttp))
            return new(nameof(S3FeedWatcher.Url), "The URL must begin with https://.", "It may also be a reference: env:NAME, file:/PATH or vault:VAULT/NAME.");
        if (url.Scheme == Uri.UriSchemeHttp && !url.IsLoopback)
            return new(nameof(S3FeedWatcher.Url), "The URL must begin with https://. Only URLs of this machine may begin with http://.");
        return url.UserInfo.Length == 0 ? null : new(nameof(S3FeedWatcher.Url), "The URL contains a user or a password, which would be stored.", "Give a SigningKey, and let the receiver check the signature.");
    }
}
