using System.Globalization;
using PeakS3Feed.Destinations.Loading;
using PeakS3Feed.Destinations.Sql;
using PeakS3Feed.Schemas;

namespace PeakS3Feed.Destinations.Warehouses;

/// <summary>Reads a row of the ledger that a channel returns, one value after the other.</summary>
internal ref struct LedgerValues(LoadTarget target, string table, IReadOnlyList<string?> row)
{
    private int _at;

    public string? TextOrNull() => row[_at++];

    public string Text(string column) => Field(column).Text(TextOrNull());

    public long Number(string column)
        => long.TryParse(TextOrNull(), CultureInfo.InvariantCulture, out var number)
            ? number
            : throw Field(column).Unreadable("is not a whole number");

    public Guid Id(string column) => Field(column).Id(TextOrNull());

    public DateTimeOffset Time(string column) => Field(column).Time(TextOrNull());

    public T OneOf<T>(string column)
        where T : struct, Enum
        => Field(column).OneOf<T>(TextOrNull());

    public FeedSchema? Schema(string column) => Field(column).Schema(TextOrNull(), LedgerSchema.Expand);

    private readonly LedgerField Field(string column) => new(target, table, column);
}
