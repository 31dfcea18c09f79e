using PeakS3Feed.Destinations.Loading;
using PeakS3Feed.Destinations.Sql;
using PeakS3Feed.Schemas;

namespace PeakS3Feed.Destinations.Sqlite;

/// <summary>Converts the values of a column to a wider type, with the result that a new load would write.</summary>
/// <param name="Value">The new value of a row.</param>
/// <param name="Misfit">A condition that is true for values which no load writes: another program changed them. It is never true for NULL.</param>
internal sealed record SqliteConversion(string Value, string Misfit)
{
    private const int DecimalDigits = 38;

    /// <summary>Returns the conversion of a column, or null when its values stay as they are.</summary>
    public static SqliteConversion? Find(WidenColumn change)
    {
        var column = SqlIdentifier.Quote(change.To.Name);
        return (change.From.Type, change.To.Type) switch
        {
            (ColumnType.Boolean, ColumnType.Text) =>
                new($"CASE {column} WHEN 0 THEN 'false' WHEN 1 THEN 'true' END", $"typeof({column}) <> 'integer' OR {column} NOT IN (0, 1)"),
            (ColumnType.BigInt, ColumnType.Text) => new($"CAST({column} AS TEXT)", $"typeof({column}) <> 'integer'"),
            (ColumnType.BigInt, ColumnType.Decimal) =>
                new($"CAST({column} AS TEXT){(change.To.Scale == 0 ? "" : $" || '.{Zeros(change.To.Scale)}'")}", $"typeof({column}) <> 'integer'"),
            (ColumnType.Decimal, ColumnType.Decimal) => Decimal(column, change.To.Scale),
            (ColumnType.Date, ColumnType.Timestamp) => new(
                $"{column} || 'T00:00:00.000000'",
                $"typeof({column}) <> 'text' OR {column} NOT GLOB '[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9]'"),
            _ => null,
        };
    }

    // A value may have fewer digits after the point than its type: earlier versions widened the type alone.
    private static SqliteConversion Decimal(string column, int scale)
    {
        var point = $"instr({column}, '.')";
        var fraction = $"(CASE {point} WHEN 0 THEN 0 ELSE length({column}) - {point} END)";
        var whole = $"(length(ltrim({column}, '-')) - {fraction} - ({point} > 0))";
        return new(
            $"{column} || CASE {point} WHEN 0 THEN '.' ELSE '' END || substr('{Zeros(scale)}', 1, {scale} - {fraction})",
            $"typeof({column}) <> 'text' OR {column} GLOB '*[^-0-9.]*' OR {fraction} > {scale} OR {whole} > {DecimalDigits - scale}");
    }

    private static string Zeros(int count) => new('0', count);
}
