using PeakS3Feed.Connections;
using PeakS3Feed.Destinations.Loading;
using PeakS3Feed.Errors;
using PeakS3Feed.Feeds.Matching;
using PeakS3Feed.Feeds.Sampling;
using PeakS3Feed.Schemas;
using PeakS3Feed.Sources;

namespace PeakS3Feed.Feeds.Planning;

/// <summary>
/// Finds what a run would do: it loads the objects that match the feed and that a destination's ledger does not have. Lists once, however many
/// destinations there are. Changes nothing.
/// </summary>
public sealed class FeedPlanner
{
    private readonly S3Feed _feed;
    private readonly S3Connection _connection;
    private readonly IObjectSource _source;
    private readonly IReadOnlyList<PlanTarget> _destinations;
    private readonly ObjectMatcher _matcher;
    private readonly string _prefix;
    private readonly TimeProvider _time;
    private readonly IProgress<long>? _listed;
    private readonly IReadOnlyList<string>? _announced;
    private readonly WarningList _warnings = new();
    private readonly ValueLimits _limits;

    /// <summary>Plans a feed.</summary>
    /// <param name="feed">The feed.</param>
    /// <param name="connection">Its connection.</param>
    /// <param name="source">The connection's objects.</param>
    /// <param name="destinations">The feed's destinations, one or two.</param>
    /// <param name="time">The clock.</param>
    /// <param name="listed">Reports how many objects were listed so far.</param>
    /// <param name="announced">
    /// The keys of the only objects to consider, in the order of their bytes; null for all. A destination that has loaded nothing yet needs all.
    /// </param>
    public FeedPlanner(
        S3Feed feed, S3Connection connection, IObjectSource source, IReadOnlyList<PlanTarget> destinations, TimeProvider time,
        IProgress<long>? listed = null, IReadOnlyList<string>? announced = null)
    {
        _feed = feed;
        _connection = connection;
        _source = source;
        _destinations = destinations;
        _time = time;
        _listed = listed;
        _announced = announced;
        _matcher = FeedObjects.Matcher(feed, connection);
        _prefix = FeedObjects.Prefix(feed, connection);
        _limits = PartitionRules.Reserve(ValueLimits.Narrowest(destinations.Select(d => d.Destination.Capabilities.ValueLimits)), feed);
    }

