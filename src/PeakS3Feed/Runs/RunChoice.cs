using System.Management.Automation;
using PeakS3Feed.Errors;
using PeakS3Feed.Feeds;
using PeakS3Feed.Runs;

namespace PeakS3Feed.Cmdlets.Runs;

/// <summary>Which runs an object of the pipeline stands for: one run, all runs of a feed, or all.</summary>
/// <param name="RunId">The id of the one run, or the beginning of it; null for others.</param>
/// <param name="FeedName">The feed; null for all feeds.</param>
internal sealed record RunChoice(string? RunId, string? FeedName)
{
    /// <summary>All runs of all feeds.</summary>
    public static RunChoice All { get; } = new(null, null);

    /// <summary>What errors are about.</summary>
    public string? Target => RunId ?? FeedName;

    /// <summary>One run.</summary>
    public static RunChoice OfRun(string id) => new(id, null);

    /// <summary>All runs of a feed.</summary>
    public static RunChoice OfFeed(string name) => new(null, name);

    /// <summary>What an object stands for. One that has an id is a run, or it is refused: nobody who pipes one thing means all runs of a feed.</summary>
    public static RunChoice Of(PSObject input) => input.BaseObject switch
    {
        S3FeedRun run => OfRun(run.Id.ToString()),
        S3Feed feed => OfFeed(feed.Name),
        string name => OfFeed(name),
        Guid id => OfRun(id.ToString()),
        // A run that comes from another process, or with some of its properties alone.
        _ when Text(input, "Id") is { } id && Text(input, "FeedId") is not null => OfRun(id),
        _ when Text(input, "Id") is { } id && Text(input, "FeedName") is not null && Text(input, "Name") is null => OfRun(id),
        // What has a name of its own beside its feed's is a trigger or a watcher.
        _ when Text(input, "Id") is null && Text(input, "RunId") is null && Text(input, "FeedName") is null != Text(input, "Name") is null
            => OfFeed((Text(input, "FeedName") ?? Text(input, "Name"))!),
        _ => throw new FeedException("InputNotARun", FeedErrorCategory.InvalidArgument, "What came through the pipeline is neither a run nor a feed.")
        {
            Target = input.ToString(),
            Hint = "Pipe what Get-S3FeedRun or Get-S3Feed gives, or name runs with -Id.",
        },
    };

    private static string? Text(PSObject input, string property) => input.Properties[property]?.Value?.ToString() is { Length: > 0 } text ? text : null;
}
