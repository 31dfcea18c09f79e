using PeakS3Feed.Destinations.Loading;
using PeakS3Feed.Destinations.Staging;
using PeakS3Feed.Schemas;

namespace PeakS3Feed.Destinations.Warehouses;

/// <summary>What one session does in its warehouse's own way. Owns the channel.</summary>
/// <param name="channel">The way to the warehouse.</param>
/// <param name="parts">What all sessions share.</param>
internal abstract class WarehouseEngine(IWarehouseChannel channel, WarehouseParts parts) : IAsyncDisposable
{
    /// <summary>The way to the warehouse.</summary>
    public IWarehouseChannel Channel => channel;

    /// <summary>What all sessions share.</summary>
    public WarehouseParts Parts => parts;

    /// <summary>Reads which tables exist.</summary>
    public abstract IWarehouseCatalog Catalog { get; }

    /// <summary>Loads staged files.</summary>
    public abstract IWarehouseCopy Copy { get; }

    /// <summary>Changes the target.</summary>
    public abstract WarehouseTables Tables(LoadTarget target);

    /// <summary>Reads the ledger.</summary>
    public WarehouseLedger Ledger(WarehouseNames names, LoadTarget target) => new(channel, parts.Dialect, names, target);

    /// <summary>Drops a table, if it exists, in a request of its own.</summary>
    public Task DropAsync(string table, CancellationToken cancellationToken)
        => channel.ExecuteAsync(new($"DROP TABLE IF EXISTS {parts.Dialect.Table(table)}"), cancellationToken);

    /// <summary>Returns the error to show for an exception of the channel.</summary>
    public abstract Exception Translate(Exception exception, LoadTarget target);

    public ValueTask DisposeAsync() => channel.DisposeAsync();
}

/// <summary>Reads which tables and columns a schema has.</summary>
internal interface IWarehouseCatalog
{
    /// <summary>
    /// Reads tables by their names, in any case. The result has the folded names. A table that does not exist, or that the user may not see, is left
    /// out.
    /// </summary>
    Task<IReadOnlyDictionary<string, CatalogTable>> ReadAsync(IReadOnlyList<string> names, CancellationToken cancellationToken);

    /// <summary>Returns the names of tables that begin with a prefix, in any case.</summary>
    Task<IReadOnlyList<string>> FindAsync(string prefix, CancellationToken cancellationToken);
}

/// <summary>A table, view or external table of the catalog.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Kind">Its kind in the catalog's words: <c>BASE TABLE</c>, <c>TABLE</c>, <c>VIEW</c>, <c>EXTERNAL TABLE</c>.</param>
internal sealed record CatalogTable(string Name, string Kind)
{
    private readonly List<TableColumn> _columns = [];

    /// <summary>Its columns, in order.</summary>
    public IReadOnlyList<TableColumn> Columns => _columns;

    /// <summary>Whether rows can be inserted.</summary>
    public bool IsTable => Kind.Trim() is "BASE TABLE" or "TABLE";

    internal void Add(TableColumn column) => _columns.Add(column);

    /// <summary>Of columns whose quoted names differ only in case, keeps the one that SQL finds without quotes, or else the first one.</summary>
    /// <param name="fold">Returns the name that SQL finds without quotes.</param>
    internal void KeepFolded(Func<string, string> fold)
    {
        var kept = _columns.GroupBy(c => fold(c.Name), StringComparer.Ordinal)
            .Select(g => g.FirstOrDefault(c => c.Name == g.Key) ?? g.First()).ToHashSet();
        _columns.RemoveAll(c => !kept.Contains(c));
    }
}

/// <summary>Has the warehouse load staged files with COPY.</summary>
internal interface IWarehouseCopy
{
    /// <summary>Creates the staging table of a load's rows and copies the files into it. Returns the rows that the warehouse refused.</summary>
    /// <param name="table">The staging table's name.</param>
    /// <param name="stage">The files.</param>
    /// <param name="staged">The parts of the load.</param>
    /// <param name="columns">The types of the feed's columns, in order.</param>
    /// <param name="cancellationToken">Cancels the COPY in the warehouse.</param>
    Task<IReadOnlyList<RefusedStagedRow>> CopyRowsAsync(
        string table, CsvStage stage, IReadOnlyList<StagedPart> staged, IReadOnlyList<(FeedColumn Column, string Type)> columns,
        CancellationToken cancellationToken);

    /// <summary>Creates the table of a commit's records and copies a file into it.</summary>
    /// <param name="table">The table's name.</param>
    /// <param name="file">The gzip CSV file.</param>
    /// <param name="bytes">Its size.</param>
    /// <param name="token">The text that stands for NULL in it.</param>
    /// <param name="cancellationToken">Cancels the COPY in the warehouse.</param>
    Task CopyRecordsAsync(string table, string file, long bytes, NullToken token, CancellationToken cancellationToken);

    /// <summary>Creates the staging table of a load's rows, and has the warehouse load the objects of a source into it, each row once.</summary>
    /// <param name="table">The staging table's name.</param>
    /// <param name="stage">The place for what the warehouse must be given besides the objects.</param>
    /// <param name="files">The objects.</param>
    /// <param name="columns">The feed's columns.</param>
    /// <param name="cancellationToken">Cancels the COPY in the warehouse.</param>
    /// <exception cref="DirectRefusedException">The warehouse refuses an object, or a row of one.</exception>
    Task CopyObjectsAsync(
        string table, CsvStage stage, DirectFiles files, IReadOnlyList<FeedColumn> columns, CancellationToken cancellationToken);

    /// <summary>Returns how objects of a source are loaded, for a plan.</summary>
    /// <param name="table">The name that stands for the staging table.</param>
    /// <param name="columns">The names of its columns.</param>
    /// <param name="form">The form of the objects.</param>
    /// <param name="prefix">The beginning of the names of the staged files.</param>
    IEnumerable<string> DescribeObjects(string table, IEnumerable<string> columns, DirectForm form, string prefix);

    /// <summary>Whether the warehouse tells an empty value of an object from a quoted empty value.</summary>
    bool TellsEmptyFromNull { get; }

    /// <summary>Returns what is copied how, for a plan.</summary>
    /// <param name="table">The name that stands for the staging table.</param>
    /// <param name="columns">Its columns, quoted.</param>
    /// <param name="prefix">The beginning of the names of the staged files.</param>
    IEnumerable<string> Describe(string table, IEnumerable<string> columns, string prefix);
}
