using System.Globalization;
using PeakS3Feed.Destinations.Loading;

namespace PeakS3Feed.Destinations.Sql;

/// <summary>Writes the query that reads rows of a feed's table, for all SQL databases. Pure functions.</summary>
internal static class SqlRowQuery
{
    /// <summary>Returns the query. The names of columns are those of the catalog, so they are quoted as they are.</summary>
    /// <param name="table">The table, quoted.</param>
    /// <param name="columns">The columns.</param>
    /// <param name="selection">The rows.</param>
    /// <param name="value">Returns the parameter that has a column's value, from <c>run</c> or <c>object</c> and the column.</param>
    public static string Write(string table, SelectedColumns columns, RowSelection selection, Func<string, TableColumn, string> value)
    {
        var conditions = new List<string>();
        if (columns.Run is { } run)
            conditions.Add($"{SqlIdentifier.Quote(run.Name)} = {value("run", run)}");
        if (columns.Object is { } file && selection.ObjectUri is not null)
            conditions.Add($"{SqlIdentifier.Quote(file.Name)} = {value("object", file)}");
        var where = conditions.Count > 0 ? $" WHERE {string.Join(" AND ", conditions)}" : "";
        // One object needs no order, and an order of the whole table would have to read all of it.
        var order = columns.Object is { } by && selection.ObjectUri is null ? $" ORDER BY {SqlIdentifier.Quote(by.Name)}" : "";
        return string.Create(
            CultureInfo.InvariantCulture, $"SELECT {SqlIdentifier.List(columns.Names)} FROM {table}{where}{order} LIMIT {selection.Limit}");
    }

    /// <summary>The values of its parameters by name.</summary>
    public static IReadOnlyList<(string Name, string Value)> Values(RowSelection selection) =>
    [
        .. selection.RunId is { } run ? [("run", SqlCommands.Text(run))] : Array.Empty<(string, string)>(),
        .. selection.ObjectUri is { } file ? [("object", file)] : Array.Empty<(string, string)>(),
    ];
}
