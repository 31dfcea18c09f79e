namespace PeakS3Feed.Aws;

/// <summary>The reader. It names the session of an assumed role, so that runs can be told apart in the bucket owner's audit log.</summary>
/// <param name="FeedName">The feed, or a word for the work (<c>test</c>, <c>preview</c>).</param>
/// <param name="RunId">The run.</param>
public sealed record SourceIdentity(string FeedName, Guid RunId)
{
    /// <summary>STS takes names of 2 to 64 characters.</summary>
    private const int LongestSessionName = 64;

    private const int RunCharacters = 8;

    /// <summary>
    /// The session's name: the feed's name, cut, and the first 8 characters of the run id; at most 64 characters,
    /// with a dash for each one that STS does not take.
    /// </summary>
    public string SessionName
    {
        get
        {
            var run = RunId.ToString("N")[..RunCharacters];
            var room = LongestSessionName - RunCharacters - 1;
            var feed = FeedName.Length > room ? FeedName[..room] : FeedName;
            return string.Concat(feed.Select(c => IsAllowed(c) ? c : '-')) + "-" + run;
        }
    }

    private static bool IsAllowed(char c) => char.IsAsciiLetterOrDigit(c) || c is '_' or '+' or '=' or ',' or '.' or '@' or '-';
}
