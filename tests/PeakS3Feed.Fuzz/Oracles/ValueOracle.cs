using System.Text.RegularExpressions;
using PeakS3Feed.Formats.Csv;

namespace PeakS3Feed.Fuzz.Oracles;

/// <summary>What numbers and booleans of CSV mean that are written as a feed specifies.</summary>
internal static class ValueOracle
{
    /// <summary>The number with a point and without groups; null where it is none.</summary>
    public static string? Number(string text, CsvOptions csv)
    {
        if (csv is { DecimalSeparator: null, GroupSeparator: null })
            return text;
        var group = csv.GroupSeparator is { } g ? Regex.Escape(g.ToString()) : "(?!)";
        var point = Regex.Escape((csv.DecimalSeparator ?? '.').ToString());
        var match = Regex.Match(
            text, $@"\A(?<i>-?([0-9]{{1,3}}({group}[0-9]{{3}})+|[0-9]+))({point}(?<f>[0-9]+))?(?<e>[eE][+-]?[0-9]+)?\z", RegexOptions.ExplicitCapture, TimeSpan.FromSeconds(10));
        return !match.Success ? null
            : string.Concat(match.Groups["i"].Value.Where(c => c is '-' or (>= '0' and <= '9')))
                + (match.Groups["f"].Length > 0 ? "." + match.Groups["f"].Value : "") + match.Groups["e"].Value;
    }

    /// <summary>Whether a text means a boolean.</summary>
    public static bool IsBoolean(bool value, string text, CsvOptions csv)
        => (csv.BooleanValues ?? []).Append("true/false").Any(p => SameText(p.Split('/')[value ? 0 : 1], text));

    private static bool SameText(string one, string other)
        => one.Length == other.Length && one.Zip(other).All(p => p.First == p.Second || (char.IsAsciiLetter(p.First) && char.ToLowerInvariant(p.First) == char.ToLowerInvariant(p.Second)));
}
