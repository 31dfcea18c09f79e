using System.Collections;
using PeakS3Feed.Errors;
using PeakS3Feed.Feeds;
using PeakS3Feed.Feeds.Planning;
using PeakS3Feed.Remedies;
using PeakS3Feed.Sources;
using PeakS3Feed.Wording;

namespace PeakS3Feed.Cmdlets.Planning;

/// <summary>What the next run of a feed would do.</summary>
public sealed class S3FeedPlanInfo
{
    private readonly FeedPlan _plan;

    internal S3FeedPlanInfo(FeedPlan plan)
    {
        _plan = plan;
        Obstacle = S3FeedObstacle.From(plan.Obstacle);
        Destinations = plan.Destinations.Select(d => new S3FeedPlanDestination(d)).ToArray();
    }

    /// <summary>The feed's name.</summary>
    public string FeedName => _plan.FeedName;

    /// <summary>How the run would load the rows.</summary>
    public LoadType LoadType => _plan.Feed.LoadType;

    /// <summary>The table that the run would load into.</summary>
    public string Table => _plan.Feed.TableName;

    /// <summary>Where rows would land.</summary>
    public string Destination => _plan.Destination;

    /// <summary>Whether there is nothing to do.</summary>
    public bool IsNothingToDo => _plan.IsNothingToDo;

    /// <summary>Whether the feed has never loaded an object and none matches it.</summary>
    public bool MatchesNothing => _plan.MatchesNothing;

    /// <summary>How the objects were found: by listing, or only those that queues have announced.</summary>
    public ObjectDiscovery Discovery => _plan.Discovery;

    /// <summary>The number of objects to load.</summary>
    public long ObjectsToLoad => _plan.ObjectsToLoad;

    /// <summary>Their bytes as stored.</summary>
    public long BytesToLoad => _plan.BytesToLoad;

    /// <summary>How many of them were loaded before in another version.</summary>
    public long ObjectsChanged => _plan.ObjectsChanged;

    /// <summary>Objects loaded already, in this version, into all destinations.</summary>
    public long ObjectsUnchanged => _plan.ObjectsUnchanged;

    /// <summary>Objects that are taken as loaded, since the feed adopts the table with AssumeLoadedBefore.</summary>
    public long ObjectsAssumedLoaded => _plan.ObjectsAssumedLoaded;

    /// <summary>Objects that other loads have brought into the table, which the feed takes over by adopting it.</summary>
    public long ObjectsTakenOver => _plan.ObjectsTakenOver;

    /// <summary>Objects passed over.</summary>
    public long ObjectsSkipped => _plan.ObjectsSkipped;

    /// <summary>Why a run would not start; null if it would.</summary>
    public S3FeedObstacle? Obstacle { get; }

    /// <summary>Warnings about the plan.</summary>
    public IReadOnlyList<FeedWarning> Warnings => _plan.Warnings;

    /// <summary>What the run would do in each destination.</summary>
    public IReadOnlyList<S3FeedPlanDestination> Destinations { get; }

    /// <summary>The statements that the next commits would issue, in order; the rows themselves are left out.</summary>
    public IReadOnlyList<string> Statements => _plan.Statements;

    /// <summary>The objects to load, in loading order. They are read from a scratch file, each time anew.</summary>
    public IEnumerable<SourceObject> Objects => new PlannedObjects<SourceObject>(_plan.Objects, _plan.ObjectsToLoad);

    /// <summary>The objects passed over, with the reason, in the order of their keys.</summary>
    public IEnumerable<SkippedObject> Skipped => new PlannedObjects<SkippedObject>(_plan.Skipped, _plan.ObjectsSkipped);

    /// <summary>The whole plan as text, with control characters escaped.</summary>
    public string GetText() => PlanText.Format(_plan)
        + (Obstacle is null ? "" : $"{Environment.NewLine}  a run would not start: {VisibleText.Escape(Obstacle.ToString())}");

    /// <summary>The name of the feed.</summary>
    public override string ToString() => FeedName;
}

/// <summary>What the next run of a feed would do in one destination.</summary>
public sealed class S3FeedPlanDestination
{
    private readonly DestinationPlan _plan;

    internal S3FeedPlanDestination(DestinationPlan plan) => (_plan, Obstacle) = (plan, S3FeedObstacle.From(plan.Obstacle));

    /// <summary>The destination's name.</summary>
    public string Name => _plan.Name;

    /// <summary>Where rows would land.</summary>
    public string Location => _plan.Location;

    /// <summary>Whether there is nothing to do.</summary>
    public bool IsNothingToDo => _plan.IsNothingToDo;

    /// <summary>The number of objects to load.</summary>
    public long ObjectsToLoad => _plan.ObjectsToLoad;

    /// <summary>Their bytes as stored.</summary>
    public long BytesToLoad => _plan.BytesToLoad;

    /// <summary>How many of them were loaded before in another version.</summary>
    public long ObjectsChanged => _plan.ObjectsChanged;

    /// <summary>Objects loaded already, in this version.</summary>
    public long ObjectsUnchanged => _plan.ObjectsUnchanged;

    /// <summary>Objects that are taken as loaded.</summary>
    public long ObjectsAssumedLoaded => _plan.ObjectsAssumedLoaded;

    /// <summary>Objects that other loads have brought into the table.</summary>
    public long ObjectsTakenOver => _plan.ObjectsTakenOver;

    /// <summary>Why a run would not load into the destination; null if it would.</summary>
    public S3FeedObstacle? Obstacle { get; }

    /// <summary>The statements that the next commit would issue, in order.</summary>
    public IReadOnlyList<string> Statements => _plan.Statements;

    /// <summary>The name of the destination.</summary>
    public override string ToString() => Name;
}

/// <summary>Why a run would not start.</summary>
/// <param name="Id">The id of the error that the run would have, as in docs/errors.md.</param>
/// <param name="Message">The reason.</param>
/// <param name="Hint">What to do, or null.</param>
/// <param name="Remedies">Suggested commands, the most likely first.</param>
public sealed record S3FeedObstacle(string Id, string Message, string? Hint, IReadOnlyList<Remedy> Remedies)
{
    /// <summary>The id and the reason.</summary>
    public override string ToString() => $"{Id}: {Message}";

    internal static S3FeedObstacle? From(FeedException? error)
        => error is null ? null : new(error.Id, error.Message, error.Hint, error.Remedies.ToArray());
}

// Export-Csv writes the text; ConvertTo-Json and pipelines read the objects.
internal sealed class PlannedObjects<T>(IEnumerable<T> objects, long count) : IEnumerable<T>
{
    public IEnumerator<T> GetEnumerator() => objects.GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    public override string ToString() => Quantities.Count(count, "object");
}
