using System.Globalization;
using PeakS3Feed.Schemas;

namespace PeakS3Feed.Destinations.Loading;

/// <summary>The table and the ledger as the destination has them at one moment.</summary>
public sealed record TableSnapshot
{
    /// <summary>Whether the table exists.</summary>
    public bool Exists { get; init; }

    /// <summary>Whether the table can be read. If not, only that it exists and which other feeds use it is known.</summary>
    public bool IsReadable { get; init; } = true;

    /// <summary>Whether the table holds at least one row.</summary>
    public bool HasRows { get; init; }

    /// <summary>The table's columns.</summary>
    public IReadOnlyList<TableColumn> Columns { get; init; } = [];

    /// <summary>Unique indexes, each as a set of column names. Partial and expression indexes are left out.</summary>
    public IReadOnlyList<IReadOnlySet<string>> UniqueKeys { get; init; } = [];

    /// <summary>The ledger's state, or null when this feed never loaded into the table.</summary>
    public LedgerState? Ledger { get; init; }

    /// <summary>The loads that the feed takes over when it adopts the table; null when its own loads count or the table has no such rows.</summary>
    public LedgerTakeover? Takeover { get; init; }

    /// <summary>The modes of other feeds that have loaded into the table, by feed id, as the ledger spells them.</summary>
    public IReadOnlyDictionary<Guid, string> OtherFeeds { get; init; } = new Dictionary<Guid, string>();
}

/// <summary>A column as the destination has it.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Type">Its type in the destination's own words.</param>
/// <param name="Required">Whether it is NOT NULL without a default, so that a row must bring a value.</param>
public sealed record TableColumn(string Name, string Type, bool Required);

/// <summary>The ledger's state for one feed and table.</summary>
/// <param name="Epoch">A number that each run raises when it claims the feed. A run that reads a higher one than its own has been overtaken.</param>
/// <param name="Sequence">The number of the last committed load.</param>
/// <param name="Mode">The mode of the feed's last run, as the ledger spells it.</param>
/// <param name="Schema">The columns that this feed has created or used in the table, or null before the first load and after a reset.</param>
/// <param name="Signature">The signature of the last Replace load, or null.</param>
/// <param name="Holder">The run that last claimed the feed.</param>
public sealed record LedgerState(long Epoch, long Sequence, string Mode, FeedSchema? Schema, string? Signature, RunHolder? Holder)
{
    /// <summary>Whether loads count. A reset retires the loads before it, and their numbers are not given again.</summary>
    public bool HasLoaded => Schema is not null;
}

/// <summary>A run's claim on a feed and table.</summary>
/// <param name="Before">The ledger's state right before the claim, or null when there was none.</param>
/// <param name="Epoch">The epoch of this run.</param>
public sealed record LedgerClaim(LedgerState? Before, long Epoch);

/// <summary>The newest version of a key that the feed has loaded.</summary>
/// <param name="Key">The key.</param>
/// <param name="ETag">The entity tag of that version.</param>
/// <param name="Size">The size of that version, in bytes.</param>
public readonly record struct LedgerEntry(string Key, string ETag, long Size);

/// <summary>How much the ledger holds for one feed and table, counted in two ways: a difference shows that another program deleted rows.</summary>
/// <param name="Loads">Rows of loads.</param>
/// <param name="RecordedObjects">Objects that those loads claim, as far as no later load replaced them all.</param>
/// <param name="Objects">Rows of objects.</param>
/// <param name="AuditedMode">The mode of the last load if it filled audit columns, else null.</param>
public sealed record LedgerCounts(long Loads, long RecordedObjects, long Objects, LoadMode? AuditedMode);

/// <summary>Loads whose rows are in a feed's table and that the feed takes over when it adopts the table, so that nothing is loaded twice.</summary>
/// <param name="Units">The loads, in the order in which they count.</param>
/// <param name="Schema">The columns that the last of them recorded, or null.</param>
public sealed record LedgerTakeover(IReadOnlyList<LedgerUnit> Units, FeedSchema? Schema)
{
    /// <summary>The number of objects that they brought.</summary>
    public long Objects => Units.Sum(u => u.Objects);

    /// <summary>The number of the last load, once they are taken over.</summary>
    public long Sequence => Units.Max(u => u.Offset + u.LastSequence);

    /// <summary>Describes them for people.</summary>
    /// <param name="feed">The feed that takes them over.</param>
    public string Describe(Guid feed)
    {
        var last = Units.Max(u => u.LastCommit).ToUniversalTime().ToString("yyyy-MM-dd HH:mm 'UTC'", CultureInfo.InvariantCulture);
        var others = Units.Where(u => u.FeedId != feed).Select(u => u.FeedId.ToString("D")).Distinct(StringComparer.Ordinal).ToList();
        const string Own = "this feed, before it was reset";
        var removed = $"a feed that this store does not have (id {string.Join(", ", others)})";
        var who = others.Count == 0 ? Own : others.Count == Units.Count ? removed : $"{Own}, and {removed}";
        var objects = string.Create(CultureInfo.InvariantCulture, $"{Objects:N0} {(Objects == 1 ? "object" : "objects")}");
        return $"{objects} loaded by {who}, the last of them at {last}";
    }
}

/// <summary>
/// Loads that the ledger has for a table but that do not count for its feed: loads before a reset, loads of a removed feed, or the feed's
/// own loads into the table under another name. A feed takes over all of them or none.
/// </summary>
/// <param name="FeedId">The feed that committed them.</param>
/// <param name="Table">The table's name in the ledger.</param>
/// <param name="Retired">The feed's reset that retired them; 0 when none did.</param>
/// <param name="FirstSequence">The number of the first of them.</param>
/// <param name="LastSequence">The number of the last of them.</param>
/// <param name="Loads">The number of loads.</param>
/// <param name="Objects">The number of objects that they brought.</param>
/// <param name="LastCommit">When the last of them was committed.</param>
public sealed record LedgerUnit(
    Guid FeedId, string Table, long Retired, long FirstSequence, long LastSequence, long Loads, long Objects, DateTimeOffset LastCommit)
{
    /// <summary>A takeover adds this to their numbers, so that no two loads of the feed share a number.</summary>
    public long Offset { get; init; }

    /// <summary>Orders loads for a takeover and gives them offsets. The feed's own loads come first and keep their numbers.</summary>
    /// <param name="found">The loads.</param>
    /// <param name="isOwn">Returns whether loads are the feed's own, into this table.</param>
    /// <param name="sequence">The number of the feed's last load that counts; 0 for none.</param>
    internal static IReadOnlyList<LedgerUnit> Renumber(IEnumerable<LedgerUnit> found, Func<LedgerUnit, bool> isOwn, long sequence)
    {
        var units = new List<LedgerUnit>();
        foreach (var unit in found.OrderBy(u => isOwn(u) ? 0 : 1).ThenBy(u => u.LastCommit))
        {
            var taken = isOwn(unit) ? unit : unit with { Offset = sequence + 1 - unit.FirstSequence };
            units.Add(taken);
            sequence = Math.Max(sequence, taken.Offset + taken.LastSequence);
        }
        return units;
    }
}
