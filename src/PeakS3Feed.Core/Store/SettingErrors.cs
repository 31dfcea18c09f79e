using PeakS3Feed.Errors;
using PeakS3Feed.Feeds;
using PeakS3Feed.Store.Documents;

namespace PeakS3Feed.Store;

/// <summary>The errors of changing single settings.</summary>
internal static class SettingErrors
{
    public static FeedException Invalid(S3Feed feed, FeedJson edited, IReadOnlyList<DocumentProblem> problems)
    {
        var first = problems[0];
        var more = problems.Count switch { 1 => "", 2 => " (And 1 more problem.)", _ => $" (And {problems.Count - 1} more problems.)" };
        var key = edited.KeyOf(first.Path);
        var what = first.Message.StartsWith(key + " ", StringComparison.Ordinal) ? first.Message : $"{key}: {first.Message}";
        return new("SettingInvalid", FeedErrorCategory.InvalidArgument, $"Feed {feed.Name} was not changed: {what}{more}")
        {
            Target = feed.Name,
            Hint = first.Hint,
        };
    }

    public static FeedException NotAKey(S3Feed feed, string key) => new(
        "SettingInvalid", FeedErrorCategory.InvalidArgument, $"Feed {feed.Name} was not changed: \"{key}\" is not the key of a setting.")
    {
        Target = feed.Name,
        Hint = "Keys are those of an import document, for example table or csv.separator.",
    };

    public static FeedException NoSuchColumn(S3Feed feed, string column) => new(
        "SettingInvalid", FeedErrorCategory.InvalidArgument, $"Feed {feed.Name} was not changed: it has no column \"{column}\".")
    {
        Target = feed.Name,
        Hint = feed.Schema is { } schema
            ? $"Its columns are {string.Join(", ", schema.Columns.Select(c => c.Name))}."
            : "Its columns are found when it first runs.",
    };

    public static FeedException Fixed(S3Feed feed) => new(
        "SettingInvalid", FeedErrorCategory.InvalidArgument, $"The id of feed {feed.Name} cannot be changed: what it has loaded is recorded under it.")
    {
        Target = feed.Name,
    };
}
