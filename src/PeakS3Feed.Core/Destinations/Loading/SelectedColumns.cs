using PeakS3Feed.Schemas;

namespace PeakS3Feed.Destinations.Loading;

/// <summary>The columns of a table that are read, and those that choose the rows.</summary>
/// <param name="All">All columns: those of the table in its order, then the audit columns.</param>
/// <param name="Known">For each of them, the column of the feed or the audit column with its name; null for a column of neither.</param>
/// <param name="Run">The column with the run, if rows are chosen by it.</param>
/// <param name="Object">The column with the name of the object, if rows are chosen or ordered by it.</param>
internal sealed record SelectedColumns(
    IReadOnlyList<TableColumn> All, IReadOnlyList<FeedColumn?> Known, TableColumn? Run, TableColumn? Object)
{
    private static readonly FeedColumn[] Audit = [AuditColumn.CreatedAt, AuditColumn.FileName, AuditColumn.RequestId, AuditColumn.UpdatedAt];

    /// <summary>The names of all columns.</summary>
    public IReadOnlyList<string> Names { get; } = [.. All.Select(c => c.Name)];

    /// <summary>Chooses the columns of a table.</summary>
    /// <param name="table">The table.</param>
    /// <param name="types">How the destination names columns.</param>
    /// <param name="selection">The rows.</param>
    /// <param name="target">The feed and table, for errors.</param>
    /// <exception cref="Errors.FeedException"><c>TableMissing</c>, <c>RowsNotTraceable</c>.</exception>
    public static SelectedColumns From(TableSnapshot table, IColumnTypes types, RowSelection selection, LoadTarget target)
    {
        if (!table.Exists)
            throw TableErrors.TableMissing(target);
        var names = types.NameComparer;
        var audit = Audit.Select(a => Find(a.Name)).OfType<TableColumn>().ToList();
        IReadOnlyList<TableColumn> all = [.. table.Columns.Except(audit), .. audit];
        var run = selection.RunId is null ? null : Require(AuditColumn.RequestId);
        var file = selection.ObjectUri is null ? null : Require(AuditColumn.FileName);
        if (run is not null)
            file ??= Find(AuditColumn.FileName.Name);
        return new(all, [.. all.Select(c => Feed(c.Name))], run, file);

        TableColumn? Find(string name) => table.Columns.FirstOrDefault(c => names.Equals(c.Name, types.ColumnName(name)));

        TableColumn Require(FeedColumn column) => Find(column.Name) ?? throw TableErrors.RowsNotTraceable(target, column.Name);

        FeedColumn? Feed(string name)
            => Audit.Concat(selection.Schema?.Columns ?? []).FirstOrDefault(c => names.Equals(name, types.ColumnName(c.Name)));
    }
}
