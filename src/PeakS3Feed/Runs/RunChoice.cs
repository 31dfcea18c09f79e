using System.Management.Automation;
using PeakS3Feed.Cmdlets.Feeds;
using PeakS3Feed.Errors;
using PeakS3Feed.Runs;

namespace PeakS3Feed.Cmdlets.Runs;

/// <summary>The runs that an object of the pipeline selects: one run, all runs of a feed, or all runs.</summary>
/// <param name="RunId">The id of one run, or the beginning of it; null for several runs.</param>
/// <param name="FeedName">The feed; null for all feeds.</param>
internal sealed record RunChoice(string? RunId, string? FeedName)
{
    /// <summary>All runs of all feeds.</summary>
    public static RunChoice All { get; } = new(null, null);

    /// <summary>The target of errors.</summary>
    public string? Target => RunId ?? FeedName;

    /// <summary>Selects one run.</summary>
    public static RunChoice FromRun(string id) => new(id, null);

    /// <summary>Selects all runs of a feed.</summary>
    public static RunChoice FromFeed(string name) => new(null, name);

    /// <summary>
    /// Selects the runs of an object. An object with an id must be a run: a person who pipes one object does not mean all runs of a feed.
    /// </summary>
    public static RunChoice From(PSObject input) => input.BaseObject switch
    {
        S3FeedRun run => FromRun(run.Id.ToString()),
        S3FeedInfo feed => FromFeed(feed.Name),
        string name => FromFeed(name),
        Guid id => FromRun(id.ToString()),
        _ when input.TypeNames[0].StartsWith("PeakS3Feed.", StringComparison.Ordinal) => throw NotARun(input),
        // A run from another process, or with only some of its properties.
        _ when Text(input, "Id") is { } id && Text(input, "FeedId") is not null => FromRun(id),
        _ when Text(input, "Id") is { } id && Text(input, "FeedName") is not null && Text(input, "Name") is null => FromRun(id),
        // An object with a name of its own beside the feed's is a trigger or a watcher.
        _ when Text(input, "Id") is null && Text(input, "RunId") is null && Text(input, "FeedName") is null != Text(input, "Name") is null
            => FromFeed((Text(input, "FeedName") ?? Text(input, "Name"))!),
        _ => throw NotARun(input),
    };

    private static FeedException NotARun(PSObject input)
        => new("InputNotARun", FeedErrorCategory.InvalidArgument, "The object from the pipeline is neither a run nor a feed.")
        {
            Target = input.ToString(),
            Hint = "Pipe the output of Get-S3FeedRun or Get-S3Feed, or name runs with -Id.",
        };

    private static string? Text(PSObject input, string property)
        => input.Properties[property]?.Value?.ToString() is { Length: > 0 } text ? text : null;
}
