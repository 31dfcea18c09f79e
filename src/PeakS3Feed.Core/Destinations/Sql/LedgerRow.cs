using System.Data.Common;
using System.Globalization;
using System.Text.Json;
using PeakS3Feed.Destinations.Loading;
using PeakS3Feed.Schemas;

namespace PeakS3Feed.Destinations.Sql;

/// <summary>
/// Reads a row of the ledger. A value that this program cannot have written throws <c>LedgerUnreadable</c> with the name of its column.
/// </summary>
internal readonly struct LedgerRow(LoadTarget target, string table, DbDataReader row)
{
    public string Text(int column) => TextOrNull(column) ?? throw Unreadable(column, "is NULL");

    public string? TextOrNull(int column) => row.GetValue(column) switch
    {
        DBNull => null,
        string text => text,
        _ => throw Unreadable(column, "is not text"),
    };

    // SQLite stores text in a numeric column, and would read it as 0.
    public long Number(int column)
        => !row.IsDBNull(column) && row.GetFieldType(column) == typeof(long)
            ? row.GetInt64(column)
            : throw Unreadable(column, "is not a whole number");

    public Guid Id(int column) => Guid.TryParse(Text(column), out var id) ? id : throw Unreadable(column, "is not a GUID");

    public DateTimeOffset Time(int column)
        => DateTimeOffset.TryParse(Text(column), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time)
            ? time
            : throw Unreadable(column, "is not a time");

    public T OneOf<T>(int column)
        where T : struct, Enum
        => Enum.TryParse<T>(Text(column), out var value) && Enum.IsDefined(value)
            ? value
            : throw Unreadable(column, $"is not one of {string.Join(", ", Enum.GetNames<T>())}");

    public FeedSchema? Schema(int column)
    {
        if (TextOrNull(column) is not { } text)
            return null;
        try
        {
            return SchemaJson.Read(text);
        }
        catch (FormatException e)
        {
            throw Unreadable(column, "has a type of a column that this version does not know", e);
        }
        catch (JsonException e)
        {
            throw Unreadable(column, "is not the JSON of a list of columns", e);
        }
    }

    private Errors.FeedException Unreadable(int column, string why, Exception? inner = null)
        => LedgerErrors.Unreadable(target, table, row.GetName(column), why, inner);
}
