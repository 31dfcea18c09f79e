using Microsoft.Extensions.Logging;
using PeakS3Feed.Aws;
using PeakS3Feed.Connections;
using PeakS3Feed.Destinations;
using PeakS3Feed.Destinations.Loading;
using PeakS3Feed.Destinations.S3External;
using PeakS3Feed.Errors;
using PeakS3Feed.Feeds;
using PeakS3Feed.Feeds.Planning;

namespace PeakS3Feed.Engine;

/// <content>Tables on S3: how other engines read them, and their maintenance.</content>
public sealed partial class FeedEngine
{
    /// <summary>
    /// Returns the statements with which an engine reads a feed's table on S3. If they list columns, reads the table's log; before the first load,
    /// and where the log cannot be reached, the columns are those of the feed, and a comment says so.
    /// </summary>
    /// <param name="feedName">The feed.</param>
    /// <param name="destinationName">The destination, for a feed with several tables on S3; null for the only one.</param>
    /// <param name="engine">The engine.</param>
    /// <param name="database">The database, schema or catalog of the engine that gets the table; null for its default.</param>
    /// <param name="cancellationToken">Cancels.</param>
    /// <exception cref="FeedException">
    /// <c>FeedNotFound</c>, <c>FeedInvalid</c>, <c>NotATableOnS3</c>, <c>DestinationNotOfFeed</c>, <c>TableNotReadable</c>,
    /// <c>TableColumnsUnknown</c>.
    /// </exception>
    public async Task<string> TableDefinitionAsync(
        string feedName, string? destinationName, TableEngine engine, string? database, CancellationToken cancellationToken)
    {
        var (table, feed) = await FindTableOnS3Async(feedName, destinationName, database, cancellationToken);
        TableDefinitions.ThrowIfNotReachable(engine, table);
        return TableDefinitions.Create(
            engine, TableDefinitions.NeedsColumns(engine) ? await WithColumnsAsync(table, feed, accessKey: null, cancellationToken) : table);
    }

    /// <summary>Names the table of the Glue catalog that <see cref="RegisterTableAsync"/> creates or updates, for people. Sends no request.</summary>
    /// <param name="feedName">The feed.</param>
    /// <param name="destinationName">The destination, for a feed with several tables on S3; null for the only one.</param>
    /// <param name="database">The database of the Glue catalog; null for <c>default</c>.</param>
    /// <param name="endpointUrl">Another address of Glue, or null.</param>
    /// <param name="cancellationToken">Cancels.</param>
    /// <exception cref="FeedException">As <see cref="TableDefinitionAsync"/>; <c>EndpointInvalid</c>.</exception>
    public async Task<string> DescribeGlueTableAsync(
        string feedName, string? destinationName, string? database, string? endpointUrl, CancellationToken cancellationToken)
    {
        var (table, _) = await FindTableOnS3Async(feedName, destinationName, database, cancellationToken);
        GlueCatalog.ThrowIfInvalid(table, endpointUrl);
        return GlueCatalog.Describe(table);
    }

    /// <summary>
    /// Creates or updates the table of the Glue catalog through which Athena reads a feed's table on S3, with the columns that the table's log has.
    /// Before the first load, and where the log cannot be reached, they are those of the feed (<see cref="GlueRegistration.ColumnsNote"/>).
    /// </summary>
    /// <param name="feedName">The feed.</param>
    /// <param name="destinationName">The destination, for a feed with several tables on S3; null for the only one.</param>
    /// <param name="database">The database of the Glue catalog, which must exist; null for <c>default</c>.</param>
    /// <param name="endpointUrl">Another address of Glue (a VPC endpoint), or null.</param>
    /// <param name="accessKey">Credentials for this call only, instead of the connection's profile; or null.</param>
    /// <param name="cancellationToken">Cancels the calls.</param>
    /// <exception cref="FeedException">
    /// As <see cref="TableDefinitionAsync"/>; <c>GlueTableTaken</c>: the catalog has another table of that name; <c>GlueDatabaseMissing</c>; errors
    /// about credentials; <c>GlueDenied</c>, <c>GlueFailed</c>.
    /// </exception>
    public async Task<GlueRegistration> RegisterTableAsync(
        string feedName, string? destinationName, string? database, string? endpointUrl, AccessKey? accessKey, CancellationToken cancellationToken)
    {
        var (table, feed) = await FindTableOnS3Async(feedName, destinationName, database, cancellationToken);
        GlueCatalog.ThrowIfInvalid(table, endpointUrl);
        table = await WithColumnsAsync(table, feed, accessKey, cancellationToken);
        using var catalog = GlueCatalog.Open(table, endpointUrl, accessKey, _options.Loggers, _options.Time);
        return await catalog.RegisterAsync(cancellationToken) with { FeedName = feedName };
    }

    /// <summary>Compacts the small files of a feed's tables on S3, each in a commit of its own.</summary>
    /// <param name="feedName">The feed.</param>
    /// <param name="cancellationToken">Cancels.</param>
    /// <exception cref="FeedException">
    /// <c>FeedNotFound</c>, <c>FeedInvalid</c>, <c>NotATableOnS3</c>; the errors of the destination.
    /// </exception>
    public Task<IReadOnlyList<TableMaintenanceResult>> OptimizeTablesAsync(string feedName, CancellationToken cancellationToken)
        => MaintainAsync(
            feedName, async (tables, target, destination) => await tables.OptimizeAsync(target, cancellationToken) with
            {
                FeedName = target.FeedName, DestinationName = destination, Table = target.Table,
            },
            cancellationToken);

