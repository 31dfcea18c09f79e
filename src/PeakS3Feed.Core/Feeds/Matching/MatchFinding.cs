using PeakS3Feed.Errors;
using PeakS3Feed.Remedies;

namespace PeakS3Feed.Feeds.Matching;

/// <summary>The reason why a feed matches nothing.</summary>
/// <param name="Text">The objects that exist, in sentences.</param>
/// <param name="Change">The settings that would match, or null if none are known.</param>
internal sealed record MatchFinding(string Text, SettingChanges? Change = null)
{
    private const string Waiting = "For a feed that waits for its first files, set EmptyPath to Ignore.";

    /// <summary>The warning of a run or plan.</summary>
    public FeedWarning Warning(S3Feed feed) => new FeedWarning("NothingMatched", $"Feed {feed.Name} matches nothing. {Text}")
    {
        Subject = feed.Name,
        Hint = Change is null ? Waiting : null,
        Remedies = Remedies(feed),
    };

    /// <summary>The error of a run, with EmptyPath Fail.</summary>
    public FeedException Error(S3Feed feed) => new("NothingMatched", FeedErrorCategory.ObjectNotFound, $"Feed {feed.Name} matches nothing. {Text}")
    {
        Target = feed.Name,
        Hint = Change is null ? "Check the path, the file type and the patterns." : null,
        Remedies = Remedies(feed),
    };

    /// <summary>The commands for a feed in the store.</summary>
    public IReadOnlyList<Remedy> Remedies(S3Feed feed) => Change?.Command(feed.Name) is { } command ? [command] : [];
}
