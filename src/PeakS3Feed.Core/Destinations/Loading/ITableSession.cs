using PeakS3Feed.Errors;
using PeakS3Feed.Schemas;

namespace PeakS3Feed.Destinations.Loading;

/// <summary>
/// One connection to a destination for one feed and table. A session that failed is disposed and another one opened. Not safe for
/// concurrent use.
/// </summary>
public interface ITableSession : IAsyncDisposable
{
    /// <summary>How the destination names and types columns.</summary>
    IColumnTypes Types { get; }

    /// <summary>Returns what a load does to the table, step by step, for the plan to show; the rows themselves are left out.</summary>
    IReadOnlyList<string> Describe(TableFit fit, LoadSpec spec);

    /// <summary>
    /// Returns the error with which a load would end because the table, as it was inspected last, has another form than the load would give it,
    /// besides its columns; null if it fits.
    /// </summary>
    FeedException? FindMisfit(LoadSpec spec) => null;

    /// <summary>
    /// Reads table and ledger at one moment, so that a load which commits during the call is in both or in neither. Changes nothing.
    /// </summary>
    Task<TableSnapshot> InspectAsync(CancellationToken cancellationToken);

    /// <summary>
    /// Reads the table for a command that resets its feed or drops it. A ledger of the feed that is missing is no error here, because such a command
    /// is the way out.
    /// </summary>
    Task<TableSnapshot> InspectForResetAsync(CancellationToken cancellationToken) => InspectAsync(cancellationToken);

    /// <summary>Streams the newest loaded version of each key of a bucket, in ascending order of the keys' UTF-8 bytes.</summary>
    /// <param name="bucket">The bucket.</param>
    /// <param name="from">The first key that the caller needs; empty for all. Keys before it may be left out.</param>
    /// <param name="takeover">Loads to read as if the feed had taken them over already, or null.</param>
    /// <param name="cancellationToken">Stops between two pages.</param>
    IAsyncEnumerable<LedgerEntry> ReadLedgerAsync(string bucket, string from, LedgerTakeover? takeover, CancellationToken cancellationToken);

    /// <summary>
    /// Streams the names (s3://bucket/key) of a bucket's objects whose rows are in the table, each once; without those that another feed
    /// has loaded into it and still counts as its own.
    /// </summary>
    IAsyncEnumerable<string> ReadLoadedFilesAsync(string bucket, CancellationToken cancellationToken) => AsyncEnumerable.Empty<string>();

    /// <summary>Returns the load with that id, or null when it was not committed. Waits for a commit of this feed that is in progress.</summary>
    Task<LoadRecord?> FindLoadAsync(string loadId, CancellationToken cancellationToken);

    /// <summary>Returns the loads that a run committed.</summary>
    Task<IReadOnlyList<LoadRecord>> FindLoadsAsync(Guid runId, CancellationToken cancellationToken);

    /// <summary>Counts what the ledger has of this feed and table; null if there is no ledger.</summary>
    Task<LedgerCounts?> CountLedgerAsync(CancellationToken cancellationToken) => Task.FromResult<LedgerCounts?>(null);

    /// <summary>Counts the rows of the table, which must exist.</summary>
    Task<long> CountRowsAsync(CancellationToken cancellationToken);

    /// <summary>
    /// Streams rows of the table with all of its columns, also those that the feed does not have. Changes nothing, and waits for no load. Rows of a
    /// run come in the order of their objects' names, all others as the destination returns them.
    /// </summary>
    /// <param name="selection">The rows.</param>
    /// <param name="cancellationToken">Cancels the query.</param>
    /// <exception cref="FeedException">
    /// <c>TableMissing</c>; <c>RowsNotTraceable</c>: rows are chosen by an audit column that the table does not have.
    /// </exception>
    IAsyncEnumerable<TableRow> ReadRowsAsync(RowSelection selection, CancellationToken cancellationToken);

    /// <summary>
    /// Keeps other runs of this feed and table out for as long as the session lives, where the destination can.
    /// Waits a little, then throws <c>FeedAlreadyRunning</c> and names the holder.
    /// </summary>
    Task LockAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>
    /// Claims the feed for a run: creates the ledger where it is missing, and raises the epoch, which fences older runs. A destination whose
    /// commits are conditional on the ledger's sequence may leave the ledger as it is.
    /// </summary>
    Task<LedgerClaim> ClaimAsync(RunHolder holder, LoadMode mode, CancellationToken cancellationToken);

