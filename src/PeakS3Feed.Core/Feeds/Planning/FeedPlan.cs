using PeakS3Feed.Destinations.Loading;
using PeakS3Feed.Errors;
using PeakS3Feed.Schemas;
using PeakS3Feed.Sources;

namespace PeakS3Feed.Feeds.Planning;

/// <summary>
/// What the next run of a feed would do. The counts are in memory. The objects are enumerated from a scratch file, which is deleted when the plan
/// is disposed, or when nothing refers to the plan any more.
/// </summary>
public sealed class FeedPlan : IDisposable
{
    internal FeedPlan(PlanFile file, ObjectMatcher matcher) => (File, Matcher) = (file, matcher);

    /// <summary>The feed. Where it had no separator or schema, it has the one that planning found.</summary>
    public required S3Feed Feed { get; init; }

    /// <summary>The feed's name.</summary>
    public string FeedName => Feed.Name;

    /// <summary>What the loads do.</summary>
    public required LoadSpec Spec { get; init; }

    /// <summary>The columns. Empty when there is no object to infer them from.</summary>
    public FeedSchema Schema => Spec.Schema;

    /// <summary>What the run would do in each destination, in the order of the feed's destinations.</summary>
    public required IReadOnlyList<DestinationPlan> Destinations { get; init => field = value.ToArray(); }

    /// <summary>Where rows would land, for people.</summary>
    public string Destination => string.Join(" and ", Destinations.Select(d => d.Location));

    /// <summary>The number of objects to load. An object that both destinations need counts once.</summary>
    public long ObjectsToLoad { get; init; }

    /// <summary>Their bytes as stored.</summary>
    public long BytesToLoad { get; init; }

    /// <summary>How many of them were loaded before in another version.</summary>
    public long ObjectsChanged { get; init; }

    /// <summary>How the objects were found: by listing, or only those that queues have announced.</summary>
    public ObjectDiscovery Discovery { get; init; }

    /// <summary>Objects loaded already, in this version, into all destinations.</summary>
    public long ObjectsUnchanged { get; init; }

    /// <summary>Objects that are taken as loaded, since the feed adopts the table with AssumeLoadedBefore.</summary>
    public long ObjectsAssumedLoaded => Destinations.Sum(d => d.ObjectsAssumedLoaded);

    /// <summary>Objects that other loads have brought into the table, which the feed takes over by adopting it.</summary>
    public long ObjectsTakenOver => Destinations.Sum(d => d.ObjectsTakenOver);

    /// <summary>Objects passed over, by reason.</summary>
    public IReadOnlyDictionary<string, long> SkippedByReason { get; init; } = new Dictionary<string, long>(StringComparer.Ordinal);

    /// <summary>Objects passed over.</summary>
    public long ObjectsSkipped => SkippedByReason.Values.Sum();

    /// <summary>The statements that the next commits would issue, in order; the rows themselves are left out.</summary>
    public IReadOnlyList<string> Statements => Destinations.SelectMany(d => d.Statements).ToArray(); // an array, whose items PowerShell can index

    /// <summary>Whether there is nothing to do.</summary>
    public bool IsNothingToDo => Obstacle is null && Destinations.All(d => d.IsNothingToDo);

    /// <summary>Whether the feed has never loaded an object and none matches it. A warning, or the obstacle, names the objects that exist.</summary>
    public bool MatchesNothing { get; init; }

    /// <summary>
    /// Why a run would refuse to begin, or null. If only one of two destinations cannot be loaded, the run still loads the other one
    /// (<see cref="DestinationPlan.Obstacle"/>).
    /// </summary>
    public FeedException? Obstacle { get; init; }

    /// <summary>Warnings about the plan: none of them is an obstacle.</summary>
    public IReadOnlyList<FeedWarning> Warnings { get; init => field = value.ToArray(); } = [];

    /// <summary>The objects to load, in loading order.</summary>
    public IEnumerable<SourceObject> Objects => File.Waiting();

    /// <summary>The objects passed over, with the reason, in the order of their keys.</summary>
    public IEnumerable<SkippedObject> Skipped => File.Skipped();

    /// <summary>Whether the feed has loaded into any of the destinations.</summary>
    internal bool HasLoaded => Destinations.Any(d => d.Ledger is { HasLoaded: true });

    /// <summary>For TruncateInsert, what the run would load.</summary>
    internal ReplaceSignature? Signature { get; init; }

    /// <summary>What is part of the feed.</summary>
    internal ObjectMatcher Matcher { get; }

    /// <summary>The prefix of all keys of the feed.</summary>
    internal string Prefix { get; init; } = "";

    /// <summary>Whether objects that a warehouse cannot load itself are staged. Otherwise that is an error.</summary>
    internal bool MayStage { get; init; } = true;

    /// <summary>The form of objects with a separator, where a warehouse loads them itself; or null.</summary>
    internal Func<char, DirectForm>? CreateForm { get; init; }

    internal PlanFile File { get; }

    /// <inheritdoc/>
    public void Dispose() => File.Dispose();

    /// <summary>The name of the feed.</summary>
    public override string ToString() => FeedName;
}

/// <summary>What the next run of a feed would do in one destination.</summary>
public sealed record DestinationPlan
{
    /// <summary>The destination's name.</summary>
    public required string Name { get; init; }

    /// <summary>Where rows would land, for people.</summary>
    public required string Location { get; init; }

    /// <summary>Objects to load.</summary>
    public long ObjectsToLoad { get; init; }

    /// <summary>Their bytes as stored.</summary>
    public long BytesToLoad { get; init; }

    /// <summary>How many of them were loaded before in another version.</summary>
    public long ObjectsChanged { get; init; }

    /// <summary>Objects loaded already, in this version.</summary>
    public long ObjectsUnchanged { get; init; }

    /// <summary>Objects that are taken as loaded, since the feed adopts the table with AssumeLoadedBefore.</summary>
    public long ObjectsAssumedLoaded { get; init; }

    /// <summary>Objects that other loads have brought into the table, which the feed takes over by adopting it.</summary>
    public long ObjectsTakenOver { get; init; }

    /// <summary>The statements that the next commit would issue, in order; the rows themselves are left out.</summary>
    public IReadOnlyList<string> Statements { get; init => field = value.ToArray(); } = [];

    /// <summary>How the objects reach the destination, and why; null if it has one way only.</summary>
    public LoadPathChoice? LoadPath { get; init; }

    /// <summary>Whether there is nothing to do.</summary>
    public bool IsNothingToDo { get; init; }

    /// <summary>Why a run would not load into the destination, or null.</summary>
    public FeedException? Obstacle { get; init; }

    /// <summary>Whether the run has something to write into the ledger although there may be no object to load.</summary>
    internal bool Adopts => ObjectsTakenOver > 0 || ObjectsAssumedLoaded > 0;

    /// <summary>The state of the ledger from which the plan was made, or null when there is no ledger yet.</summary>
    internal LedgerState? Ledger { get; init; }

    /// <summary>The name of the destination.</summary>
    public override string ToString() => Name;
}
