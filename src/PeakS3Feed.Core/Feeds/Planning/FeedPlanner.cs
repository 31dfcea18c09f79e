using PeakS3Feed.Connections;
using PeakS3Feed.Destinations.Loading;
using PeakS3Feed.Errors;
using PeakS3Feed.Feeds.Matching;
using PeakS3Feed.Feeds.Sampling;
using PeakS3Feed.Schemas;
using PeakS3Feed.Sources;

namespace PeakS3Feed.Feeds.Planning;

/// <summary>Finds out what a run would do: what the feed matches, less the ledger. Changes nothing anywhere.</summary>
public sealed class FeedPlanner
{
    private readonly S3Feed _feed;
    private readonly S3Connection _connection;
    private readonly IObjectSource _source;
    private readonly ITableSession _session;
    private readonly IDestination _destination;
    private readonly ObjectMatcher _matcher;
    private readonly string _prefix;
    private readonly TimeProvider _time;
    private readonly IProgress<long>? _listed;
    private readonly WarningList _warnings = new();

    /// <summary>Plans a feed.</summary>
    /// <param name="feed">The feed.</param>
    /// <param name="connection">Its connection.</param>
    /// <param name="source">The connection's objects.</param>
    /// <param name="session">A session of the destination, for the feed's table.</param>
    /// <param name="destination">The destination.</param>
    /// <param name="time">The clock.</param>
    /// <param name="listed">Is told how many objects were listed so far.</param>
    public FeedPlanner(
        S3Feed feed, S3Connection connection, IObjectSource source, ITableSession session, IDestination destination, TimeProvider time,
        IProgress<long>? listed = null)
    {
        _feed = feed;
        _connection = connection;
        _source = source;
        _session = session;
        _destination = destination;
        _time = time;
        _listed = listed;
        _matcher = FeedObjects.Matcher(feed, connection);
        _prefix = FeedObjects.Prefix(feed, connection);
    }

    private LoadTarget Target => new(_feed.Id, _feed.Name, _feed.TableName);

