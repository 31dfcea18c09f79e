using Microsoft.Extensions.Logging;

namespace PeakS3Feed.Serving;

/// <summary>The scope of log lines that belong to the run of one feed, where several feeds run at the same time.</summary>
/// <param name="FeedName">The feed.</param>
public sealed record FeedLogScope(string FeedName)
{
    /// <summary>Puts the feed of the current scope before a log line; without such a scope, the line stays as it is.</summary>
    /// <param name="scopes">The scopes of a logger.</param>
    /// <param name="line">The line.</param>
    public static string Prefix(IExternalScopeProvider scopes, string line)
    {
        ArgumentNullException.ThrowIfNull(scopes);
        var found = new Innermost();
        // Other scopes are those of the web server's requests.
        scopes.ForEachScope((scope, state) => state.Scope = scope as FeedLogScope ?? state.Scope, found);
        return found.Scope is { } feed ? $"{feed.FeedName}: {line}" : line;
    }

    private sealed class Innermost
    {
        public FeedLogScope? Scope { get; set; }
    }
}
