using System.Data;
using System.Globalization;
using Npgsql;
using PeakS3Feed.SnowflakeServer.Catalog;

namespace PeakS3Feed.SnowflakeServer.Sessions;

/// <summary>
/// Reads the rows of a query and writes their values as the SQL API does: dates as days since 1970, timestamps as seconds with nine digits after the
/// point, timestamps with a time zone as these and 1440 plus the offset in minutes, booleans as <c>true</c> and <c>false</c>.
/// </summary>
internal static class ResultReader
{
    private static readonly string[] TimestampForms = ["yyyy-MM-dd HH:mm:ss", "yyyy-MM-dd HH:mm:ss.FFFFFF"];

    public static async Task<SnowflakeResult> ReadAsync(NpgsqlCommand command, SnowflakeCatalog catalog, CancellationToken ct)
    {
        command.AllResultTypesAreUnknown = true;
        command.CommandTimeout = 0;
        await using var reader = await command.ExecuteReaderAsync(ct);
        var columns = (await reader.GetColumnSchemaAsync(ct)).Select(c => Column(
            catalog.FullName(c.ColumnName), c.DataTypeName ?? "text", c.NumericPrecision, c.NumericScale)).ToList();
        var rows = new List<IReadOnlyList<string?>>();
        while (await reader.ReadAsync(ct))
        {
            var row = new string?[columns.Count];
            for (var i = 0; i < row.Length; i++)
                row[i] = reader.IsDBNull(i) ? null : Write(reader.GetString(i), columns[i].Type);
            rows.Add(row);
        }
        return new SnowflakeResult(columns, rows);
    }

    private static ResultColumn Column(string name, string type, int? precision, int? scale) => type.Split('(')[0] switch
    {
        "numeric" => new(name, "fixed", precision ?? 38, scale ?? 0),
        "bigint" or "integer" or "smallint" => new(name, "fixed", 38, 0),
        "double precision" or "real" => new(name, "real"),
        "boolean" => new(name, "boolean"),
        "date" => new(name, "date"),
        "timestamp without time zone" or "timestamp" => new(name, "timestamp_ntz", 0, 9),
        "timestamp with time zone" or "timestamptz" => new(name, "timestamp_tz", 0, 9),
        "jsonb" => new(name, "variant"),
        _ => new(name, "text"),
    };

    private static string Write(string text, string type) => type switch
    {
        "boolean" => text == "t" ? "true" : "false",
        "date" => Days(text),
        "timestamp_ntz" => Seconds(text),
        // The session's time zone is UTC or another one; PostgreSQL keeps no offset of the value.
        "timestamp_tz" => Zoned(text),
        _ => text,
    };

    private static string Days(string text)
    {
        var date = DateOnly.ParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture);
        return (date.DayNumber - new DateOnly(1970, 1, 1).DayNumber).ToString(CultureInfo.InvariantCulture);
    }

    private static string Seconds(string text)
        => Seconds(DateTime.ParseExact(text, TimestampForms, CultureInfo.InvariantCulture, DateTimeStyles.None).Ticks - DateTime.UnixEpoch.Ticks);

    private static string Zoned(string text)
    {
        var sign = text.LastIndexOfAny(['+', '-']);
        var parts = text[(sign + 1)..].Split(':').Select(p => int.Parse(p, CultureInfo.InvariantCulture)).ToArray();
        var minutes = (parts[0] * 60 + parts.ElementAtOrDefault(1)) * (text[sign] == '-' ? -1 : 1);
        var local = DateTime.ParseExact(text[..sign], TimestampForms, CultureInfo.InvariantCulture, DateTimeStyles.None);
        var seconds = Seconds(local.Ticks - DateTime.UnixEpoch.Ticks - minutes * TimeSpan.TicksPerMinute);
        return string.Create(CultureInfo.InvariantCulture, $"{seconds} {1440 + minutes}");
    }

    private static string Seconds(long ticks)
        => ((decimal)ticks / TimeSpan.TicksPerSecond).ToString("0.000000000", CultureInfo.InvariantCulture);
}