    /// <summary>Makes the plan.</summary>
    public async Task<FeedPlan> PlanAsync(CancellationToken cancellationToken)
    {
        var survey = new MatchSurvey();
        var file = new PlanFile(_source.Bucket, _destinations.Count);
        try
        {
            await using var listing = BeginListing(cancellationToken);
            List<TargetPlanner> targets = [.. _destinations.Select((d, i) => new TargetPlanner(d, i, _feed, _connection, _source.Bucket, file, _warnings))];
            foreach (var target in targets)
                await target.InspectAsync(cancellationToken);
            // With one destination, the objects that it needs. With two, the objects that at least one of them needs.
            var counts = targets.Count == 1 ? targets[0].Counts : new PlanCounts();
            await ListAsync(file, targets, listing, counts, survey, cancellationToken);
            file.Seal();
            var (feed, sampled) = await DescribeColumnsAsync(targets, counts, cancellationToken);
            foreach (var target in targets)
                await target.FitAsync(feed, sampled, cancellationToken);
            if (targets.Exists(t => t.HasNoColumnYet))
                _warnings.Add(SamplingWarnings.NoColumnYet(feed, sampled!));
            return await FinishAsync(file, feed, targets, counts, survey, cancellationToken);
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    private async Task ListAsync(
        PlanFile file, List<TargetPlanner> targets, BegunItems<SourceObject>? listing, PlanCounts counts, MatchSurvey survey,
        CancellationToken cancellationToken)
    {
        var announced = FindsByEvents(targets) ? _announced!.Where(k => k.StartsWith(_prefix, StringComparison.Ordinal)).ToList() : null;
        if (announced is [])
            return;
        var first = announced?[0] ?? _prefix;
        IReadOnlyList<IAsyncEnumerable<LedgerEntry>> ledgers = [.. targets.Select(t => t.ReadLedgerAsync(first, cancellationToken))];
        await foreach (var (item, loaded) in ListingMerge.JoinAsync(FindAsync(announced, listing, cancellationToken), ledgers, cancellationToken))
        {
            if (++counts.Listed % 1000 == 0)
                _listed?.Report(counts.Listed);
            if (_matcher.GetSkipReason(item) is not { } reason)
            {
                Choose(file, targets, counts, item, loaded);
                continue;
            }
            survey.Add(item, reason);
            if (reason == SkipReason.NotThisFileType)
                continue;
            counts.Skip(item, reason.ToString());
            file.AddSkipped(item, reason.ToString());
        }
        _listed?.Report(counts.Listed);
    }

    // The source lists its first objects while the destinations are inspected.
    private BegunItems<SourceObject>? BeginListing(CancellationToken cancellationToken)
        => _announced is null ? new(token => _source.ListAsync(_prefix, token), cancellationToken) : null;

    private IAsyncEnumerable<SourceObject> FindAsync(
        List<string>? announced, BegunItems<SourceObject>? listing, CancellationToken cancellationToken)
        => announced is not null
            ? AnnouncedObjects.FindAsync(_source, announced, cancellationToken)
            : listing?.ReadAsync(cancellationToken) ?? _source.ListAsync(_prefix, cancellationToken);

    private bool FindsByEvents(List<TargetPlanner> targets) => _announced is not null && targets.TrueForAll(t => t.HasLoaded);

    private static void Choose(PlanFile file, List<TargetPlanner> targets, PlanCounts counts, SourceObject item, LedgerEntry?[] loaded)
    {
        var (needed, isChanged, isIgnored, isUnchanged) = (0, false, false, true);
        for (var i = 0; i < targets.Count; i++)
        {
            var choice = targets[i].Choose(item, ref loaded[i]);
            if (choice == TargetChoice.Load)
            {
                needed |= 1 << i;
                isChanged |= loaded[i] is not null; // another destination may have this version
            }
            isIgnored |= choice == TargetChoice.ChangedIgnored;
            isUnchanged &= choice == TargetChoice.Unchanged;
        }
        if (needed != 0)
        {
            file.Add(item, needed, loaded);
        }
        else if (isIgnored)
        {
            counts.Skip(item, nameof(TargetChoice.ChangedIgnored));
            file.AddSkipped(item, nameof(TargetChoice.ChangedIgnored));
        }
        if (targets.Count > 1)
            counts.AddOfPair(item, needed != 0, isChanged, isUnchanged);
    }

    private async Task<(S3Feed Feed, SampledSchema? Sampled)> DescribeColumnsAsync(
        List<TargetPlanner> targets, PlanCounts counts, CancellationToken cancellationToken)
    {
        SampledSchema? sampled = null;
        List<FeedColumn> recorded = [];
        foreach (var column in targets.SelectMany(t => t.RecordedColumns))
        {
            if (!recorded.Exists(c => c.Field == column.Field || c.Name == column.Name))
                recorded.Add(column);
        }
        var feed = _feed.Schema is null && recorded.Count > 0 ? _feed with { Schema = new FeedSchema(recorded) } : _feed;
        if ((feed.Schema is null || feed.Csv.Separator is null) && counts.ToLoad > 0)
        {
            var sampler = new SchemaSampler(_source, _matcher, _prefix, _limits, _time);
            sampled = await sampler.InferAsync(feed, sampleAll: false, cancellationToken);
            feed = sampled.Feed;

            // The load itself adds a warning for each file whose header has another spelling.
            _warnings.AddRange(sampled.Warnings.Where(w => w.Id != SchemaWarnings.HeaderSpellingId).Select(w => w.ForFeed(feed.Name)));
        }
        // The planner knows which fields every file had only for files that a ledger has.
        var schema = targets.Find(t => t.HasLoaded)?.Table.Ledger?.Schema is { } loaded
            ? (feed.Schema ?? loaded).WithInEveryFileOf(loaded)
            : (feed.Schema ?? new FeedSchema([])).WithoutInEveryFile();
        var allowed = ColumnNames.ReplaceReserved(schema, recorded, _limits);
        _warnings.AddRange(PlanWarnings.ColumnsRenamed(schema, allowed, recorded));
        schema = allowed;
        var missing = recorded.Where(c => schema.FindField(c.Field) is null && schema.Find(c.Name) is null).ToList();
        return (feed with { Schema = schema.With(missing) }, sampled);
    }

    private async Task<FeedPlan> FinishAsync(
        PlanFile file, S3Feed feed, List<TargetPlanner> targets, PlanCounts counts, MatchSurvey survey, CancellationToken cancellationToken)
    {
        var signature = feed.LoadType == LoadType.TruncateInsert ? new ReplaceSignature(targets[0].Counts.VersionsHash()) : null;
        var finding = await ExplainAsync(targets, counts, survey, cancellationToken);
        var archived = feed.LoadType == LoadType.TruncateInsert && counts.FirstArchived is { } first
            ? FeedRunErrors.ArchivedInReplace(feed, first, counts.Skipped[nameof(SkipReason.Archived)], _prefix)
            : null;
        IReadOnlyList<DestinationPlan> plans = [.. targets.Select(t => t.Finish(feed, signature, archived, finding))];
        // A destination that cannot be loaded is an obstacle for the run only if there is no other destination to load.
        var obstacle = plans.All(p => p.Obstacle is not null) ? plans[0].Obstacle : null;
        if (finding is not null && plans.All(p => p.IsNothingToDo))
            _warnings.Add(finding.Warning(feed));
        var isUnchanged = plans.All(p => p.ObjectsToLoad == 0);
        return new FeedPlan(file, _matcher)
        {
            Feed = feed,
            Spec = targets[0].Spec,
            Destinations = plans,
            ObjectsToLoad = isUnchanged ? 0 : counts.ToLoad,
            BytesToLoad = isUnchanged ? 0 : counts.Bytes,
            ObjectsChanged = counts.Changed,
            Discovery = FindsByEvents(targets) ? ObjectDiscovery.Events : ObjectDiscovery.List,
            ObjectsUnchanged = isUnchanged ? plans.Max(p => p.ObjectsUnchanged) : counts.Unchanged,
            SkippedByReason = counts.Skipped,
            MatchesNothing = finding is not null
                && !(counts.ToLoad == 0 && feed.LoadType == LoadType.TruncateInsert && targets.Exists(t => t.Table.HasRows)),
            Obstacle = obstacle,
            Warnings = _warnings.Items,
            Signature = signature,
            Prefix = _prefix,
            MayStage = targets.TrueForAll(t => t.MayStage),
            CreateForm = targets[0].FindRules(feed) is { } rules ? rules.CreateForm : null,
        };
    }

    // This applies while the feed has never loaded anything. Afterwards most runs find nothing new, because files are often removed once they are
    // loaded. A TruncateInsert that has loaded before fails when nothing matches any more, and its error also says why.
    private async Task<MatchFinding?> ExplainAsync(
        List<TargetPlanner> targets, PlanCounts counts, MatchSurvey survey, CancellationToken cancellationToken)
    {
        if (counts.ToLoad + counts.Unchanged > 0 || targets.Exists(t => t.Counts.Assumed + t.Counts.Unchanged > 0)
            || counts.Skipped.ContainsKey(nameof(TargetChoice.ChangedIgnored)))
            return null;
        var wouldEmpty = _feed is { LoadType: LoadType.TruncateInsert, AllowEmpty: false } && targets.Exists(t => t.Table.HasRows);
        var waits = !targets.Exists(t => t.HasLoaded) && _feed.EmptyPath != EmptyPathAction.Ignore;
        return waits || wouldEmpty ? await new MatchAdvisor(_source, _feed, _connection, _prefix).ExplainAsync(survey, cancellationToken) : null;
    }
}
