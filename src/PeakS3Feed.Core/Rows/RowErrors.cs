using PeakS3Feed.Errors;

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

    public static FeedException NoKnownField(
        SourcePosition position, string feed, IEnumerable<string> found, IEnumerable<string> expected, bool isCsv) => new(
        "NoKnownField", FeedErrorCategory.InvalidData, $"None of the fields of {position.ObjectUri} is one of feed {feed}: it has {Names(found)}.")
    {
        Target = position.ObjectUri,
        Position = position,
        Hint = isCsv
            ? $"The feed knows {Names(expected)}. Check its separator, header and skipped rows against the file, or exclude the file."
            : $"The feed knows {Names(expected)}. Names in JSON differ by case. Exclude the file if it is something else.",
        Remedies = isCsv ? [Remedy.SetFeed(feed, "Separator", "Auto", "csv.separator")] : [],
    };

    private static string Names(IEnumerable<string> names)
    {
        var all = names.ToList();
        var shown = string.Join(", ", all.Take(NamesShown).Select(n => $"\"{(n.Length > 40 ? n[..40] + "…" : n)}\""));
        return all.Count > NamesShown ? $"{shown} and {all.Count - NamesShown} more" : shown;
    }
}
