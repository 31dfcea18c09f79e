using PeakS3Feed.Errors;
using PeakS3Feed.Formats.Csv;
using PeakS3Feed.Remedies;

namespace PeakS3Feed.Rows;

/// <summary>The errors about the fields of files.</summary>
internal static class RowErrors
{
    private const int NamesShown = 5;

    public static FeedException NewField(SourcePosition position, string feed) => new(
        "NewField", FeedErrorCategory.InvalidData, $"{position} is a field that feed {feed} has no column for.")
    {
        Target = position.ObjectUri,
        Position = position,
        Hint = "Let the feed add columns for new fields, or ignore them.",
        Remedies = [Remedy.SetFeed(feed, "SchemaEvolution", "AddColumns"), Remedy.SetFeed(feed, "SchemaEvolution", "Ignore")],
    };

    /// <summary>A file has none of the fields that the feed has.</summary>
    /// <param name="position">The position of the file's field names.</param>
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
            "NoKnownField", FeedErrorCategory.InvalidData, $"Feed {feed} has none of the fields of {position.ObjectUri}: {Names(found)}.")
        {
            Target = position.ObjectUri,
            Position = position,
            Hint = $"The feed has {Names(expected)}. " + (
                isLoadedMisread
                    ? "It read earlier files with another separator, as one column. Reset it and drop its table, and it reads all files again."
                : !isCsv ? "Names in JSON are case-sensitive. Exclude the file if it does not belong to the feed."
                : separator is not null
                    ? "The file has another separator than the feed. Set that one if all later files have it; otherwise exclude the file."
                : HeaderClues.IsData(found)
                    ? "The file's first line looks like a row, so the file may have no header. Ask its producer for a header, or exclude the file."
                : "Check the feed's separator, header and skipped rows against the file, or exclude the file."),
            Remedies = isLoadedMisread ? [Remedy.ResetTable(feed)]
                : separator is null ? []
                : [Remedy.SetFeed(feed, "Separator", CsvSeparator.Word(separator), "csv.separator")],
        };
    }

    /// <summary>Two files of a sample have no field in common.</summary>
    /// <param name="position">The first file.</param>
    /// <param name="found">Its fields.</param>
    /// <param name="otherUri">The other file.</param>
    /// <param name="other">Its fields.</param>
    /// <param name="hasHeader">Whether the fields are CSV headers.</param>
    public static FeedException UnlikeFiles(
        SourcePosition position, IReadOnlyList<string> found, string otherUri, IReadOnlyList<string> other, bool hasHeader)
    {
        var isData = hasHeader && (HeaderClues.IsData(found) || HeaderClues.IsData(other) || HeaderClues.HaveDataAtSamePosition(found, other));
        return new(
            "NoKnownField",
            FeedErrorCategory.InvalidData,
            $"{position.ObjectUri} and {otherUri} have no field in common. The first has {Names(found)}, the second {Names(other)}.")
        {
            Target = position.ObjectUri,
            Position = position,
            Hint = isData ? "Their first lines look like rows. Set that the files have no header."
                : hasHeader && (HeaderClues.FindSeparator(found, other) ?? HeaderClues.FindSeparator(other, found)) is { } separator
                    ? $"One of them has the separator {CsvSeparator.Word(separator)}: exclude the files with one of the separators, "
                        + "and create another feed for them."
                : "Exclude the files that do not belong to the feed. Files of two kinds need two feeds.",
            Settings = isData ? [FeedSetting.NoHeader] : [],
        };
    }

    /// <summary>Two files of a sample have different separators.</summary>
    public static FeedException SeparatorsDiffer(string uri, string separator, string otherUri) => new(
        "NoKnownField",
        FeedErrorCategory.InvalidData,
        $"{uri} has the separator {CsvSeparator.Word(separator)}, and {otherUri} has another one. They have no field in common.")
    {
        Target = uri,
        Position = new SourcePosition(uri, 1),
        Hint = "A feed reads files with one separator. Exclude the files with one of the separators, and create another feed for them.",
    };

    internal static string Names(IEnumerable<string> names)
    {
        var all = names.ToList();
        var shown = string.Join(", ", all.Take(NamesShown).Select(n => $"\"{(n.Length > 40 ? n[..40] + "…" : n)}\""));
        return all.Count > NamesShown ? $"{shown} and {all.Count - NamesShown} more" : shown;
    }
}