    /// <summary>Makes the plan.</summary>
    public async Task<FeedPlan> PlanAsync(CancellationToken cancellationToken)
    {
        var counts = new PlanCounts();
        var survey = new MatchSurvey();
        var file = new PlanFile(_source.Bucket);
        try
        {
            var table = await _session.InspectAsync(cancellationToken);
            // Some rows of an adopted table may come from the objects that are to be loaded.
            var adoption = table.HasRows && table.Ledger is not { HasLoaded: true } && _feed.LoadType != LoadType.TruncateInsert;
            var takeover = adoption && _feed.AdoptTable ? table.Takeover : null;
            if (adoption && _feed.LoadType == LoadType.Incremental)
                await NameAsync(file, table, cancellationToken);
            await CollectAsync(file, counts, survey, adoption, takeover, cancellationToken);
            file.Seal();
            var (feed, sampled) = await DescribeColumnsAsync(counts, table, cancellationToken);
            var isColumnless = feed is { Schema.Columns.Count: 0, AuditColumns: AuditColumns.None } && sampled is not null && table.Ledger is not { HasLoaded: true };
            var (spec, fit, misfit) = isColumnless ? (Spec(feed), TableFit.None, SamplingErrors.NoColumn(feed, sampled!)) : Fit(feed, counts, table);
            if (isColumnless && misfit is null)
                _warnings.Add(SamplingWarnings.NoColumnYet(feed, sampled!));
            await CheckLedgerAsync(feed, table, spec, fit, cancellationToken);
            var signature = feed.LoadType == LoadType.TruncateInsert ? new ReplaceSignature(counts.VersionsHash()) : null;
            var unchangedReplace = signature is not null && table.Exists && signature.Compute(feed, feed.Schema!) == table.Ledger?.Signature;
            var finding = await ExplainAsync(counts, table, survey, cancellationToken);
            var obstacle = Unsupported(spec) ?? Doubled(counts, table, misfit) ?? misfit ?? Obstacle(feed, counts, table, finding);
            var adopts = adoption && obstacle is null && spec.Schema.Columns.Count > 0 && (takeover is not null || counts.Assumed > 0);
            var nothing = unchangedReplace || (isColumnless && misfit is null)
                || (counts.ToLoad == 0 && !adopts && !(feed.LoadType == LoadType.TruncateInsert && table.HasRows && feed.AllowEmpty));
            if (finding is not null && obstacle is null && nothing)
                _warnings.Add(finding.Warning(feed));
            if (adopts)
                WarnOfAdoption(takeover, counts.Assumed);
            return new FeedPlan(file, _matcher)
            {
                Feed = feed,
                Ledger = table.Ledger,
                Spec = spec,
                Destination = _destination.Location,
                ObjectsToLoad = unchangedReplace ? 0 : counts.ToLoad,
                BytesToLoad = unchangedReplace ? 0 : counts.Bytes,
                ObjectsChanged = counts.Changed,
                ObjectsUnchanged = unchangedReplace ? counts.ToLoad : counts.Unchanged,
                ObjectsAssumedLoaded = adopts ? counts.Assumed : 0,
                ObjectsTakenOver = adopts ? takeover?.Objects ?? 0 : 0,
                SkippedByReason = counts.Skipped,
                IsNothingToDo = nothing && obstacle is null,
                MatchesNothing = finding is not null && !(counts.ToLoad == 0 && table.HasRows && feed.LoadType == LoadType.TruncateInsert),
                Obstacle = obstacle,
                Warnings = _warnings.Items,
                Signature = signature,
                Statements = nothing || obstacle is not null ? [] : _session.Describe(fit, spec),
            };
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    private async Task NameAsync(PlanFile file, TableSnapshot table, CancellationToken cancellationToken)
    {
        bool Has(FeedColumn column) => table.Columns.Any(c => _session.Types.NameComparer.Equals(c.Name, column.Name));
        if (!Has(AuditColumn.FileName) || !Has(AuditColumn.RequestId))
            return;
        var prefix = $"s3://{_source.Bucket}/";
        await foreach (var name in _session.ReadLoadedFilesAsync(_source.Bucket, cancellationToken))
            file.AddNamed(name[prefix.Length..]);
    }

    private async Task CollectAsync(
        PlanFile file, PlanCounts counts, MatchSurvey survey, bool adoption, LedgerTakeover? takeover, CancellationToken cancellationToken)
    {
        var ledger = _feed.LoadType == LoadType.TruncateInsert
            ? AsyncEnumerable.Empty<LedgerEntry>()
            : _session.ReadLedgerAsync(_source.Bucket, takeover, cancellationToken);
        var listing = _source.ListAsync(_prefix, cancellationToken);
        await foreach (var (item, loaded) in ListingMerge.JoinAsync(listing, ledger, cancellationToken))
        {
            if (++counts.Listed % 1000 == 0)
                _listed?.Report(counts.Listed);
            if (_matcher.GetSkipReason(item) is { } reason)
            {
                survey.Add(item, reason);
                if (reason == SkipReason.NotThisFileType)
                    continue;
                counts.Skip(item, reason.ToString());
                file.AddSkipped(item, reason.ToString());
            }
            else if (loaded is { } entry && entry.ETag == item.ETag && entry.Size == item.Size)
            {
                counts.Unchanged++;
            }
            else if (loaded is not null && _feed is { LoadType: LoadType.Incremental, OnChangedObject: ChangedObjectAction.Ignore })
            {
                counts.Skip(item, "ChangedIgnored");
                file.AddSkipped(item, "ChangedIgnored");
            }
            else if (loaded is null && adoption && _feed.AdoptTable && item.LastModified < _feed.AssumeLoadedBefore)
            {
                counts.Assumed++;
                file.AddAssumed(item);
            }
            else if (loaded is null && adoption && file.IsNamed(item.Key))
            {
                AddNamed(file, counts, item);
            }
            else
            {
                counts.Load(item, changed: loaded is not null);
                file.Add(item, loaded);
            }
        }
        _listed?.Report(counts.Listed);
    }

    // Its rows are there. With a time from which on objects are new, it is one that has changed since.
    private void AddNamed(PlanFile file, PlanCounts counts, SourceObject item)
    {
        var changed = _feed.AssumeLoadedBefore is not null;
        if (changed && _feed.OnChangedObject == ChangedObjectAction.Ignore)
        {
            counts.Skip(item, "ChangedIgnored");
            file.AddSkipped(item, "ChangedIgnored");
            return;
        }
        counts.Name(item);
        counts.Load(item, changed);
        file.Add(item, changed ? new LedgerEntry(item.Key, "", 0) : null);
    }

    private FeedException? Doubled(PlanCounts counts, TableSnapshot table, FeedException? misfit)
    {
        if (counts.FirstNamed is not { } first || misfit is { Id: not "TableHoldsRows" })
            return null;
        if (_feed.AssumeLoadedBefore is not null && _feed.AdoptTable)
            return _feed.OnChangedObject == ChangedObjectAction.Replace ? TableErrors.EarlierRowsUnknown(Target, first.Uri, counts.Named) : null;
        return misfit is not null && table.Takeover is not null ? null : TableErrors.TableHoldsFeedRows(Target, first.Uri, counts.Named, counts.NewestNamed);
    }

    private void WarnOfAdoption(LedgerTakeover? takeover, long assumed)
    {
        if (takeover is not null)
            _warnings.Add(DestinationWarnings.LedgerTakenOver(Target, takeover));
        if (assumed > 0)
            _warnings.Add(DestinationWarnings.AssumedLoaded(Target, _feed.AssumeLoadedBefore!.Value, assumed));
    }

    private async Task<(S3Feed Feed, SampledSchema? Sampled)> DescribeColumnsAsync(PlanCounts counts, TableSnapshot table, CancellationToken cancellationToken)
    {
        SampledSchema? sampled = null;
        // What an earlier run inferred or added and could not write into the definition is known to the ledger.
        var recorded = (table.Ledger?.Schema ?? (_feed.AdoptTable ? table.Takeover?.Schema : null))?.Columns ?? [];
        var feed = _feed.Schema is null && recorded.Count > 0 ? _feed with { Schema = new FeedSchema(recorded) } : _feed;
        if ((feed.Schema is null || feed.Csv.Separator is null) && counts.ToLoad > 0)
        {
            var sampler = new SchemaSampler(_source, _matcher, _prefix, _destination.Capabilities.ValueLimits, _time);
            sampled = await sampler.InferAsync(feed, sampleAll: false, cancellationToken);
            feed = sampled.Feed;

            // The load itself warns of each file whose header is spelled in another way.
            _warnings.AddRange(sampled.Warnings.Where(w => w.Id != SchemaWarnings.HeaderSpellingId).Select(w => w.ForFeed(feed.Name)));
        }
        // Which fields every file had is known only of the files that the ledger has.
        var schema = table.Ledger is { Schema: { } loaded }
            ? (feed.Schema ?? loaded).WithInEveryFileOf(loaded)
            : (feed.Schema ?? new FeedSchema([])).WithoutInEveryFile();
        var allowed = ColumnNames.ReplaceReserved(schema, recorded, _destination.Capabilities.ValueLimits);
        _warnings.AddRange(PlanWarnings.ColumnsRenamed(schema, allowed, recorded));
        schema = allowed;
        var missing = recorded.Where(c => schema.FindField(c.Field) is null && schema.Find(c.Name) is null).ToList();
        return (feed with { Schema = schema.With(missing) }, sampled);
    }

    // What somebody deleted or renamed by hand is loaded or added again, so it is worth a word.
    private async Task CheckLedgerAsync(S3Feed feed, TableSnapshot table, LoadSpec spec, TableFit fit, CancellationToken cancellationToken)
    {
        if (table.Ledger is not { HasLoaded: true } ledger || await _session.CountLedgerAsync(cancellationToken) is not { } counts)
            return;
        if (PlanWarnings.LedgerIncomplete(feed, ledger, counts) is { } incomplete)
            _warnings.Add(incomplete);
        IReadOnlyList<FeedColumn> wanted = [.. spec.Schema.Columns, .. AuditColumn.For(spec)];
        _warnings.AddRange(PlanWarnings.ColumnsAddedAgain(feed, table, wanted, fit.Changes, counts.AuditedMode, _session.Types));
    }

    private static LoadSpec Spec(S3Feed feed) => new()
    {
        Mode = feed.LoadType switch { LoadType.Upsert => LoadMode.Upsert, LoadType.TruncateInsert => LoadMode.Replace, _ => LoadMode.Append },
        Schema = feed.Schema!,
        Key = feed.LoadType == LoadType.Upsert ? feed.PrimaryKey : [],
        Audit = feed.AuditColumns == AuditColumns.All,
        UndoObjects = feed.OnBadFile == BadFileAction.Skip && feed.LoadType != LoadType.TruncateInsert,
        DeleteEarlierVersions = feed is { LoadType: LoadType.Incremental, OnChangedObject: ChangedObjectAction.Replace },
    };

    // While the feed has never loaded anything. Afterwards nothing new is what most runs find: files are often removed once they are loaded.
    // A TruncateInsert that has loaded fails when nothing matches any more, and says why, too.
    private async Task<MatchFinding?> ExplainAsync(PlanCounts counts, TableSnapshot table, MatchSurvey survey, CancellationToken cancellationToken)
    {
        if (counts.ToLoad + counts.Unchanged + counts.Assumed > 0 || counts.Skipped.ContainsKey("ChangedIgnored"))
            return null;
        var wouldEmpty = _feed is { LoadType: LoadType.TruncateInsert, AllowEmpty: false } && table.HasRows;
        var waits = table.Ledger is not { HasLoaded: true } && _feed.EmptyPath != EmptyPathAction.Ignore;
        return waits || wouldEmpty ? await new MatchAdvisor(_source, _feed, _connection, _prefix).ExplainAsync(survey, cancellationToken) : null;
    }

    private FeedException? Unsupported(LoadSpec spec)
    {
        var can = _destination.Capabilities;
        var setting = !can.Modes.Contains(spec.Mode) ? $"LoadType {_feed.LoadType}"
            : spec.DeleteEarlierVersions && !can.DeletesByObject ? "OnChangedObject Replace"
            : _feed.AdoptTable && !can.AdoptsTables ? "AdoptTable"
            : null;
        return setting is null ? null : DestinationErrors.NotSupported(Target, _destination.Location, setting);
    }

    private FeedException? Obstacle(S3Feed feed, PlanCounts counts, TableSnapshot table, MatchFinding? finding)
    {
        if (feed.LoadType == LoadType.TruncateInsert && counts.FirstArchived is { } archived)
            return FeedRunErrors.ArchivedInReplace(feed, archived, counts.Skipped[nameof(SkipReason.Archived)], _prefix);
        if (feed is { LoadType: LoadType.TruncateInsert, AllowEmpty: false } && counts.ToLoad == 0 && table.HasRows)
            return CommitErrors.WouldEmptyTable(Target, finding?.Text, finding?.Remedies(feed) ?? []);
        if (finding is not null && feed.EmptyPath == EmptyPathAction.Fail)
            return finding.Error(feed);
        if (counts.Changed > 0 && feed is { LoadType: LoadType.Incremental, OnChangedObject: ChangedObjectAction.Stop })
            return FeedRunErrors.ChangedObjectUndecided(feed, counts.FirstChanged!, counts.Changed);
        return null;
    }

    // What keeps the feed from fitting its table is part of the plan, so that the plan can still be looked at.
    private (LoadSpec Spec, TableFit Fit, FeedException? Misfit) Fit(S3Feed feed, PlanCounts counts, TableSnapshot table)
    {
        var spec = Spec(feed);
        try
        {
            spec = spec with { Key = [.. spec.Key.Select(k => KeyColumn(feed, k))] };
            var needed = counts.ToLoad > 0 || counts.Assumed > 0 || table.Ledger is { HasLoaded: true } || (feed.AdoptTable && table.Takeover is not null);
            return (spec, needed ? TableFit.Find(table, spec, Target, _session.Types, _destination.Capabilities, feed.AdoptTable) : TableFit.None, null);
        }
        catch (FeedException misfit)
        {
            return (spec, TableFit.None, misfit);
        }
    }

    // People name a key as the table has it or as the file has it.
    private static string KeyColumn(S3Feed feed, string name)
        => (feed.Schema!.Find(name) ?? feed.Schema.FindField(name))?.Name
            ?? (feed.Schema.Columns.Count == 0 ? name : throw FeedRunErrors.KeyColumnUnknown(feed, name));
}
