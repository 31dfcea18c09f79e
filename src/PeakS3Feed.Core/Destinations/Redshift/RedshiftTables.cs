using PeakS3Feed.Destinations.Loading;
using PeakS3Feed.Schemas;

namespace PeakS3Feed.Destinations.Redshift;

/// <summary>Changes the target as a load needs it, before the load's transaction. Each change may be made twice.</summary>
/// <param name="channel">The way to the warehouse.</param>
/// <param name="dialect">Names and types.</param>
/// <param name="definition">The destination, for the keys of new tables.</param>
/// <param name="target">The feed and table.</param>
internal sealed class RedshiftTables(IRedshiftChannel channel, RedshiftDialect dialect, RedshiftDestination definition, LoadTarget target)
{
    private string Table => dialect.Table(target.Table);

    /// <summary>
    /// Returns the statements for changes of the table, each a request of its own; those of the ledger and renames are part of the load's
    /// transaction.
    /// </summary>
    /// <param name="change">The change.</param>
    /// <param name="longest">Returns the size of the longest text that is about to be loaded into a column; null while that is not known.</param>
    public string? Statement(TableChange change, Func<FeedColumn, int>? longest) => change switch
    {
        CreateTable create => Create(create, longest),
        AddColumn add => $"ALTER TABLE {Table} ADD COLUMN {Define(add.Column, longest)}",
        _ => null,
    };

    /// <summary>Makes the changes that are not there yet.</summary>
    public async Task ChangeAsync(TableFit fit, Func<FeedColumn, int> longest, CancellationToken cancellationToken)
    {
        foreach (var change in fit.Changes)
        {
            if (Statement(change, longest) is not { } statement)
                continue;
            try
            {
                await channel.ExecuteAsync(new(statement), cancellationToken);
            }
            catch (RedshiftStatementException e) when (change is AddColumn add && e.Refusal == RedshiftRefusal.Exists)
            {
                // An earlier attempt may have added it.
                if ((await FindAsync(cancellationToken))?.Columns.Any(c => dialect.NameComparer.Equals(c.Name, add.Column.Name)) != true)
                    throw;
            }
            catch (RedshiftStatementException e) when (change is CreateTable)
            {
                // Another run may have created the table at the same time: then one of the two is refused, IF NOT EXISTS or not.
                if (await FindAsync(cancellationToken) is not null)
                    throw new RedshiftStatementException(e.Statement, RedshiftRefusal.Exists, e.Message, e);
                throw;
            }
        }
    }

    /// <summary>
    /// Gives VARCHAR columns room for the texts of a load. Redshift changes the size of a VARCHAR only, and only outside transactions.
    /// </summary>
    /// <param name="columns">The table's columns.</param>
    /// <param name="schema">The feed's columns.</param>
    /// <param name="longest">Returns the size of the longest text that is about to be loaded into a column.</param>
    /// <param name="refused">Is called with a column that stays as it is, and why. Its longer texts become rejects.</param>
    /// <param name="cancellationToken">Stops it between two columns.</param>
    /// <returns>The columns as they are afterwards.</returns>
    public async Task<IReadOnlyList<TableColumn>> MakeRoomAsync(
        IReadOnlyList<TableColumn> columns, FeedSchema schema, Func<FeedColumn, int> longest, Action<TableColumn, string> refused,
        CancellationToken cancellationToken)
    {
        var after = columns.ToList();
        foreach (var column in schema.Columns.Where(c => c.Type == ColumnType.Text))
        {
            var at = after.FindIndex(c => dialect.NameComparer.Equals(c.Name, column.Name));
            if (at < 0 || RedshiftDialect.TextSize(after[at]) is not { } size || longest(column) <= size)
                continue;
            var type = RedshiftDialect.Text(RedshiftDialect.TextSize(longest(column)));
            try
            {
                await channel.ExecuteAsync(
                    new($"ALTER TABLE {Table} ALTER COLUMN {RedshiftDialect.Column(column.Name)} TYPE {type}"), cancellationToken);
                after[at] = after[at] with { Type = type };
            }
            catch (RedshiftStatementException e) when (
                e.Refusal is not (RedshiftRefusal.Conflict or RedshiftRefusal.NotReady or RedshiftRefusal.Cancelled))
            {
                refused(after[at], e.Message);
            }
        }
        return after;
    }

    private string Create(CreateTable create, Func<FeedColumn, int>? longest)
    {
        var columns = create.Columns.Select(c => $"    {Define(c, longest)}{(c.Nullable ? "" : " NOT NULL")}");
        return $"CREATE TABLE IF NOT EXISTS {Table} (\n{string.Join(",\n", columns)}\n){Keys(create)}";
    }

    private string Keys(CreateTable create)
    {
        bool Has(string name) => create.Columns.Any(c => dialect.NameComparer.Equals(c.Name, name));
        var distribution = definition.DistKey is { } key && Has(key) ? $" DISTKEY ({RedshiftDialect.Column(key)})" : "";
        return distribution + (definition.SortKey is { Count: > 0 } sort && sort.All(Has) ? $" SORTKEY ({RedshiftDialect.Columns(sort)})" : "");
    }

    private string Define(FeedColumn column, Func<FeedColumn, int>? longest)
        => $"{RedshiftDialect.Column(column.Name)} {(longest is null ? dialect.TypeName(column) : dialect.NewType(column, longest(column)))}";

    private async Task<CatalogTable?> FindAsync(CancellationToken cancellationToken)
    {
        var name = RedshiftDialect.Fold(target.Table);
        return (await new RedshiftCatalog(channel, dialect).ReadAsync([name], cancellationToken)).GetValueOrDefault(name);
    }
}
