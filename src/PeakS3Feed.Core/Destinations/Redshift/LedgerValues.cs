using System.Globalization;
using System.Text.Json;
using PeakS3Feed.Destinations.Loading;
using PeakS3Feed.Destinations.Sql;
using PeakS3Feed.Errors;
using PeakS3Feed.Schemas;

namespace PeakS3Feed.Destinations.Redshift;

/// <summary>
/// Reads the values of a row of the ledger, one after the other. A value that this program cannot have written throws <c>LedgerUnreadable</c> with the
/// name of its column.
/// </summary>
internal ref struct LedgerValues(LoadTarget target, string table, IReadOnlyList<string?> row)
{
    private int _at;

    public string? TextOrNull() => row[_at++];

    public string Text(string column) => TextOrNull() ?? throw Unreadable(column, "is NULL");

    public long Number(string column)
        => long.TryParse(TextOrNull(), CultureInfo.InvariantCulture, out var number) ? number : throw Unreadable(column, "is not a whole number");

    public Guid Id(string column) => Guid.TryParse(Text(column), out var id) ? id : throw Unreadable(column, "is not a GUID");

    public DateTimeOffset Time(string column)
        => DateTimeOffset.TryParse(Text(column), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time)
            ? time
            : throw Unreadable(column, "is not a time");

    public T OneOf<T>(string column)
        where T : struct, Enum
        => Enum.TryParse<T>(Text(column), out var value) && Enum.IsDefined(value)
            ? value
            : throw Unreadable(column, $"is not one of {string.Join(", ", Enum.GetNames<T>())}");

    public FeedSchema? Schema(string column)
    {
        if (TextOrNull() is not { } text)
            return null;
        try
        {
            return SchemaJson.Read(LedgerSchema.Expand(text));
        }
        catch (Exception e) when (e is FormatException or InvalidDataException)
        {
            throw Unreadable(column, "has a type of a column that this version does not know", e);
        }
        catch (JsonException e)
        {
            throw Unreadable(column, "is not the JSON of a list of columns", e);
        }
    }

    private readonly FeedException Unreadable(string column, string why, Exception? inner = null)
        => LedgerErrors.Unreadable(target, table, column, why, inner);
}
