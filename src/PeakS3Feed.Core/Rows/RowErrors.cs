using PeakS3Feed.Errors;
using PeakS3Feed.Formats.Csv;

namespace PeakS3Feed.Rows;

/// <summary>The errors of binding a file's fields to the schema.</summary>
internal static class RowErrors
{
    private const int NamesShown = 5;

    public static FeedException NewField(SourcePosition position, string feed) => new(
        "NewField", FeedErrorCategory.InvalidData, $"{position} is a field that feed {feed} has no column for.")
    {
        Target = position.ObjectUri,
        Position = position,
        Hint = "Let the feed add columns for new fields, or leave them out.",
        Remedies = [Remedy.SetFeed(feed, "SchemaEvolution", "AddColumns"), Remedy.SetFeed(feed, "SchemaEvolution", "Ignore")],
    };

    /// <summary>A file has none of the fields that the feed knows.</summary>
    /// <param name="position">Where the file names its fields.</param>
    /// <param name="feed">The feed's name.</param>
    /// <param name="found">The file's fields.</param>
    /// <param name="expected">The feed's fields.</param>
    /// <param name="isCsv">Whether it is CSV.</param>
    public static FeedException NoKnownField(
        SourcePosition position, string feed, IReadOnlyList<string> found, IReadOnlyList<string> expected, bool isCsv)
    {
        var separator = isCsv ? HeaderClues.FindSeparator(found, expected) : null;
        var isLoadedMisread = isCsv && HeaderClues.FindSeparator(expected, found) is not null;
        return new(
            "NoKnownField", FeedErrorCategory.InvalidData, $"None of the fields of {position.ObjectUri} is one of feed {feed}: it has {Names(found)}.")
        {
            Target = position.ObjectUri,
            Position = position,
            Hint = $"The feed knows {Names(expected)}. " + (
                isLoadedMisread ? "It loaded earlier files as one column, with another separator: reset it and drop its table, and all files are read again."
                : !isCsv ? "Names in JSON differ by case. Exclude the file if it is something else."
                : separator is not null ? "The file has another separator than the feed: set that one if all later files have it, else exclude the file."
                : HeaderClues.IsData(found) ? "The file's first line looks like a row: it seems to have no header. Have it written with one, or exclude it."
                : "Check its separator, header and skipped rows against the file, or exclude the file."),
            Remedies = isLoadedMisread ? [Remedy.ResetTable(feed)] : separator is null ? [] : [Remedy.SetFeed(feed, "Separator", CsvSeparator.Word(separator), "csv.separator")],
        };
    }

    /// <summary>Two files of a sample have no field in common.</summary>
    /// <param name="position">The one file.</param>
    /// <param name="found">Its fields.</param>
    /// <param name="otherUri">The other file.</param>
    /// <param name="other">Its fields.</param>
    /// <param name="hasHeader">Whether the fields are those of headers of CSV.</param>
    public static FeedException UnlikeFiles(
        SourcePosition position, IReadOnlyList<string> found, string otherUri, IReadOnlyList<string> other, bool hasHeader)
    {
        var isData = hasHeader && (HeaderClues.IsData(found) || HeaderClues.IsData(other) || HeaderClues.HaveDataAlike(found, other));
        return new(
            "NoKnownField",
            FeedErrorCategory.InvalidData,
            $"{position.ObjectUri} and {otherUri} have no field in common: the one has {Names(found)}, the other {Names(other)}.")
        {
            Target = position.ObjectUri,
            Position = position,
            Hint = isData ? "Their first lines look like rows: say that the files have no header."
                : hasHeader && (HeaderClues.FindSeparator(found, other) ?? HeaderClues.FindSeparator(other, found)) is { } separator
                    ? $"One of them has the separator {CsvSeparator.Word(separator)}: exclude the files with one of the separators, and make a feed of their own for these."
                : "Exclude the files that are something else; files of two kinds are two feeds.",
            Settings = isData ? [FeedSetting.NoHeader] : [],
        };
    }

    /// <summary>Two files of a sample have different separators.</summary>
    public static FeedException SeparatorsDiffer(string uri, string separator, string otherUri) => new(
        "NoKnownField",
        FeedErrorCategory.InvalidData,
        $"{uri} has the separator {CsvSeparator.Word(separator)}, and {otherUri} has another one: they have no field in common.")
    {
        Target = uri,
        Position = new SourcePosition(uri, 1),
        Hint = "A feed reads files of one separator. Exclude the files with one of them, and make a feed of their own for these.",
    };

    internal static string Names(IEnumerable<string> names)
    {
        var all = names.ToList();
        var shown = string.Join(", ", all.Take(NamesShown).Select(n => $"\"{(n.Length > 40 ? n[..40] + "…" : n)}\""));
        return all.Count > NamesShown ? $"{shown} and {all.Count - NamesShown} more" : shown;
    }
}
