using Microsoft.Data.Sqlite;
using PeakS3Feed.Runs;

namespace PeakS3Feed.Triggers.Arrivals;

/// <summary>When runs last listed all objects of feeds that find their objects by events, in <c>state.db</c>.</summary>
/// <remarks>All methods throw the errors of <see cref="RunHistory"/>.</remarks>
public sealed class ListingLog
{
    private readonly StateDatabase _database;
    private readonly TimeProvider _time;

    /// <summary>Uses the database of a state directory. The first write creates it.</summary>
    public ListingLog(string stateDirectory, TimeProvider? time = null)
        => (_database, _time) = (StateDatabase.FromDirectory(stateDirectory), time ?? TimeProvider.System);

    /// <summary>Returns whether a feed must be listed: it never was, was listed for other settings, or was listed too long ago.</summary>
    /// <param name="feedId">The feed.</param>
    /// <param name="settings">The settings that decide which objects the feed has.</param>
    /// <param name="every">How often the feed is listed, at least.</param>
    /// <param name="cancellationToken">Cancels.</param>
    internal async Task<bool> IsDueAsync(Guid feedId, string settings, TimeSpan every, CancellationToken cancellationToken)
        => !_database.Exists || await _database.RunAsync(c => IsDue(c, feedId, settings, every, _time.GetUtcNow()), cancellationToken);

    /// <summary>The same, but creates no file beside the database, for a plan.</summary>
    internal Task<bool> PeekIsDueAsync(Guid feedId, string settings, TimeSpan every, CancellationToken cancellationToken)
        => _database.PeekAsync(c => IsDue(c, feedId, settings, every, _time.GetUtcNow()), none: true, cancellationToken);

    /// <summary>Records that a run has listed a feed.</summary>
    internal Task<int> RecordAsync(Guid feedId, string settings, DateTimeOffset at, CancellationToken cancellationToken) => _database.WriteAsync(
        c => c.Execute(
            "INSERT INTO listings (feed_id, settings, listed_at) VALUES ($feed, $settings, $at) "
            + "ON CONFLICT (feed_id) DO UPDATE SET settings=excluded.settings, listed_at=excluded.listed_at",
            ("$feed", feedId.Text()), ("$settings", settings), ("$at", at.Text())),
        cancellationToken);

    // A time in the future comes from a clock that was set back since.
    private static bool IsDue(SqliteConnection connection, Guid feedId, string settings, TimeSpan every, DateTimeOffset now)
        => connection.Time("SELECT listed_at FROM listings WHERE feed_id=$feed AND settings=$settings", ("$feed", feedId.Text()), ("$settings", settings))
            is not { } at || now - at >= every || at > now;
}