    /// <summary>Deletes the files of a feed's tables on S3 that no version refers to and that are old enough.</summary>
    /// <param name="feedName">The feed.</param>
    /// <param name="olderThan">The minimum age; at least <see cref="TableMaintenance.MinAge"/>.</param>
    /// <param name="dryRun">Whether the files are only counted.</param>
    /// <param name="cancellationToken">Cancels.</param>
    /// <exception cref="FeedException">
    /// <c>FeedNotFound</c>, <c>FeedInvalid</c>, <c>NotATableOnS3</c>, <c>VacuumTooEarly</c>; the errors of the destination.
    /// </exception>
    public Task<IReadOnlyList<TableVacuumResult>> VacuumTablesAsync(
        string feedName, TimeSpan olderThan, bool dryRun, CancellationToken cancellationToken)
    {
        TableMaintenance.ThrowIfTooEarly(feedName, olderThan);
        return MaintainAsync(
            feedName, async (tables, target, destination) => await tables.VacuumAsync(target, olderThan, dryRun, cancellationToken) with
            {
                FeedName = target.FeedName, DestinationName = destination, Table = target.Table,
            },
            cancellationToken);
    }

    /// <summary>The tables on S3 that a feed loads into, for a confirmation.</summary>
    /// <exception cref="FeedException"><c>FeedNotFound</c>, <c>FeedInvalid</c>, <c>NotATableOnS3</c>.</exception>
    public async Task<IReadOnlyList<string>> FindTablesOnS3Async(string feedName, CancellationToken cancellationToken)
    {
        var (feed, _, destinations) = await ResolveAsync(feedName, cancellationToken);
        return [.. TablesOf(feed, destinations).Select(d => $"table {feed.TableName} of destination {d.Name}")];
    }

    private async Task<IReadOnlyList<T>> MaintainAsync<T>(
        string feedName, Func<ITableMaintenance, LoadTarget, string, Task<T>> maintain, CancellationToken cancellationToken)
    {
        var (feed, _, destinations) = await ResolveAsync(feedName, cancellationToken);
        List<T> results = [];
        foreach (var definition in TablesOf(feed, destinations))
        {
            await using var destination = await _access.OpenAsync(definition, source: null, cancellationToken);
            var tables = destination as ITableMaintenance ?? throw S3ExternalErrors.NoTableOnS3(feed.Name, [definition]);
            var target = new LoadTarget(feed.Id, feed.Name, feed.TableName) { KnownFeeds = await _access.KnownFeedsAsync(cancellationToken) };
            results.Add(await maintain(tables, target, definition.Name));
        }
        return results;
    }

    private async Task<(ExternalTable Table, S3Feed Feed)> FindTableOnS3Async(
        string feedName, string? destinationName, string? database, CancellationToken cancellationToken)
    {
        var (feed, _, destinations) = await ResolveAsync(feedName, cancellationToken);
        var named = destinationName is null ? destinations
            : [.. destinations.Where(d => string.Equals(d.Name, destinationName, StringComparison.OrdinalIgnoreCase))];
        if (named.Count == 0)
            throw S3ExternalErrors.NotADestinationOf(feed.Name, destinationName!, destinations.Select(d => d.Name));
        var definition = TablesOf(feed, named)[0];
        var stored = await Store.ReadAsync(cancellationToken);
        var connection = GetStagingConnection(stored, definition, definition.ConnectionName);
        ConnectionRules.ThrowIfInvalid(connection);
        _options.Kinds.ThrowIfNotUsable(definition, connection);
        return (new(definition, connection, feed.TableName) { Database = string.IsNullOrWhiteSpace(database) ? null : database }, feed);
    }

    // Other feeds and programs may have added columns. A definition can be printed where the bucket cannot be reached; it then says so.
    private async Task<ExternalTable> WithColumnsAsync(ExternalTable table, S3Feed feed, AccessKey? accessKey, CancellationToken cancellationToken)
    {
        var target = new LoadTarget(feed.Id, feed.Name, feed.TableName);
        string why;
        try
        {
            await using var destination = await _access.OpenAsync(
                table.Destination, new ConnectionAccess(table.Connection, accessKey), cancellationToken, RetryBudget.Short);
            var tables = destination as ExternalTables ?? throw S3ExternalErrors.NoTableOnS3(feed.Name, [table.Destination]);
            if (await tables.FindColumnsAsync(target, cancellationToken) is { } columns)
                return table with { Columns = columns };
            why = "there is no table yet";
        }
        catch (FeedException e) when (e.Category is not (FeedErrorCategory.InvalidData or FeedErrorCategory.InvalidOperation))
        {
            _options.Loggers.CreateLogger("PeakS3Feed.Destinations")
                .LogInformation("The log of {Table} cannot be read: {Reason}", table.Location, e.Message);
            why = "the table's log cannot be read";
        }
        if (feed.Schema is not { Columns.Count: > 0 } schema)
            throw S3ExternalErrors.ColumnsUnknown(feed.Name);
        var created = TableColumns.Create(
            [.. schema.Columns, .. AuditColumn.For(TargetPlanner.CreateSpec(feed))], PartitionRules.Resolve(feed), target);
        return table with { Columns = created, ColumnsNote = $"The columns are those of feed {feed.Name}, because {why}." };
    }

    private static List<S3ExternalDestination> TablesOf(S3Feed feed, IReadOnlyList<S3FeedDestination> destinations)
        => destinations.OfType<S3ExternalDestination>().ToList() is { Count: > 0 } tables
            ? tables
            : throw S3ExternalErrors.NoTableOnS3(feed.Name, destinations);
}
