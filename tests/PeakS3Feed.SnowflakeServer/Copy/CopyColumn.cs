using System.Globalization;
using System.Numerics;
using System.Text;
using System.Text.RegularExpressions;
using PeakS3Feed.TestServers.Csv;
using PeakS3Feed.TestServers.Snowflake;

namespace PeakS3Feed.SnowflakeServer.Copy;

/// <summary>Why COPY refuses a value or a row.</summary>
/// <param name="Code">Snowflake's code.</param>
/// <param name="State">The SQLSTATE.</param>
/// <param name="Message">The message.</param>
/// <param name="Category">The category: conversion or parsing.</param>
internal sealed record CopyProblem(string Code, string State, string Message, string Category = "conversion");

/// <summary>A column that COPY fills, with the checks of its type.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Type">Its type.</param>
/// <param name="NotNull">Whether it refuses NULL.</param>
internal sealed partial record CopyColumn(string Name, SnowflakeType Type, bool NotNull)
{
    private const int LargestText = 16 * 1024 * 1024;

    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);
    private static readonly string[] Booleans = ["true", "false", "t", "f", "yes", "no", "y", "n", "on", "off", "1", "0"];

    /// <summary>
    /// The value of a field in PostgreSQL's form; null for NULL. A field that equals the text for NULL is NULL, quoted or not: the documentation
    /// makes no difference, and a writer that relies on one could lose a value.
    /// </summary>
    public string? Value(CsvField field, CopyIntoStatement copy, out CopyProblem? problem)
    {
        problem = null;
        var bytes = field.Bytes.Span;
        string text;
        try
        {
            text = Strict.GetString(bytes);
        }
        catch (DecoderFallbackException)
        {
            problem = new("100144", "22000", $"Invalid UTF8 detected in string '{Encoding.UTF8.GetString(bytes)}'");
            return null;
        }
        if (copy.Nulls.Contains(text, StringComparer.Ordinal) || (text.Length == 0 && !field.IsQuoted && copy.EmptyFieldAsNull))
        {
            problem = NotNull ? new("100072", "22000", "NULL result in a non-nullable column") : null;
            return null;
        }
        problem = Check(text, bytes.Length);
        return Type.Name is "TIMESTAMP_NTZ" or "TIMESTAMP_TZ" or "BOOLEAN" ? text.ToLowerInvariant() : text;
    }

    private CopyProblem? Check(string text, int bytes) => Type.Name switch
    {
        "TEXT" => CheckText(text, bytes),
        "NUMBER" => CheckNumber(text),
        "FLOAT" => Float().IsMatch(text) ? null : Unrecognized("100038", "22018", "Numeric value", text),
        "BOOLEAN" => Booleans.Contains(text, StringComparer.OrdinalIgnoreCase) ? null : Unrecognized("100037", "22018", "Boolean value", text),
        "DATE" => DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out _)
            ? null
            : Unrecognized("100040", "22007", "Date", text),
        "TIMESTAMP_NTZ" => IsTimestamp(text, hasZone: false) ? null : Unrecognized("100035", "22007", "Timestamp", text),
        "TIMESTAMP_TZ" => IsTimestamp(text, hasZone: true) ? null : Unrecognized("100035", "22007", "Timestamp", text),
        _ => throw SnowflakeErrors.NotInStandIn($"COPY into a column of the type {Type.Name}"),
    };

    private static CopyProblem Unrecognized(string code, string state, string what, string text)
        => new(code, state, $"{what} '{text}' is not recognized");

    private CopyProblem? CheckText(string text, int bytes)
    {
        if (text.Contains('\0', StringComparison.Ordinal))
            throw SnowflakeErrors.NotInStandIn("a text with a NUL, which PostgreSQL cannot keep");
        return text.EnumerateRunes().Count() > Type.Length || bytes > LargestText
            ? new("100074", "54000", string.Create(
                CultureInfo.InvariantCulture, $"User character length limit ({Type.Length}) exceeded by string '{Cut(text)}'"))
            : null;
    }

    private static string Cut(string text) => text.Length <= 100 ? text : text[..100] + "...";

    private CopyProblem? CheckNumber(string text)
    {
        if (Number().Match(text) is not { Success: true } match)
            return Unrecognized("100038", "22018", "Numeric value", text);
        var fraction = match.Groups["fraction"].Value;
        var digits = BigInteger.Parse("0" + match.Groups["whole"].Value + fraction, CultureInfo.InvariantCulture);
        var exponent = match.Groups["exponent"] is { Success: true } group ? int.Parse(group.Value, CultureInfo.InvariantCulture) : 0;
        // The value is digits × 10^shift, in units of the last digit of the column.
        var shift = exponent - fraction.Length + Type.Scale;
        if (digits.IsZero || shift < -200)
            return null;
        var units = shift > 200 ? BigInteger.Pow(10, 200)
            : shift >= 0 ? digits * BigInteger.Pow(10, shift)
            : Round(digits, BigInteger.Pow(10, -shift));
        return units < BigInteger.Pow(10, Type.Precision)
            ? null
            : new("100132", "22003", string.Create(
                CultureInfo.InvariantCulture,
                $"Number out of representable range: type FIXED[SB16]({Type.Precision},{Type.Scale}){{nullable}}, value {text}"));
    }

    private static BigInteger Round(BigInteger digits, BigInteger divisor) => (digits * 2 + divisor) / (divisor * 2);

    // Of the forms that AUTO recognizes, those with date, time and seconds. An offset without minutes goes with a space between date and time.
    private static bool IsTimestamp(string text, bool hasZone)
        => Timestamp().Match(text) is { Success: true } match && (hasZone || !match.Groups["zone"].Success)
            && !(match.Groups["zone"].Length == 3 && text[10] == 'T')
            && DateTime.TryParseExact(
                match.Groups["time"].Value.Replace('T', ' '), "yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture, DateTimeStyles.None, out _);

    [GeneratedRegex(
        @"^[+-]?(?=\.?\d)(?<whole>\d*)(?:\.(?<fraction>\d*))?(?:[eE](?<exponent>[+-]?\d{1,5}))?\z",
        RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Number();

    [GeneratedRegex(
        @"^(?:[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?|nan|[+-]?inf(?:inity)?)\z", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant,
        matchTimeoutMilliseconds: 1000)]
    private static partial Regex Float();

    [GeneratedRegex(
        @"^(?<time>\d{4}-\d\d-\d\d[ T]\d\d:\d\d:\d\d)(?:\.\d{1,9})?(?<zone> ?[+-]\d\d:\d\d| [+-]\d{4}|[+-]\d\d)?\z", RegexOptions.ExplicitCapture,
        matchTimeoutMilliseconds: 1000)]
    private static partial Regex Timestamp();
}