    /// <summary>
    /// Retires what the ledger has of this feed and table: it no longer counts, but the feed can take it over. If the table is dropped, the
    /// records are deleted.
    /// </summary>
    Task ResetAsync(bool dropTable, CancellationToken cancellationToken);

    /// <summary>Says what an exception of this destination means for a retry.</summary>
    FaultKind Classify(Exception exception);

    /// <summary>Returns the error to show for one of the driver's.</summary>
    Exception Translate(Exception exception);
}

/// <summary>A session of a destination that takes rows within a transaction.</summary>
public interface IRowSession : ITableSession
{
    /// <summary>Begins the one transaction of a load: takes the lock row, waiting a little for its holder, and reads table and ledger.</summary>
    Task<IRowLoad> BeginAsync(LoadOrder order, CancellationToken cancellationToken);
}

/// <summary>A session of a destination that takes staged files.</summary>
public interface IFileSession : ITableSession
{
    /// <summary>
    /// Copies staged files to the engine's side, in requests of their own that may take long, so that the commit is short. Destinations whose
    /// commit takes the files as they are do nothing. Returns the rows that the engine refuses; the caller removes them and calls again.
    /// </summary>
    Task<IReadOnlyList<RefusedStagedRow>> CopyAsync(StagedLoad files, LoadOrder order, CancellationToken cancellationToken)
        => Task.FromResult<IReadOnlyList<RefusedStagedRow>>([]);

    /// <summary>
    /// Commits a load: its rows and the ledger's records become visible together, or not at all. Everything that must hold is in
    /// <paramref name="commit"/>: the destination checks epoch, sequence, load id and row count at the moment of the commit. It calls
    /// <see cref="LoadOrder.Reached"/> with <see cref="CommitStep.Committing"/> right before it sends what may land.
    /// </summary>
    Task<CommitResult> CommitAsync(StagedLoad files, LoadCommit commit, CancellationToken cancellationToken);
}

/// <summary>A session of a destination whose engine can load the objects of a source itself.</summary>
public interface IDirectSession : IFileSession
{
    /// <summary>
    /// Has the engine load objects into a staging table, each row once, in requests of their own that may take long. The rows are as a staged load
    /// would give them.
    /// </summary>
    /// <param name="name">The load's name, with which its stage was opened.</param>
    /// <param name="files">The objects.</param>
    /// <param name="order">What the load does.</param>
    /// <param name="cancellationToken">Cancels the statements in the engine.</param>
    /// <returns>The number of rows.</returns>
    /// <exception cref="DirectRefusedException">The engine refuses the objects, or cannot give the rows that a staged load would give.</exception>
    Task<long> CopyDirectAsync(LoadName name, DirectFiles files, LoadOrder order, CancellationToken cancellationToken);
}

/// <summary>What an exception means for a retry.</summary>
public enum FaultKind
{
    /// <summary>Nothing is known: a commit that was sent may have landed, and another try would fail as well.</summary>
    Unknown,

    /// <summary>
    /// The same work may succeed on a new session: connection lost, deadlock, server restarting. A commit that was sent may have landed.
    /// </summary>
    Transient,

    /// <summary>The server or engine itself refused what was sent, so that it certainly did not land.</summary>
    Refused,

    /// <summary>As <see cref="Refused"/>, because of a single row that an attempt with <see cref="LoadSpec.FindRefusedRows"/> can find.</summary>
    RowRefused,
}

/// <summary>How a destination names and types columns.</summary>
public interface IColumnTypes
{
    /// <summary>Compares column names as the destination does.</summary>
    StringComparer NameComparer { get; }

    /// <summary>Returns the name under which the destination stores a column that SQL names without quotes.</summary>
    string ColumnName(string name) => name;

    /// <summary>Returns the table's name as the ledger has it: two spellings of one table give one name.</summary>
    string LedgerName(string table);

    /// <summary>Returns the type that the destination gives a column, in its own words.</summary>
    string TypeName(FeedColumn column);

    /// <summary>Returns whether a column of the table can take the values of a feed's column unchanged.</summary>
    bool Accepts(FeedColumn column, TableColumn existing);

    /// <summary>Returns whether a column can get the wider type with every value kept.</summary>
    bool CanWiden(FeedColumn from, FeedColumn to);
}
