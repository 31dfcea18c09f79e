using System.Data.Common;
using PeakS3Feed.Destinations.Loading;
using PeakS3Feed.Schemas;

namespace PeakS3Feed.Destinations.Sql;

/// <summary>Reads a row of the ledger that a driver returns.</summary>
internal readonly struct LedgerRow(LoadTarget target, string table, DbDataReader row)
{
    public string Text(int column) => Field(column).Text(TextOrNull(column));

    public string? TextOrNull(int column) => row.GetValue(column) switch
    {
        DBNull => null,
        string text => text,
        _ => throw Field(column).Unreadable("is not text"),
    };

    // SQLite stores text in a numeric column, and would read it as 0.
    public long Number(int column)
        => !row.IsDBNull(column) && row.GetFieldType(column) == typeof(long)
            ? row.GetInt64(column)
            : throw Field(column).Unreadable("is not a whole number");

    public Guid Id(int column) => Field(column).Id(TextOrNull(column));

    public DateTimeOffset Time(int column) => Field(column).Time(TextOrNull(column));

    public T OneOf<T>(int column)
        where T : struct, Enum
        => Field(column).OneOf<T>(TextOrNull(column));

    public FeedSchema? Schema(int column) => Field(column).Schema(TextOrNull(column));

    private LedgerField Field(int column) => new(target, table, row.GetName(column));
}
