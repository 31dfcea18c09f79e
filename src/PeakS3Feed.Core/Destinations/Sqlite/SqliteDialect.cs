using PeakS3Feed.Destinations.Loading;
using PeakS3Feed.Destinations.Sql;
using PeakS3Feed.Schemas;

namespace PeakS3Feed.Destinations.Sqlite;

/// <summary>
/// SQLite's SQL. Decimals, dates, times and JSON are TEXT, which is exact and sorts correctly for dates and times. A column type of another
/// affinity would make SQLite turn digits into floating point.
/// </summary>
internal sealed class SqliteDialect : SqlDialect
{
    public override StringComparer NameComparer => StringComparer.OrdinalIgnoreCase;

    public override string KeyType => "TEXT";

    public override string ForUpdate => "";

    /// <inheritdoc/>
    /// <remarks>
    /// A statement needs no round trip, but SQLite searches for each parameter among all earlier ones: hundreds of rows took most of a large
    /// commit's time.
    /// </remarks>
    public override int RowsPerInsert => 8;

    public override string Table(string name) => SqlIdentifier.Quote(name);

    // SQLite ignores the case of ASCII letters only.
    public override string LedgerName(string table) => string.Create(table.Length, table, (name, from) =>
    {
        for (var i = 0; i < name.Length; i++)
            name[i] = char.IsAsciiLetterUpper(from[i]) ? char.ToLowerInvariant(from[i]) : from[i];
    });

    public override string HasColumn(string table, string column) => $"SELECT count(*) FROM pragma_table_info('{table}') WHERE name = '{column}'";

    public override string TypeName(FeedColumn column) => column.Type switch
    {
        ColumnType.BigInt or ColumnType.Boolean => "INTEGER",
        ColumnType.Double => "REAL",
        _ => "TEXT",
    };

    /// <summary>Compares affinities, as https://www.sqlite.org/datatype3.html section 3.1 derives it from the declared type.</summary>
    public override bool Accepts(FeedColumn column, TableColumn existing)
    {
        var declared = existing.Type.ToUpperInvariant();
        if (declared.Length == 0 || Contains("BLOB") || declared == "ANY")
            return true;
        if (Contains("INT"))
            return column.Type is ColumnType.BigInt or ColumnType.Boolean;
        if (Contains("CHAR", "CLOB", "TEXT"))
            return TypeName(column) == "TEXT";
        if (Contains("REAL", "FLOA", "DOUB"))
            return column.Type == ColumnType.Double;
        // NUMERIC affinity turns text that looks like a number into one; dates and times do not look like one.
        return column.Type is ColumnType.BigInt or ColumnType.Boolean or ColumnType.Double
            or ColumnType.Date or ColumnType.Timestamp or ColumnType.TimestampTz;

        bool Contains(params string[] words) => Array.Exists(words, w => declared.Contains(w, StringComparison.Ordinal));
    }

    /// <inheritdoc/>
    /// <remarks>Times are TEXT already, and stay as they are.</remarks>
    public override bool CanWiden(FeedColumn from, FeedColumn to)
        => base.CanWiden(from, to) || (from.Type is ColumnType.Timestamp or ColumnType.TimestampTz && to.Type == ColumnType.Text);
}
