using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace PeakS3Feed.Tests.Destinations.S3External.Golden;

/// <summary>A data file of a golden table.</summary>
/// <param name="Path">Its path in the table's folder, decoded.</param>
/// <param name="Size">Its size in bytes.</param>
/// <param name="Values">The values of the partition columns as text; null for NULL.</param>
/// <param name="Statistics">Its statistics as JSON; null if it has none.</param>
internal sealed record GoldenTableFile(string Path, long Size, IReadOnlyDictionary<string, string?> Values, string? Statistics);

/// <summary>What a reader finds in a golden table. README.md in tests/GoldenTables describes the JSON form.</summary>
internal sealed record GoldenTable
{
    private static readonly JsonWriterOptions Form = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>The newest version.</summary>
    public required long Version { get; init; }

    /// <summary>The protocol: versions and features.</summary>
    public required (int Reader, int Writer, IReadOnlyList<string>? ReaderFeatures, IReadOnlyList<string>? WriterFeatures) Protocol { get; init; }

    /// <summary>The schema as JSON.</summary>
    public required string Schema { get; init; }

    /// <summary>The partition columns.</summary>
    public required IReadOnlyList<string> PartitionColumns { get; init; }

    /// <summary>The progress of the applications by their ids.</summary>
    public required IReadOnlyDictionary<string, long> Transactions { get; init; }

    /// <summary>The active files.</summary>
    public required IReadOnlyList<GoldenTableFile> Files { get; init; }

    /// <summary>The rows as JSON objects, made by <see cref="GoldenRow"/>.</summary>
    public required IReadOnlyList<string> Rows { get; init; }

    /// <summary>The columns: name and type, as the schema has them.</summary>
    public IReadOnlyList<(string Name, string Type)> Columns => ColumnsOf(Schema);

    /// <summary>Returns the columns of a schema.</summary>
    public static IReadOnlyList<(string Name, string Type)> ColumnsOf(string schema)
    {
        using var json = JsonDocument.Parse(schema);
        return
        [
            .. json.RootElement.GetProperty("fields").EnumerateArray()
                .Select(f => (f.GetProperty("name").GetString()!, f.GetProperty("type").GetString()!)),
        ];
    }

    /// <summary>The text of expected.json.</summary>
    public string ToJson() => Write(Files.OrderBy(f => f.Path, StringComparer.Ordinal).Select(WriteFile));

    /// <summary>The same without what differs each time the table is made: names and sizes of files.</summary>
    public string ToComparableJson()
        => Write(Files.Select(f => f with { Path = Folder(f.Path), Size = 0 }).Select(WriteFile).Order(StringComparer.Ordinal));

    // One file, and one row, a line.
    private string Write(IEnumerable<string> files) => $$"""
        {
          "version": {{Version.ToString(CultureInfo.InvariantCulture)}},
          "protocol": {{WriteProtocol()}},
          "schema": {{Schema}},
          "partitionColumns": {{WriteTexts(PartitionColumns)}},
          "transactions": {{WriteTransactions()}},
          "files": {{Lines(files)}},
          "rows": {{Lines(Rows.Order(StringComparer.Ordinal))}}
        }

        """.ReplaceLineEndings("\n");

    private static string Folder(string path) => path[..(path.LastIndexOf('/') + 1)];

    private static string Lines(IEnumerable<string> values)
        => values.ToList() is { Count: > 0 } all ? $"[\n    {string.Join(",\n    ", all)}\n  ]" : "[]";

