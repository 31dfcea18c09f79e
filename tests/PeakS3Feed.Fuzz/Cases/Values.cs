using System.Globalization;

namespace PeakS3Feed.Fuzz.Cases;

/// <summary>Values as they stand in files people have: typed ones, near misses and odd characters.</summary>
internal static class Values
{
    private static readonly string[] Odd =
    [
        "a", "b", " ", "é", "😀", "\u00A0", "\u2028", "\uFEFF", "\0", "\u001a", "\n", "\r", "\r\n", "\t", ",", ";", "|", ":", "::", "\"", "\"\"", "'", "\\", "\\N", "^",
        "NULL", "sep=,", "#", "//", "{", "}", "[", "]", "=1+1",
    ];

    private static readonly string[] Numbers =
    [
        "0", "-0", "1", "-1", "007", "+5", "1.0", "1.10", "-0.5", ".5", "5.", "1,5", "1e3", "1E-7", "1e400", "9007199254740993", "9223372036854775807", "9223372036854775808",
        "-9223372036854775808", "99999999999999999999999999999999999999", "0.00000000000000000000000000000000000001", "123456789012345678901234567890.12345678",
        "0.1", "3.141592653589793238", "1.7976931348623157e308", "4.9e-324", "2e-308", "1e0000001", "0e999999999999", "1e99999999999999999999",
    ];

    private static readonly string[] Times =
    [
        "2026-01-31", "2026-02-29", "0001-01-01", "9999-12-31", "31/12/2026", "01/02/2026", "20260131", "2026-01-31T10:20", "2026-01-31 10:20:30", "2026-01-31T10:20:30.123456",
        "2026-01-31T10:20:30.1234567", "2026-01-31T10:20:30Z", "2026-01-31T10:20:30.5+02:00", "0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59.999999-14", "31.12.2026 23:59:59",
        "2026-01-31T24:00:00", "2026-01-31T10:20:60Z",
    ];

    /// <summary>Any text.</summary>
    public static string Text(Dice dice)
        => dice.OneIn(40) ? new string(dice.Pick('x', 'é'), dice.Between(0, dice.OneIn(20) ? 70_000 : 3_000))
            : string.Concat(Enumerable.Range(0, dice.Between(0, 5)).Select(_ => dice.Pick(Odd)));

    /// <summary>One of a column's values, most of which are of one kind.</summary>
    public static string Create(int kind, Dice dice) => dice.OneIn(25) ? Text(dice) : (kind % 8) switch
    {
        0 => dice.Between(-1000, 1000).ToString(CultureInfo.InvariantCulture),
        1 => dice.Pick(Numbers),
        2 => string.Create(CultureInfo.InvariantCulture, $"{dice.Between(-99, 99)}{dice.Pick(".", ".", ",")}{dice.Between(0, 99)}"),
        3 when dice.OneIn(2) => dice.Pick("1.234,5", "1,234.5", "1.234", "1,234", "12.34", "1.234.567", "1\u00A0234,5", "1234.567", "-1.000,00"),
        3 => string.Create(CultureInfo.InvariantCulture, $"20{dice.Between(10, 99)}-{dice.Between(1, 12):00}-{dice.Between(1, 28):00}"),
        4 => dice.Pick(Times),
        5 => dice.Pick("true", "false", "True", "FALSE", "Y", "n", "t", "F", "1", "0"),
        6 => dice.Pick("Ann", "Bo", "Cy", "é", ""),
        _ => Text(dice),
    };

    /// <summary>A number in JSON's grammar.</summary>
    public static string JsonNumber(Dice dice)
    {
        var number = dice.Pick(Numbers);
        return number[0] is '+' or '.' or ',' || number is "007" or "5." or "1,5" ? "12" : number;
    }
}
