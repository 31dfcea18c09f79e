using PeakS3Feed.Connections;
using PeakS3Feed.Destinations;
using PeakS3Feed.Errors;
using PeakS3Feed.Feeds;
using PeakS3Feed.Remedies;
using PeakS3Feed.Triggers;

namespace PeakS3Feed.Store;

/// <summary>The errors about changes of single settings.</summary>
internal static class SettingErrors
{
    public static FeedException NotAKey(SettingOwner owner, string key) => new(
        "SettingInvalid", FeedErrorCategory.InvalidArgument, $"{owner} was not changed: it has no setting \"{key}\".")
    {
        Target = owner.Name,
        Hint = owner.Kind == "feed"
            ? "The keys are those of the import document, for example table or csv.separator."
            : "The keys are those of the import document.",
    };

    public static FeedException NoSuchColumn(SettingOwner owner, string column) => new(
        "SettingInvalid", FeedErrorCategory.InvalidArgument, $"{owner} was not changed: it has no column \"{column}\".")
    {
        Target = owner.Name,
        Hint = owner.Columns is { } schema
            ? $"Its columns are {string.Join(", ", schema.Columns.Select(c => c.Name))}."
            : "The first run finds its columns.",
    };

    /// <summary>The import of the changed definition would be refused.</summary>
    /// <param name="owner">The definition.</param>
    /// <param name="toKey">Returns the key of a path in the document.</param>
    /// <param name="problems">The problems of the document.</param>
    public static FeedException Invalid(SettingOwner owner, Func<string, string> toKey, IReadOnlyList<TextProblem> problems)
    {
        List<(string, string?)> list = [.. problems.Select(p => (Describe(p), p.Hint))];
        return new("SettingInvalid", FeedErrorCategory.InvalidArgument, DefinitionErrors.Describe($"{owner} was not changed", ':', list))
        {
            Target = owner.Name,
            Hint = DefinitionErrors.HintOf(list),
        };

        string Describe(TextProblem problem)
        {
            var key = toKey(problem.Path);
            return problem.Message.StartsWith(key + " ", StringComparison.Ordinal) ? problem.Message : $"{key}: {problem.Message}";
        }
    }

    public static FeedException Fixed(S3Connection connection, string key) => new(
        "SettingInvalid", FeedErrorCategory.InvalidArgument, $"The {key} of connection {connection.Name} cannot be changed.")
    {
        Target = connection.Name,
        Hint = key == "name"
            ? "Feeds name it: create another connection, and let the feeds use that one."
            : "The status is the result of the last test: run the test again.",
    };

    public static FeedException Fixed(S3FeedTrigger trigger, string key) => new(
        "SettingInvalid", FeedErrorCategory.InvalidArgument, $"The {key} of trigger {trigger.Name} cannot be changed.")
    {
        Target = trigger.Name,
        Hint = "Its fires are recorded under the id. For another name, create another trigger and remove this one.",
    };

    public static FeedException NameIsFixed(S3FeedDestination destination) => new(
        "SettingInvalid", FeedErrorCategory.InvalidArgument, $"The name of destination {destination.Name} cannot be changed.")
    {
        Target = destination.Name,
        Hint = "Feeds name it: create another destination, and let the feeds use that one.",
    };

    public static FeedException OtherKind(S3FeedDestination destination) => new(
        "SettingInvalid", FeedErrorCategory.InvalidArgument,
        $"Destination {destination.Name} is of the kind {destination.Kind}, which has no such settings.")
    {
        Target = destination.Name,
        Hint = "The kind cannot be changed: create another destination, and let the feeds use that one.",
    };

    public static FeedException IdIsFixed(S3Feed feed) => new(
        "SettingInvalid", FeedErrorCategory.InvalidArgument,
        $"The id of feed {feed.Name} cannot be changed: the ledger records its loads under this id.")
    {
        Target = feed.Name,
    };

    public static FeedException NameIsFixed(S3Feed feed, string name) => new(
        "SettingInvalid", FeedErrorCategory.InvalidArgument, $"The name of feed {feed.Name} cannot be changed together with its settings.")
    {
        Target = feed.Name,
        Hint = "Rename the feed in a step of its own.",
        Remedies = [Remedy.RenameFeed(feed.Name, name)],
    };
}
