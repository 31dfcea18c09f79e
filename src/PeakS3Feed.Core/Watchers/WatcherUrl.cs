using System.Diagnostics.CodeAnalysis;
using PeakS3Feed.Errors;
using PeakS3Feed.Secrets;

namespace PeakS3Feed.Watchers;

/// <summary>The URL of a watcher: as it is, or a reference to where it is kept, for those of chats are secrets.</summary>
internal static class WatcherUrl
{
    /// <summary>Whether it is kept elsewhere.</summary>
    public static bool IsReference([NotNullWhen(true)] string? url) => SecretReference.TryParse(url, out _);

    /// <summary>What is wrong with a URL that is no reference, or null. It is not repeated.</summary>
    public static DefinitionProblem? Check(string? text)
    {
        if (text is null)
            return new(nameof(S3FeedWatcher.Url), "The URL is missing.");
        if (!Uri.TryCreate(text, UriKind.Absolute, out var url) || (url.Scheme != Uri.UriSchemeHttps && url.Scheme != Uri.UriSchemeHttp))
            return new(nameof(S3FeedWatcher.Url), "The URL must begin with https://.", "It may be kept elsewhere: env:NAME, file:/PATH or vault:VAULT/NAME.");
        if (url.Scheme == Uri.UriSchemeHttp && !url.IsLoopback)
            return new(nameof(S3FeedWatcher.Url), "The URL must begin with https://; http:// is for this machine alone.");
        return url.UserInfo.Length == 0 ? null : new(nameof(S3FeedWatcher.Url), "The URL holds a user or a password, which would be stored.", "Let the receiver check the signature: SigningKey.");
    }
}