    private string WriteProtocol()
    {
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"{{\"minReaderVersion\":{Protocol.Reader},\"minWriterVersion\":{Protocol.Writer}");
        if (Protocol.ReaderFeatures is { } readers)
            text.Append(CultureInfo.InvariantCulture, $",\"readerFeatures\":{WriteTexts(readers)}");
        if (Protocol.WriterFeatures is { } writers)
            text.Append(CultureInfo.InvariantCulture, $",\"writerFeatures\":{WriteTexts(writers)}");
        return text.Append('}').ToString();
    }

    private static string WriteTexts(IReadOnlyList<string> texts) => Write(json =>
    {
        json.WriteStartArray();
        foreach (var text in texts)
            json.WriteStringValue(text);
        json.WriteEndArray();
    });

    private string WriteTransactions() => Write(json =>
    {
        json.WriteStartObject();
        foreach (var (application, version) in Transactions.OrderBy(t => t.Key, StringComparer.Ordinal))
            json.WriteNumber(application, version);
        json.WriteEndObject();
    });

    private static string WriteFile(GoldenTableFile file) => Write(json =>
    {
        json.WriteStartObject();
        json.WriteString("path", file.Path);
        json.WriteNumber("size", file.Size);
        json.WriteStartObject("partitionValues");
        foreach (var (column, value) in file.Values.OrderBy(v => v.Key, StringComparer.Ordinal))
            json.WriteString(column, string.IsNullOrEmpty(value) ? null : value);
        json.WriteEndObject();
        json.WritePropertyName("stats");
        json.WriteRawValue(file.Statistics ?? "null");
        json.WriteEndObject();
    });

    /// <summary>Writes JSON in one line.</summary>
    public static string Write(Action<Utf8JsonWriter> write)
    {
        var bytes = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(bytes, Form))
            write(json);
        return Encoding.UTF8.GetString(bytes.WrittenSpan);
    }
}

/// <summary>Writes a row of a golden table as JSON.</summary>
internal static class GoldenRow
{
    /// <summary>Writes a row: each column that the schema has.</summary>
    /// <param name="columns">Names and types, as the schema has them.</param>
    /// <param name="values">
    /// The values as they are stored: booleans, integers, decimals as text, doubles, days and microseconds since 1970, texts; null for NULL.
    /// </param>
    public static string Write(IReadOnlyList<(string Name, string Type)> columns, IReadOnlyList<object?> values) => GoldenTable.Write(json =>
    {
        json.WriteStartObject();
        foreach (var ((name, type), value) in columns.Zip(values))
        {
            json.WritePropertyName(name);
            Write(json, type, value);
        }
        json.WriteEndObject();
    });

    /// <summary>Returns the text of a decimal that is stored as an integer.</summary>
    public static string Decimal(Int128 unscaled, string type)
    {
        var scale = int.Parse(type[(type.IndexOf(',', StringComparison.Ordinal) + 1)..^1], CultureInfo.InvariantCulture);
        var digits = (unscaled < 0 ? -unscaled : unscaled).ToString(CultureInfo.InvariantCulture).PadLeft(scale + 1, '0');
        var point = digits.Length - scale;
        return $"{(unscaled < 0 ? "-" : "")}{digits[..point]}{(scale == 0 ? "" : ".")}{digits[point..]}";
    }

    private static void Write(Utf8JsonWriter json, string type, object? value)
    {
        switch (value)
        {
            case null:
                json.WriteNullValue();
                break;
            case bool flag:
                json.WriteBooleanValue(flag);
                break;
            case double real when double.IsFinite(real):
                json.WriteRawValue(Real(real));
                break;
            case double real:
                json.WriteStringValue(double.IsNaN(real) ? "NaN" : real > 0 ? "Infinity" : "-Infinity");
                break;
            case string text:
                json.WriteStringValue(text);
                break;
            default:
                WriteInteger(json, type, Convert.ToInt64(value, CultureInfo.InvariantCulture));
                break;
        }
    }

    private static void WriteInteger(Utf8JsonWriter json, string type, long number)
    {
        var time = type is "timestamp" or "timestamp_ntz" ? DateTime.UnixEpoch.AddTicks(number * TimeSpan.TicksPerMicrosecond) : default;
        switch (type)
        {
            case "date":
                json.WriteStringValue(DateTime.UnixEpoch.AddDays(number).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture));
                break;
            case "timestamp":
                json.WriteStringValue(time.ToString("yyyy-MM-dd'T'HH:mm:ss.ffffff'Z'", CultureInfo.InvariantCulture));
                break;
            case "timestamp_ntz":
                json.WriteStringValue(time.ToString("yyyy-MM-dd'T'HH:mm:ss.ffffff", CultureInfo.InvariantCulture));
                break;
            default:
                json.WriteNumberValue(number);
                break;
        }
    }

    // Always with a point or an exponent, so that no parser takes -0.0 for an integer.
    private static string Real(double real)
    {
        var text = real.ToString("R", CultureInfo.InvariantCulture);
        return text.AsSpan().IndexOfAny('.', 'E') < 0 ? text + ".0" : text;
    }
}
