using System.Globalization;
using System.Text;
using System.Text.Json;
using PeakS3Feed.Destinations.Loading;
using PeakS3Feed.Errors;
using PeakS3Feed.Schemas;
using PeakS3Feed.Schemas.Values;

namespace PeakS3Feed.Destinations.Sql;

/// <summary>
/// Reads values of one column of the ledger from text. A value that this program cannot have written throws <c>LedgerUnreadable</c> with the name of
/// its column.
/// </summary>
/// <param name="target">The feed and table.</param>
/// <param name="table">The ledger's table.</param>
/// <param name="column">The column.</param>
internal readonly struct LedgerField(LoadTarget target, string table, string column)
{
    public string Text(string? text) => text ?? throw Unreadable("is NULL");

    public Guid Id(string? text) => Guid.TryParse(Text(text), out var id) ? id : throw Unreadable("is not a GUID");

    // .NET's parsers need the words and the calendar of a culture, which take 7 ms to prepare.
    public DateTimeOffset Time(string? text)
        => IsoTime.TryParseTimestampTz(Encoding.UTF8.GetBytes(Text(text)), out var micros)
            ? DateTimeOffset.UnixEpoch.AddTicks(micros * TimeSpan.TicksPerMicrosecond)
            : DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time)
            ? time
            : throw Unreadable("is not a time");

    public T OneOf<T>(string? text)
        where T : struct, Enum
        => Enum.TryParse<T>(Text(text), out var value) && Enum.IsDefined(value)
            ? value
            : throw Unreadable($"is not one of {string.Join(", ", Enum.GetNames<T>())}");

    /// <summary>Reads a schema from its JSON; null for NULL.</summary>
    /// <param name="text">The text.</param>
    /// <param name="json">Returns the JSON of the text, where the ledger stores it in another form.</param>
    public FeedSchema? Schema(string? text, Func<string, string>? json = null)
    {
        if (text is null)
            return null;
        try
        {
            return SchemaJson.Read(json?.Invoke(text) ?? text);
        }
        catch (FormatException e)
        {
            throw Unreadable("has a type of a column that this version does not know", e);
        }
        catch (Exception e) when (e is JsonException or InvalidDataException)
        {
            throw Unreadable("is not the JSON of a list of columns", e);
        }
    }

    public FeedException Unreadable(string why, Exception? inner = null) => LedgerErrors.Unreadable(target, table, column, why, inner);
}
