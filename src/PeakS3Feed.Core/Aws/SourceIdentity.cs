namespace PeakS3Feed.Aws;

/// <summary>Identifies the reader. It names the session of an assumed role, so that the bucket owner's audit log shows which run reads.</summary>
/// <param name="FeedName">The feed's name, or <c>test</c>, <c>preview</c> and so on.</param>
/// <param name="RunId">The id of the run.</param>
public sealed record SourceIdentity(string FeedName, Guid RunId)
{
    /// <summary>STS accepts names of 2 to 64 characters.</summary>
    private const int MaxSessionName = 64;

    private const int RunCharacters = 8;

    /// <summary>
    /// The session's name: the feed's name, cut if necessary, and the first 8 characters of the run id. At most 64 characters. A dash replaces
    /// each character that STS does not accept.
    /// </summary>
    public string SessionName
    {
        get
        {
            var run = RunId.ToString("N")[..RunCharacters];
            var room = MaxSessionName - RunCharacters - 1;
            var feed = FeedName.Length > room ? FeedName[..room] : FeedName;
            return string.Concat(feed.Select(c => IsAllowed(c) ? c : '-')) + "-" + run;
        }
    }

    private static bool IsAllowed(char c) => char.IsAsciiLetterOrDigit(c) || c is '_' or '+' or '=' or ',' or '.' or '@' or '-';
}
