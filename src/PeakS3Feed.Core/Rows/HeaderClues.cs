using System.Text;
using PeakS3Feed.Errors;
using PeakS3Feed.Formats;
using PeakS3Feed.Remedies;
using PeakS3Feed.Schemas;

namespace PeakS3Feed.Rows;

/// <summary>Guesses from header names whether a file is read with wrong settings.</summary>
internal static class HeaderClues
{
    private static readonly char[] Separators = [',', ';', '\t', '|'];

    /// <summary>Whether all names are numbers or dates, so that the header is probably a row.</summary>
    public static bool IsData(IReadOnlyList<string> names) => names.Count > 0 && names.All(IsValue);

    /// <summary>Returns whether two headers of the same length have numbers or dates at the same position.</summary>
    public static bool HaveDataAtSamePosition(IReadOnlyList<string> first, IReadOnlyList<string> second)
        => first.Count == second.Count && first.Zip(second).Any(n => IsValue(n.First) && IsValue(n.Second));

    /// <summary>
    /// Returns the separator that splits the only name of a header into names of which at least one is expected; null where there is none.
    /// </summary>
    public static string? FindSeparator(IReadOnlyList<string> found, IReadOnlyList<string> expected)
    {
        if (found is not [var only])
            return null;
        foreach (var separator in Separators)
        {
            var parts = only.Split(separator, StringSplitOptions.TrimEntries);
            if (parts.Length > 1 && parts.Any(p => expected.Contains(p.Trim('"'), StringComparer.OrdinalIgnoreCase)))
                return separator.ToString();
        }

        return null;
    }

    private static bool IsValue(string name)
    {
        var inference = new ColumnInference(ValueFormats.Default);
        inference.Add(Encoding.UTF8.GetBytes(name), FieldKind.Unquoted);
        return inference.Result.Type is not (ColumnType.Text or ColumnType.Boolean);
    }
}

/// <summary>The warnings about headers of files.</summary>
internal static class HeaderWarnings
{
    /// <summary>The header of a file consists of numbers and dates only.</summary>
    public static FeedWarning LooksLikeData(string uri, IReadOnlyList<string> names)
        => new FeedWarning("HeaderLooksLikeData", $"The header of {uri} is {RowErrors.Names(names)}, which looks like a row.")
        {
            Position = new SourcePosition(uri, 1),
            Hint = "If the files have no header, set this before their rows are loaded. The first line of each file is then a row.",
            Settings = [FeedSetting.NoHeader],
        };
}
