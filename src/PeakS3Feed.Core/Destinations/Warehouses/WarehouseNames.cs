using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using PeakS3Feed.Destinations.Loading;

namespace PeakS3Feed.Destinations.Warehouses;

/// <summary>
/// The names of the tables that a feed and table have of their own in the warehouse. Each begins with <c>peaks3feed_</c> and its purpose, followed by
/// a hash of feed and table.
/// </summary>
internal sealed class WarehouseNames
{
    /// <summary>The column of staged rows with the object's number in the load.</summary>
    public const string Ordinal = "peaks3feed_object";

    /// <summary>The column of staged rows with the row's number in its object.</summary>
    public const string Row = "peaks3feed_row";

    /// <summary>The column that a query for the last row of each key adds.</summary>
    public const string Rank = "peaks3feed_rank";

    /// <summary>The table of loads, shared by all feeds.</summary>
    public const string Loads = "peaks3feed_load";

    /// <summary>The table of loaded object versions, shared by all feeds.</summary>
    public const string Files = "peaks3feed_file";

    /// <summary>The beginning of the names of staging tables.</summary>
    public const string StagePrefix = "peaks3feed_stage_";

    private readonly string _hash;

    public WarehouseNames(LoadTarget target, string ledgerName)
    {
        _hash = Hash(target.FeedId, ledgerName);
        Lock = LockOf(_hash);
    }

    /// <summary>The table with one row: the ledger's state. A transaction that locks it keeps others of this feed and table out.</summary>
    public string Lock { get; }

    /// <summary>The tables of the ledger: this feed and table's state, and the two that all feeds share.</summary>
    public IReadOnlyList<string> Ledger => [Lock, Loads, Files];

    /// <summary>The beginning of the names of this feed and table's staged files and staging tables.</summary>
    public string Stages => _hash;

    /// <summary>The beginning of the names of this feed and table's staging tables.</summary>
    public string StageTables => $"{StagePrefix}{_hash}_";

    /// <summary>The name of another feed's lock table for a table.</summary>
    public static string LockOf(Guid feed, string ledgerName) => LockOf(Hash(feed, ledgerName));

    /// <summary>
    /// The name of a staging table: <c>peaks3feed_stage_HASH_DATE_RUN_LOAD_ATTEMPT_PURPOSE</c>, with the first digits of the run's id.
    /// </summary>
    /// <param name="load">The load.</param>
    /// <param name="attempt">The attempt's number.</param>
    /// <param name="purpose">What it holds: rows, commit, claim.</param>
    /// <param name="on">The day on which it is created, UTC.</param>
    public string StageTable(LoadName load, int attempt, string purpose, DateTimeOffset on) => string.Create(
        CultureInfo.InvariantCulture, $"{StageTables}{on.UtcDateTime:yyMMdd}_{Short(load.RunId)}_{load.Number}_{attempt}_{purpose}");

    /// <summary>Reads on which day a staging table was created; null for another name, and for a table of a run.</summary>
    /// <param name="name">The name, in any case.</param>
    /// <param name="current">The run whose tables are left out.</param>
    public DateTimeOffset? ReadDay(string name, Guid current)
    {
        if (!name.StartsWith(StageTables, StringComparison.OrdinalIgnoreCase))
            return null;
        var parts = name[StageTables.Length..].Split('_');
        return parts.Length == 5
            && DateTimeOffset.TryParseExact(parts[0], "yyMMdd", CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var day)
            && !parts[1].Equals(Short(current), StringComparison.OrdinalIgnoreCase)
            ? day
            : null;
    }

    private static string Short(Guid run) => run.ToString("N")[..8];

    private static string LockOf(string hash) => $"peaks3feed_lock_{hash}";

    private static string Hash(Guid feed, string ledgerName)
        => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{feed:D}\0{ledgerName}")))[..16];
}
