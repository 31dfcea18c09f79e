using System.Globalization;
using System.Numerics;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using PeakS3Feed.Formats;
using PeakS3Feed.Formats.Csv;
using PeakS3Feed.Rows.Vectors;
using PeakS3Feed.Schemas;

namespace PeakS3Feed.Fuzz.Oracles;

/// <summary>Whether a loaded value is the one that stands in the file, by writing it out again and by exact arithmetic.</summary>
internal static partial class TypedOracle
{
    private const string Micros = "yyyy-MM-ddTHH:mm:ss.ffffff";

    public static bool IsSame(ColumnVector vector, int row, Cell? cell, string[] dateFormats, CsvOptions csv)
    {
        if (IsNull(cell, vector.Column.Type) || vector.IsNull(row))
            return IsNull(cell, vector.Column.Type) == vector.IsNull(row);
        var bytes = cell!.Value;
        var text = Encoding.UTF8.GetString(bytes);
        var number = cell.Kind == FieldKind.JsonNumber ? text : ValueOracle.Number(text, csv) ?? "";
        return vector.Column.Type switch
        {
            ColumnType.Text => ((Utf8Vector)vector)[row].SequenceEqual(bytes),
            ColumnType.Json => IsJson(((Utf8Vector)vector)[row], cell, text),
            ColumnType.Boolean => IsBare(cell, FieldKind.JsonBoolean) && ValueOracle.IsBoolean(((FixedVector<bool>)vector)[row], text, csv),
            ColumnType.BigInt => IsBare(cell, FieldKind.JsonNumber) && number == ((FixedVector<long>)vector)[row].ToString(CultureInfo.InvariantCulture),
            ColumnType.Decimal => IsBare(cell, FieldKind.JsonNumber) && IsDecimal(((FixedVector<Int128>)vector)[row], vector.Column.Scale, number),
            ColumnType.Double => IsBare(cell, FieldKind.JsonNumber) && IsDouble(((FixedVector<double>)vector)[row], number),
            ColumnType.Date => IsBare(cell, FieldKind.JsonString) && IsDate(((FixedVector<int>)vector)[row], text, dateFormats),
            ColumnType.Timestamp => IsBare(cell, FieldKind.JsonString) && IsTimestamp(((FixedVector<long>)vector)[row], text, dateFormats),
            _ => IsBare(cell, FieldKind.JsonString) && IsInstant(((FixedVector<long>)vector)[row], text),
        };
    }

    private static bool IsNull(Cell? cell, ColumnType type)
        => cell is null or { Kind: FieldKind.Null } or { Kind: FieldKind.Unquoted, Value.Length: 0 }
            || (type != ColumnType.Text && cell is { Kind: FieldKind.Quoted, Value.Length: 0 });

    // CSV, or the one kind of JSON that the type is written as.
    private static bool IsBare(Cell cell, FieldKind json) => cell.Kind is FieldKind.Unquoted or FieldKind.Quoted || cell.Kind == json;

    private static bool IsJson(ReadOnlySpan<byte> loaded, Cell cell, string text)
        => cell.Kind != FieldKind.JsonString
            ? loaded.SequenceEqual(cell.Value)
            : JsonSerializer.Deserialize<string>(loaded) == text;

    private static bool IsDecimal(Int128 loaded, int scale, string text)
        => !text.Contains('e', StringComparison.OrdinalIgnoreCase)
            && NumberOf(text) is { } written && written == NumberOf(string.Create(CultureInfo.InvariantCulture, $"{loaded}e-{scale}"));

    private static bool IsDouble(double loaded, string text)
        => NumberOf(text) is { } written && written == NumberOf(loaded.ToString("R", CultureInfo.InvariantCulture));

    // The digits without zeros on either side, and the power of ten of the last one; zero has no sign.
    private static (bool Negative, string Digits, BigInteger Exponent)? NumberOf(string text)
    {
        var match = Number().Match(text);
        if (!match.Success)
            return null;
        var digits = (match.Groups["i"].Value + match.Groups["f"].Value).TrimStart('0');
        var trimmed = digits.TrimEnd('0');
        var exponent = match.Groups["e"].Length == 0 ? 0 : BigInteger.Parse(match.Groups["e"].Value, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture);
        return trimmed.Length == 0
            ? (false, "", 0)
            : (match.Groups["s"].Length > 0, trimmed, exponent - match.Groups["f"].Length + digits.Length - trimmed.Length);
    }

    private static bool IsDate(int days, string text, string[] formats)
    {
        var date = DateTime.UnixEpoch.AddDays(days);
        return date.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture) == text || formats.Any(f => date.ToString(f, CultureInfo.InvariantCulture) == text);
    }

    private static bool IsTimestamp(long micros, string text, string[] formats)
    {
        var time = DateTime.UnixEpoch.AddTicks(micros * TimeSpan.TicksPerMicrosecond);
        return (Timestamp().Match(text) is { Success: true } match && Padded(match) == time.ToString(Micros, CultureInfo.InvariantCulture))
            || formats.Any(f => time.ToString(f, CultureInfo.InvariantCulture) == text);
    }

    private static bool IsInstant(long micros, string text)
    {
        var zone = Zone().Match(text);
        if (!zone.Success || Timestamp().Match(text[..zone.Index]) is not { Success: true } match)
            return false;
        var offset = zone.Value == "Z" ? TimeSpan.Zero
            : TimeSpan.FromMinutes((int.Parse(zone.Groups["h"].Value, CultureInfo.InvariantCulture) * 60)
                + (zone.Groups["m"].Length > 0 ? int.Parse(zone.Groups["m"].Value, CultureInfo.InvariantCulture) : 0));
        var ticks = DateTime.UnixEpoch.Ticks + (micros * TimeSpan.TicksPerMicrosecond) + (zone.Value[0] == '-' ? -offset.Ticks : offset.Ticks);
        return Padded(match) == new DateTime(ticks).ToString(Micros, CultureInfo.InvariantCulture);
    }

    private static string Padded(Match time)
        => $"{time.Groups["d"].Value}T{time.Groups["t"].Value}:{(time.Groups["s"].Length > 0 ? time.Groups["s"].Value : "00")}.{time.Groups["f"].Value.PadRight(6, '0')}";

    [GeneratedRegex(@"^(?<s>-?)(?<i>0|[1-9][0-9]*)(\.(?<f>[0-9]+))?([eE](?<e>[+-]?[0-9]+))?\z", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, 10_000)]
    private static partial Regex Number();

    [GeneratedRegex(@"^(?<d>[0-9]{4}-[0-9]{2}-[0-9]{2})[T ](?<t>[0-9]{2}:[0-9]{2})(:(?<s>[0-9]{2})(\.(?<f>[0-9]{1,6}))?)?\z", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, 10_000)]
    private static partial Regex Timestamp();

    [GeneratedRegex(@"(Z|[+-](?<h>[0-9]{2})(:?(?<m>[0-9]{2}))?)\z", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, 10_000)]
    private static partial Regex Zone();
}
