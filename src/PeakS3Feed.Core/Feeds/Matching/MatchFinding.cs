using PeakS3Feed.Errors;

namespace PeakS3Feed.Feeds.Matching;

/// <summary>Why a feed matches nothing.</summary>
/// <param name="Text">What there is instead, in sentences.</param>
/// <param name="Change">The settings that would make it match, or null where nothing near is known.</param>
internal sealed record MatchFinding(string Text, SettingChanges? Change = null)
{
    private const string Waiting = "A feed that waits for its first files is quiet with EmptyPath Ignore.";

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

    /// <summary>The commands for a feed that is in the store.</summary>
    public IReadOnlyList<Remedy> Remedies(S3Feed feed) => Change?.Command(feed.Name) is { } command ? [command] : [];
}
