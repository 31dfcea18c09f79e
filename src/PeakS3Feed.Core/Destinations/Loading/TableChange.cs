using PeakS3Feed.Schemas;

namespace PeakS3Feed.Destinations.Loading;

/// <summary>A change that makes a table fit a feed. A destination writes it in its own way.</summary>
public abstract record TableChange;

/// <summary>Creates the table.</summary>
/// <param name="Columns">All columns, audit columns last.</param>
/// <param name="Key">The primary key; may be empty.</param>
public sealed record CreateTable(IReadOnlyList<FeedColumn> Columns, IReadOnlyList<string> Key) : TableChange;

/// <summary>
/// Removes from the ledger what other feeds have loaded into the table, which belongs to one feed from now on. Their runs in progress are fenced.
/// </summary>
public sealed record ForgetFeeds(IReadOnlyList<Guid> Feeds) : TableChange;

/// <summary>Takes over loads whose rows are in the table.</summary>
/// <param name="Takeover">The loads.</param>
/// <param name="Feed">The feed that takes them.</param>
public sealed record TakeOverLedger(LedgerTakeover Takeover, Guid Feed) : TableChange;

/// <summary>Adds a column; existing rows get NULL.</summary>
public sealed record AddColumn(FeedColumn Column) : TableChange;

/// <summary>Renames a column.</summary>
public sealed record RenameColumn(string From, string To) : TableChange;

/// <summary>Gives a column a type that holds every value it has.</summary>
public sealed record WidenColumn(FeedColumn From, FeedColumn To) : TableChange;

/// <summary>Creates a unique index on the key, which proves the existing rows unique.</summary>
public sealed record CreateKeyIndex(IReadOnlyList<string> Key) : TableChange;
