using PeakS3Feed.Destinations.Loading;
using PeakS3Feed.Errors;
using PeakS3Feed.Schemas;
using PeakS3Feed.Sources;

namespace PeakS3Feed.Feeds.Planning;

/// <summary>
/// What the next run of a feed would do. Counts are at hand, objects are enumerated from a scratch file that goes when the plan is disposed,
/// or when nobody refers to it any more.
/// </summary>
public sealed class FeedPlan : IDisposable
{
    internal FeedPlan(PlanFile file, ObjectMatcher matcher) => (File, Matcher) = (file, matcher);

    /// <summary>The feed, with the separator and schema that were found where it had none.</summary>
    public required S3Feed Feed { get; init; }

    /// <summary>The feed's name.</summary>
    public string FeedName => Feed.Name;

    /// <summary>What the loads do.</summary>
    public required LoadSpec Spec { get; init; }

    /// <summary>The columns. Empty when there is no object to infer them from.</summary>
    public FeedSchema Schema => Spec.Schema;

    /// <summary>Where rows would land, for people.</summary>
    public required string Destination { get; init; }

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

    /// <summary>Objects passed over, by reason.</summary>
    public IReadOnlyDictionary<string, long> SkippedByReason { get; init; } = new Dictionary<string, long>(StringComparer.Ordinal);

    /// <summary>Objects passed over.</summary>
    public long ObjectsSkipped => SkippedByReason.Values.Sum();

    /// <summary>The statements that the next commit would issue, in order; the rows themselves are left out.</summary>
    public IReadOnlyList<string> Statements { get; init => field = value.ToArray(); } = [];

    /// <summary>Whether there is nothing to do.</summary>
    public bool IsNothingToDo { get; init; }

    /// <summary>Whether no object matches the feed, which has never loaded one; a warning, or the obstacle, says what there is instead.</summary>
    public bool MatchesNothing { get; init; }

    /// <summary>Why a run would refuse to begin, or null.</summary>
    public FeedException? Obstacle { get; init; }

    /// <summary>What is to be told of the plan although it is no obstacle.</summary>
    public IReadOnlyList<FeedWarning> Warnings { get; init => field = value.ToArray(); } = [];

    /// <summary>Whether the run has something to write into the ledger although there may be no object to load.</summary>
    internal bool Adopts => ObjectsTakenOver > 0 || ObjectsAssumedLoaded > 0;

    /// <summary>For TruncateInsert, what the run would load.</summary>
    internal ReplaceSignature? Signature { get; init; }

    /// <summary>The objects to load, in loading order.</summary>
    public IEnumerable<SourceObject> Objects => File.Enumerate();

    /// <summary>The objects passed over, with the reason, in the order of their keys.</summary>
    public IEnumerable<SkippedObject> Skipped => File.Skipped();

    /// <summary>The ledger's state that the plan was made of, or null when there is none yet.</summary>
    internal LedgerState? Ledger { get; init; }

    /// <summary>What is part of the feed.</summary>
    internal ObjectMatcher Matcher { get; }

    internal PlanFile File { get; }

    /// <inheritdoc/>
    public void Dispose() => File.Dispose();
}
