#pragma warning disable MA0048 // the kinds of change stand together
using PeakS3Feed.Destinations.Loading;
using PeakS3Feed.Schemas;

namespace PeakS3Feed.Destinations.Sql;

/// <summary>A change that makes a table fit a feed. <see cref="SqlDialect.Statements"/> writes it as SQL.</summary>
public abstract record TableChange;

/// <summary>Make the table.</summary>
/// <param name="Columns">All columns, audit columns last.</param>
/// <param name="Key">The primary key; may be empty.</param>
public sealed record CreateTable(IReadOnlyList<FeedColumn> Columns, IReadOnlyList<string> Key) : TableChange;

/// <summary>
/// Forget in the ledger what other feeds have loaded into the table, which belongs to one feed from now on. Runs of theirs that are
/// still under way are fenced.
/// </summary>
public sealed record ForgetFeeds(IReadOnlyList<Guid> Feeds) : TableChange;

/// <summary>Take over loads whose rows stand in the table.</summary>
/// <param name="Takeover">The loads.</param>
/// <param name="Feed">The feed that takes them.</param>
public sealed record TakeOverLedger(LedgerTakeover Takeover, Guid Feed) : TableChange;

/// <summary>Add a column; rows that are there get NULL.</summary>
public sealed record AddColumn(FeedColumn Column) : TableChange;

/// <summary>Rename a column.</summary>
public sealed record RenameColumn(string From, string To) : TableChange;

/// <summary>Give a column a type that holds every value it has.</summary>
public sealed record WidenColumn(FeedColumn From, FeedColumn To) : TableChange;

/// <summary>Make a unique index on the key, which proves the rows that are there unique.</summary>
public sealed record CreateKeyIndex(IReadOnlyList<string> Key) : TableChange;
