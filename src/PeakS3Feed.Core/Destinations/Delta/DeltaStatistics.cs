using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using PeakS3Feed.Destinations.Parquet;
using PeakS3Feed.Schemas;

namespace PeakS3Feed.Destinations.Delta;

/// <summary>
/// The statistics of a data file as JSON (Delta Transaction Log Protocol, "Per-file Statistics"): rows, NULLs, and bounds by which engines skip
/// files. A bound that JSON cannot hold is left out, so that no engine skips a file wrongly.
/// </summary>
internal static class DeltaStatistics
{
    private const long MicrosPerMilli = 1000;
    private static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
    private static readonly int FirstDay = DateOnly.MinValue.DayNumber - DateOnly.FromDateTime(DateTime.UnixEpoch).DayNumber;
    private static readonly int LastDay = DateOnly.MaxValue.DayNumber - DateOnly.FromDateTime(DateTime.UnixEpoch).DayNumber;
    private static readonly long MinMicros = (DateTime.MinValue.Ticks - DateTime.UnixEpoch.Ticks) / TimeSpan.TicksPerMicrosecond;
    private static readonly long MaxMicros = (DateTime.MaxValue.Ticks - DateTime.UnixEpoch.Ticks) / TimeSpan.TicksPerMicrosecond;

    /// <summary>Writes the statistics of a file. Booleans and JSON have no bounds: no engine skips files by them.</summary>
    /// <param name="rows">The number of its rows.</param>
    /// <param name="columns">Its columns, or those that have statistics. Partition columns have none.</param>
    public static string Write(long rows, IReadOnlyList<ParquetStatistics> columns)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer, Options))
        {
            json.WriteStartObject();
            json.WriteNumber("numRecords", rows);
            WriteBounds(json, "minValues", columns, c => c.Min, up: false);
            WriteBounds(json, "maxValues", columns, c => c.Max, up: true);
            json.WriteStartObject("nullCount");
            foreach (var column in columns)
                json.WriteNumber(column.Name, column.Nulls);
            json.WriteEndObject();
            json.WriteEndObject();
        }
        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }

    /// <summary>Reads the statistics of some columns of a file. What is missing, or is not as the protocol says, is unknown.</summary>
    /// <param name="stats">The JSON text, or null.</param>
    /// <param name="columns">The columns.</param>
    public static DeltaFileStatistics Read(string? stats, IReadOnlyList<FeedColumn> columns)
    {
        if (stats is null)
            return DeltaFileStatistics.Unknown(columns.Count);
        try
        {
            using var json = JsonDocument.Parse(stats);
            var root = json.RootElement;
            var rows = root.TryGetProperty("numRecords", out var records) && records.TryGetInt64(out var number) ? number : (long?)null;
            return new(rows, [.. columns.Select(c => new DeltaColumnStatistics(
                Find(root, "nullCount", c) is { ValueKind: JsonValueKind.Number } nulls && nulls.TryGetInt64(out var count) ? count : null,
                ReadBound(Find(root, "minValues", c), c, up: false),
                ReadBound(Find(root, "maxValues", c), c, up: true)))]);
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            return DeltaFileStatistics.Unknown(columns.Count);
        }
    }

    private static void WriteBounds(
        Utf8JsonWriter json, string name, IReadOnlyList<ParquetStatistics> columns, Func<ParquetStatistics, ParquetBound?> get, bool up)
    {
        json.WriteStartObject(name);
        foreach (var column in columns)
        {
            if (get(column) is { } bound)
                WriteBound(json, column.Column, bound, up);
        }
        json.WriteEndObject();
    }

    private static void WriteBound(Utf8JsonWriter json, FeedColumn column, ParquetBound bound, bool up)
    {
        switch (column.Type)
        {
            case ColumnType.BigInt:
                json.WriteNumber(column.Name, (long)bound.Integer);
                break;
            case ColumnType.Decimal:
                json.WritePropertyName(column.Name);
                json.WriteRawValue(DeltaDecimal.Write(bound.Integer, column.Scale));
                break;
            case ColumnType.Double when double.IsFinite(bound.Real):
                json.WriteNumber(column.Name, bound.Real);
                break;
            case ColumnType.Date when bound.Integer >= FirstDay && bound.Integer <= LastDay:
                json.WriteString(
                    column.Name,
                    DateOnly.FromDateTime(DateTime.UnixEpoch).AddDays((int)bound.Integer).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture));
                break;
            case ColumnType.Timestamp or ColumnType.TimestampTz when RoundToMillis((long)bound.Integer, up) is { } micros:
                var text = DateTime.UnixEpoch.AddTicks(micros * TimeSpan.TicksPerMicrosecond)
                    .ToString("yyyy-MM-dd'T'HH:mm:ss.fff", CultureInfo.InvariantCulture);
                json.WriteString(column.Name, column.Type == ColumnType.TimestampTz ? text + "Z" : text);
                break;
            case ColumnType.Text:
                json.WriteString(column.Name, bound.Utf8.Span);
                break;
        }
    }

    // Engines expect milliseconds. Null outside of the years 1 to 9999.
    private static long? RoundToMillis(long micros, bool up)
    {
        var down = micros - (((micros % MicrosPerMilli) + MicrosPerMilli) % MicrosPerMilli);
        var rounded = up && down < micros ? down + MicrosPerMilli : down;
        return rounded <= MaxMicros && rounded >= MinMicros ? rounded : null;
    }

    private static JsonElement? Find(JsonElement root, string member, FeedColumn column)
        => root.TryGetProperty(member, out var values) && values.ValueKind == JsonValueKind.Object
            && values.TryGetProperty(column.Name, out var value) ? value : null;

    private static ParquetBound? ReadBound(JsonElement? value, FeedColumn column, bool up) => (value, column.Type) switch
    {
        ({ ValueKind: JsonValueKind.Number } number, ColumnType.BigInt)
            => number.TryGetInt64(out var integer) ? ParquetBound.From((Int128)integer) : null,
        ({ ValueKind: JsonValueKind.Number } number, ColumnType.Decimal)
            => DeltaDecimal.Read(number.GetRawText(), column.Scale, up) is { } unscaled ? ParquetBound.From(unscaled) : null,
        ({ ValueKind: JsonValueKind.Number } number, ColumnType.Double) => ReadDouble(number, up),
        ({ ValueKind: JsonValueKind.String } text, ColumnType.Date)
            => DateOnly.TryParseExact(text.GetString(), "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var date)
                ? ParquetBound.From((Int128)(date.DayNumber - DateOnly.FromDateTime(DateTime.UnixEpoch).DayNumber)) : null,
        ({ ValueKind: JsonValueKind.String } text, ColumnType.Timestamp or ColumnType.TimestampTz) => ReadTime(text.GetString()!, up),
        ({ ValueKind: JsonValueKind.String } text, ColumnType.Text) => ParquetBound.From(Encoding.UTF8.GetBytes(text.GetString()!)),
        _ => null,
    };

    // Bounds are inclusive, and -0.0 compares as less than 0.0.
    private static ParquetBound? ReadDouble(JsonElement number, bool up)
        => number.TryGetDouble(out var real) && double.IsFinite(real) ? ParquetBound.From(real == 0 ? (up ? 0.0 : -0.0) : real) : null;

    // Other engines cut the maximum to milliseconds, too, so that it may be almost one millisecond more.
    private static ParquetBound? ReadTime(string text, bool up)
    {
        const DateTimeStyles Utc = DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal;
        if (!DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, Utc, out var time))
            return null;
        var micros = (time - DateTimeOffset.UnixEpoch).Ticks / TimeSpan.TicksPerMicrosecond;
        return ParquetBound.From((Int128)(up ? micros + MicrosPerMilli - 1 : micros));
    }
}

/// <summary>The statistics of a data file, as far as they are known.</summary>
/// <param name="Rows">The number of its rows, or null.</param>
/// <param name="Columns">The columns that were asked for, in their order.</param>
internal sealed record DeltaFileStatistics(long? Rows, IReadOnlyList<DeltaColumnStatistics> Columns)
{
    /// <summary>Nothing is known of a file.</summary>
    public static DeltaFileStatistics Unknown(int columns) => new(null, [.. Enumerable.Repeat(new DeltaColumnStatistics(null, null, null), columns)]);
}

/// <summary>The statistics of a column in a data file, as far as they are known.</summary>
/// <param name="Nulls">How many values are NULL, or null.</param>
/// <param name="Min">No value is less. Null where nothing is known, or if all values are NULL.</param>
/// <param name="Max">No value is greater. Null where nothing is known, or if all values are NULL.</param>
internal readonly record struct DeltaColumnStatistics(long? Nulls, ParquetBound? Min, ParquetBound? Max);
