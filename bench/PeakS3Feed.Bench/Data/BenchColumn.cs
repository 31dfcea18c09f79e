namespace PeakS3Feed.Bench.Data;

/// <summary>A column of the data.</summary>
/// <param name="Name">The name of the column and of its field.</param>
/// <param name="Type">The type in a feed's schema.</param>
/// <param name="DuckDbType">The type in DuckDB.</param>
internal sealed record BenchColumn(string Name, string Type, string DuckDbType)
{
    public static IReadOnlyList<BenchColumn> All { get; } =
    [
        new("id", "bigint", "BIGINT"),
        new("qty", "bigint", "INTEGER"),
        new("price", "decimal(38,2)", "DECIMAL(12,2)"),
        new("day", "date", "DATE"),
        new("at", "timestamptz", "TIMESTAMPTZ"),
        new("ok", "boolean", "BOOLEAN"),
        new("code", "text", "VARCHAR"),
        new("name", "text", "VARCHAR"),
        new("city", "text", "VARCHAR"),
        new("note", "text", "VARCHAR"),
        new("ref", "text", "VARCHAR"),
        new("flag", "text", "VARCHAR"),
    ];
}
