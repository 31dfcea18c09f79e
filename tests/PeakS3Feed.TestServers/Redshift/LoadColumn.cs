using System.Globalization;
using System.Numerics;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace PeakS3Feed.TestServers.Redshift;

/// <summary>A column that COPY fills, with the checks of its type.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Type">Its type as PostgreSQL's <c>format_type</c> writes it.</param>
/// <param name="NotNull">Whether it refuses NULL.</param>
public sealed partial record LoadColumn(string Name, string Type, bool NotNull)
{
    private const int LargestSuper = 16 * 1024 * 1024;
    private const int LongestSuperText = 65535;

    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>The type without its length.</summary>
    public string BareType => Type.IndexOf('(', StringComparison.Ordinal) is var open and > 0 ? Type[..open] : Type;

    /// <summary>The lengths of the type, such as <c>256</c> or <c>18,2</c>; empty if it has none.</summary>
    public string Length => Lengths().Match(Type) is { Success: true } match ? match.Groups["lengths"].Value : "";

    /// <summary>
    /// The value of a field; null for NULL. A field that equals the text for NULL is NULL, quoted or not: the documentation makes no
    /// difference, and a writer that relies on one could lose a value.
    /// </summary>
    /// <param name="bytes">The field without quotes.</param>
    /// <param name="copy">The statement.</param>
    /// <param name="problem">Why the value is refused; null if it is not.</param>
    public string? Value(ReadOnlySpan<byte> bytes, CopyStatement copy, out LoadProblem? problem)
    {
        problem = null;
        string text;
        try
        {
            text = Strict.GetString(bytes);
        }
        catch (DecoderFallbackException)
        {
            problem = LoadProblem.InvalidUtf8;
            return null;
        }
        // "Empty fields for other data types, such as INT, are always loaded with NULL."
        if (text == copy.Null || (text.Length == 0 && (copy.EmptyAsNull || BareType is not ("character varying" or "character" or "text"))))
        {
            problem = NotNull ? LoadProblem.Null : null;
            return null;
        }
        problem = Check(text, bytes.Length, copy);
        return text;
    }

    private LoadProblem? Check(string text, int length, CopyStatement copy) => BareType switch
    {
        _ when text.Contains('\0', StringComparison.Ordinal) => LoadProblem.NullByte,
        "character varying" or "character" => length <= int.Parse(Length, CultureInfo.InvariantCulture) ? null : LoadProblem.TooLong,
        "smallint" => Integer(text, short.MinValue, short.MaxValue, "Short"),
        "integer" => Integer(text, int.MinValue, int.MaxValue, "Integer"),
        "bigint" => Integer(text, long.MinValue, long.MaxValue, "Long"),
        "numeric" => Decimal(text),
        "double precision" or "real" => Float().IsMatch(text) ? null : LoadProblem.Float,
        "boolean" => Boolean().IsMatch(text) ? null : LoadProblem.Boolean,
        "date" => copy.AnyDate || Date().IsMatch(text) ? null : LoadProblem.Date,
        "timestamp without time zone" => copy.AnyTime || Timestamp().IsMatch(text) ? null : LoadProblem.Timestamp,
        "timestamp with time zone" => copy.AnyTime || TimestampTz().IsMatch(text) ? null : LoadProblem.TimestampTz,
        "super" => Super(text, length),
        _ => null,
    };

    private static LoadProblem? Integer(string text, long least, long greatest, string type)
    {
        if (!WholeNumber().IsMatch(text))
            return LoadProblem.Digit(text, type);
        var value = BigInteger.Parse(text, CultureInfo.InvariantCulture);
        return value < least || value > greatest ? LoadProblem.Overflow(type) : null;
    }

    private LoadProblem? Decimal(string text)
    {
        if (!DecimalNumber().IsMatch(text))
            return LoadProblem.Digit(text, "Decimal");
        var size = Length.Split(',').Select(n => int.Parse(n, CultureInfo.InvariantCulture)).ToArray();
        var whole = text.TrimStart('+', '-').Split('.')[0].TrimStart('0').Length;
        return whole > size[0] - size[1] ? LoadProblem.Overflow("Decimal") : null;
    }

    private static LoadProblem? Super(string text, int length)
    {
        try
        {
            using var document = JsonDocument.Parse(text, new JsonDocumentOptions { MaxDepth = 1000 });
            return length > LargestSuper || HasLongText(document.RootElement) ? LoadProblem.SuperTooLarge : null;
        }
        catch (JsonException)
        {
            return LoadProblem.Super;
        }
    }

    private static bool HasLongText(JsonElement element) => element.ValueKind switch
    {
        JsonValueKind.String => Encoding.UTF8.GetByteCount(element.GetString()!) > LongestSuperText,
        JsonValueKind.Array => element.EnumerateArray().Any(HasLongText),
        JsonValueKind.Object => element.EnumerateObject().Any(p => HasLongText(p.Value)),
        _ => false,
    };

    [GeneratedRegex(@"\((?<lengths>[^)]*)\)", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Lengths();

    [GeneratedRegex(@"^[+-]?\d+\z", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex WholeNumber();

    // The documentation does not say that COPY reads exponents of decimals.
    [GeneratedRegex(@"^[+-]?(?:\d+\.?\d*|\.\d+)\z", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex DecimalNumber();

    [GeneratedRegex(@"^(?:[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?|NaN|-?Infinity)\z", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Float();

    [GeneratedRegex(@"^(?:t|true|y|yes|1|f|false|n|no|0)\z", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Boolean();

    [GeneratedRegex(@"^\d{4}-\d\d-\d\d\z", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Date();

    [GeneratedRegex(@"^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d(?:\.\d{1,6})?\z", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Timestamp();

    [GeneratedRegex(@"^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d(?:\.\d{1,6})?[+-]\d\d(?::?\d\d)?\z", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex TimestampTz();
}
