using System.Buffers;
using System.Buffers.Text;
using System.Text.Json;
using PeakS3Feed.Formats.Json;

namespace PeakS3Feed.Rows.Cells;

/// <summary>Finds valid JSON that the database cannot store. It would refuse the whole load because of one such value.</summary>
internal static class JsonValues
{
    private static readonly JsonDocumentOptions Unique = new() { AllowDuplicateProperties = false, MaxDepth = JsonRowParser.MaxDepth };

    // The range of PostgreSQL's numeric, which jsonb uses for numbers.
    private const int MaxDigitsBefore = 131_072;
    private const int MaxDigitsAfter = 16_383;

    /// <summary>Returns the reason why the JSON cannot be stored, or null. The reason does not contain the value.</summary>
    public static string? FindRefusal(ReadOnlySpan<byte> json)
    {
        try
        {
            var names = 0;
            var reader = new Utf8JsonReader(json, new JsonReaderOptions { MaxDepth = JsonRowParser.MaxDepth });
            while (reader.Read())
            {
                var reason = reader.TokenType switch
                {
                    JsonTokenType.String or JsonTokenType.PropertyName => reader.ValueIsEscaped ? FindTextRefusal(reader.ValueSpan) : null,
                    JsonTokenType.Number => FindNumberRefusal(reader.ValueSpan),
                    _ => null,
                };
                if (reason is not null)
                    return reason;
                names += reader.TokenType == JsonTokenType.PropertyName ? 1 : 0;
            }

            return names > 1 && HasDuplicateName(json)
                ? "the JSON has a duplicate name in one object, and the destination would keep only one of the values"
                : null;
        }
        catch (JsonException)
        {
            return "the JSON is not valid or is nested too deeply";
        }
    }

    private static bool HasDuplicateName(ReadOnlySpan<byte> json)
    {
        var copy = ArrayPool<byte>.Shared.Rent(json.Length);
        try
        {
            json.CopyTo(copy);
            JsonDocument.Parse(copy.AsMemory(0, json.Length), Unique).Dispose();
            return false;
        }
        catch (JsonException)
        {
            return true;
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(copy);
        }
    }

    private static string? FindTextRefusal(ReadOnlySpan<byte> escaped)
    {
        var highBefore = false;
        for (var at = 0; at < escaped.Length;)
        {
            var unit = -1;
            var length = 1;
            if (escaped[at] == '\\')
            {
                length = escaped[at + 1] == 'u' ? 6 : 2;
                if (length == 6 && Utf8Parser.TryParse(escaped.Slice(at + 2, 4), out ushort parsed, out _, 'x'))
                    unit = parsed;
            }

            if (unit == 0)
                return "the JSON contains the character U+0000, which the destination cannot store";
            var isLow = unit is >= 0xDC00 and <= 0xDFFF;
            if (isLow != highBefore)
                return LoneSurrogate;
            highBefore = unit is >= 0xD800 and <= 0xDBFF;
            at += length;
        }

        return highBefore ? LoneSurrogate : null;
    }

    private static string? FindNumberRefusal(ReadOnlySpan<byte> number)
    {
        var exponentAt = number.IndexOfAny((byte)'e', (byte)'E');
        var digits = exponentAt < 0 ? number : number[..exponentAt];
        var exponent = 0L;
        if (exponentAt >= 0)
        {
            // JSON allows a plus sign; the parser does not.
            var text = number[(exponentAt + 1)..];
            text = text[0] == '+' ? text[1..] : text;
            if (!Utf8Parser.TryParse(text, out exponent, out _) || exponent is > int.MaxValue or < int.MinValue)
                return OutOfRange;
        }

        digits = digits[0] == '-' ? digits[1..] : digits;
        var point = digits.IndexOf((byte)'.');
        var before = point < 0 ? digits.Length : point;
        var after = point < 0 ? 0 : digits.Length - point - 1;
        return before + exponent > MaxDigitsBefore || after - exponent > MaxDigitsAfter ? OutOfRange : null;
    }

    private const string LoneSurrogate = "the JSON contains an escaped lone surrogate, which is not a character";

    private const string OutOfRange = "the JSON contains a number with more digits than the destination can store";
}
