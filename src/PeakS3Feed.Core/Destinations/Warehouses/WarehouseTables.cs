using PeakS3Feed.Destinations.Loading;
using PeakS3Feed.Schemas;

namespace PeakS3Feed.Destinations.Warehouses;

/// <summary>Changes the target as a load needs it, before the load's transaction. Each change may be made twice.</summary>
/// <param name="engine">The session's warehouse.</param>
/// <param name="target">The feed and table.</param>
internal abstract class WarehouseTables(WarehouseEngine engine, LoadTarget target)
{
    /// <summary>Names and types.</summary>
    protected WarehouseDialect Dialect => engine.Parts.Dialect;

    /// <summary>The target's full name, quoted.</summary>
    protected string Table => Dialect.Table(target.Table);

    /// <summary>
    /// Returns the statements for changes of the table, each a request of its own; those of the ledger are part of the load's transaction, and so are
    /// renames where a transaction can define tables.
    /// </summary>
    /// <param name="change">The change.</param>
    /// <param name="longest">Returns the size of the longest text that is about to be loaded into a column; null while that is not known.</param>
    public string? Statement(TableChange change, Func<FeedColumn, int>? longest) => change switch
    {
        CreateTable create => Create(create, longest),
        AddColumn add => $"ALTER TABLE {Table} {Add} {Define(add.Column, longest)}",
        RenameColumn rename when !engine.Parts.Syntax.DefinesInTransactions => CommitScript.Rename(Dialect, Table, rename),
        _ => null,
    };

    /// <summary>Makes the changes that are not there yet.</summary>
    /// <exception cref="PeakS3Feed.Errors.FeedException"><c>TableHidden</c>.</exception>
    public async Task ChangeAsync(TableFit fit, Func<FeedColumn, int> longest, CancellationToken cancellationToken)
    {
        foreach (var change in fit.Changes)
        {
            if (Statement(change, longest) is not { } statement)
                continue;
            try
            {
                await engine.Channel.ExecuteAsync(new(statement), cancellationToken);
                // Where a role sees only its own tables, IF NOT EXISTS may mean a table of another one.
                if (change is CreateTable && !engine.Parts.Syntax.DefinesInTransactions && await FindAsync(cancellationToken) is null)
                    throw TableErrors.TableHidden(target, Dialect.Fold(target.Table));
            }
            catch (StatementRefusedException e) when (change is AddColumn add && e.Refusal == StatementRefusal.Exists)
            {
                // An earlier attempt may have added it.
                if ((await FindAsync(cancellationToken))?.Columns.Any(c => Dialect.NameComparer.Equals(c.Name, add.Column.Name)) != true)
                    throw;
            }
            catch (StatementRefusedException e) when (change is CreateTable)
            {
                // Another run may have created the table at the same time: then one of the two is refused, IF NOT EXISTS or not.
                if (await FindAsync(cancellationToken) is not null)
                    throw new StatementRefusedException(e.Statement, StatementRefusal.Exists, e.Message, e);
                throw;
            }
        }
    }

    /// <summary>Gives columns room for the values of a load, as far as the warehouse can. Outside transactions.</summary>
    /// <param name="columns">The table's columns.</param>
    /// <param name="schema">The feed's columns.</param>
    /// <param name="longest">Returns the size of the longest text that is about to be loaded into a column.</param>
    /// <param name="isRefused">Whether the warehouse has refused values of the load.</param>
    /// <param name="refused">Is called with a column that stays as it is, and why. Its larger values become rejects.</param>
    /// <param name="cancellationToken">Stops it between two columns.</param>
    /// <returns>The columns as they are afterwards.</returns>
    public async Task<IReadOnlyList<TableColumn>> MakeRoomAsync(
        IReadOnlyList<TableColumn> columns, FeedSchema schema, Func<FeedColumn, int> longest, bool isRefused, Action<TableColumn, string> refused,
        CancellationToken cancellationToken)
    {
        var after = columns.ToList();
        foreach (var column in schema.Columns)
        {
            var at = after.FindIndex(c => Dialect.NameComparer.Equals(c.Name, column.Name));
            if (at < 0 || Dialect.LargerType(column, after[at], longest(column), isRefused) is not { } type)
                continue;
            try
            {
                var statement = $"ALTER TABLE {Table} ALTER COLUMN {Dialect.Column(column.Name)} {SetType} {type}";
                await engine.Channel.ExecuteAsync(new(statement), cancellationToken);
                after[at] = after[at] with { Type = type };
            }
            catch (StatementRefusedException e) when (
                e.Refusal is not (StatementRefusal.Conflict or StatementRefusal.NotReady or StatementRefusal.Cancelled))
            {
                refused(after[at], e.Message);
            }
        }
        return after;
    }

    /// <summary>For a plan: how the sizes of a new table's columns are found; null if they have no sizes.</summary>
    public virtual string? NoteOnSizes => null;

    /// <summary>What stands before a column that is added.</summary>
    protected virtual string Add => "ADD COLUMN";

    /// <summary>What stands before a column's new type: <c>TYPE</c>.</summary>
    protected abstract string SetType { get; }

    /// <summary>What follows the columns of a table that is created; begins with a blank, or is empty.</summary>
    protected virtual string Keys(CreateTable create) => "";

    private string Create(CreateTable create, Func<FeedColumn, int>? longest)
    {
        var columns = create.Columns.Select(c => $"    {Define(c, longest)}{(c.Nullable ? "" : " NOT NULL")}");
        return $"CREATE TABLE IF NOT EXISTS {Table} (\n{string.Join(",\n", columns)}\n){Keys(create)}";
    }

    private string Define(FeedColumn column, Func<FeedColumn, int>? longest)
        => $"{Dialect.Column(column.Name)} {(longest is null ? Dialect.TypeName(column) : Dialect.NewType(column, longest(column)))}";

    private async Task<CatalogTable?> FindAsync(CancellationToken cancellationToken)
        => (await engine.Catalog.ReadAsync([target.Table], cancellationToken)).GetValueOrDefault(Dialect.Fold(target.Table));
}
