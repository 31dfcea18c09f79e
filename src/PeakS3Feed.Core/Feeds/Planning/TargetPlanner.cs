using PeakS3Feed.Connections;
using PeakS3Feed.Destinations.Loading;
using PeakS3Feed.Errors;
using PeakS3Feed.Feeds.Direct;
using PeakS3Feed.Feeds.Matching;
using PeakS3Feed.Feeds.Sampling;
using PeakS3Feed.Formats.Csv;
using PeakS3Feed.Schemas;
using PeakS3Feed.Sources;

namespace PeakS3Feed.Feeds.Planning;

/// <summary>A destination of a feed that is planned.</summary>
/// <param name="Name">The destination's name.</param>
/// <param name="Destination">The destination.</param>
/// <param name="Session">A session of it, for the feed's table.</param>
public sealed record PlanTarget(string Name, IDestination Destination, ITableSession Session);

/// <summary>What a run does about a listed object in one destination.</summary>
internal enum TargetChoice
{
    /// <summary>It loads the object.</summary>
    Load,

    /// <summary>The object is loaded already.</summary>
    Unchanged,

    /// <summary>Another version of the object is loaded, and the feed ignores changes.</summary>
    ChangedIgnored,

    /// <summary>The object counts as loaded.</summary>
    Assumed,
}

/// <summary>The part of planning that is separate for each destination of a feed: its table, its ledger, its list of objects to load.</summary>
internal sealed class TargetPlanner(
    PlanTarget target, int index, S3Feed feed, S3Connection connection, string bucket, PlanFile file, WarningList warnings)
{
    private bool _adoption;
    private LedgerTakeover? _takeover;
    private bool _isColumnless;
    private LoadSpec? _spec;
    private TableFit _fit = TableFit.None;
    private FeedException? _misfit;
    private FeedException? _otherForm;

    public PlanCounts Counts { get; } = new();

    public TableSnapshot Table { get; private set; } = new();

    public bool HasLoaded => Table.Ledger is { HasLoaded: true };

    /// <summary>The columns that an earlier run inferred or added but could not write into the definition.</summary>
    public IReadOnlyList<FeedColumn> RecordedColumns => (Table.Ledger?.Schema ?? (feed.AdoptTable ? Table.Takeover?.Schema : null))?.Columns ?? [];

    public ValueLimits Limits => target.Destination.Capabilities.ValueLimits;

    /// <summary>What the loads do. Available once the table is compared.</summary>
    public LoadSpec Spec => _spec!;

    private LoadTarget LoadTarget => new(feed.Id, feed.Name, feed.TableName);

    /// <summary>Reads the table.</summary>
    public async Task InspectAsync(CancellationToken cancellationToken)
    {
        Table = await target.Session.InspectAsync(cancellationToken);
        // An adopted table may already have rows of the objects that the feed would load.
        _adoption = Table.HasRows && !HasLoaded && feed.LoadType != LoadType.TruncateInsert;
        _takeover = _adoption && feed.AdoptTable ? Table.Takeover : null;
        if (_adoption && feed.LoadType == LoadType.Incremental)
            await FindNamedAsync(cancellationToken);
    }

    /// <summary>Reads the ledger from a key on; keys before it may be left out.</summary>
    public IAsyncEnumerable<LedgerEntry> ReadLedgerAsync(string from, CancellationToken cancellationToken) => feed.LoadType == LoadType.TruncateInsert
        ? AsyncEnumerable.Empty<LedgerEntry>()
        : target.Session.ReadLedgerAsync(bucket, from, _takeover, cancellationToken);

    /// <summary>Decides what to do with an object that matches the feed, and counts it.</summary>
    /// <param name="item">The object.</param>
    /// <param name="loaded">The ledger's entry for the key, or null. Replaced if the table has rows of an unknown version.</param>
    public TargetChoice Choose(SourceObject item, ref LedgerEntry? loaded)
    {
        if (loaded is { } entry && entry.ETag == item.ETag && entry.Size == item.Size)
        {
            Counts.Unchanged++;
            return TargetChoice.Unchanged;
        }
        if (loaded is not null && feed is { LoadType: LoadType.Incremental, OnChangedObject: ChangedObjectAction.Ignore })
            return TargetChoice.ChangedIgnored;
        if (loaded is null && _adoption && feed.AdoptTable && item.LastModified < feed.AssumeLoadedBefore)
        {
            Counts.Assumed++;
            file.AddAssumed(item, index);
            return TargetChoice.Assumed;
        }
        if (loaded is null && _adoption && file.IsNamed(item.Key, index))
        {
            // The table has rows of the object. If the feed has a time from which objects count as new, the object has changed since that time.
            var changed = feed.AssumeLoadedBefore is not null;
            if (changed && feed.OnChangedObject == ChangedObjectAction.Ignore)
                return TargetChoice.ChangedIgnored;
            Counts.AddNamed(item);
            loaded = changed ? new LedgerEntry(item.Key, "", 0) : null;
        }
        Counts.Load(item, changed: loaded is not null);
        return TargetChoice.Load;
    }

    /// <summary>
    /// Compares the table with what the feed needs. If the table is not compatible, the reason becomes part of the plan, so that the plan can
    /// still be shown.
    /// </summary>
    /// <param name="described">The feed with its columns.</param>
    /// <param name="sampled">What the sample of the feed's files gave; null if no sample was necessary.</param>
    /// <param name="cancellationToken">Stops it.</param>
    public async Task FitAsync(S3Feed described, SampledSchema? sampled, CancellationToken cancellationToken)
    {
        _isColumnless = described is { Schema.Columns.Count: 0, AuditColumns: AuditColumns.None } && sampled is not null && !HasLoaded;
        _spec = CreateSpec(described);
        if (_isColumnless)
            _misfit = SamplingErrors.NoColumn(described, sampled!);
        else
            Fit(described);
        await CheckLedgerAsync(described, cancellationToken);
    }

    /// <summary>Whether the only obstacle is that the files have no column yet.</summary>
    public bool HasNoColumnYet => _isColumnless && _misfit is null;

    /// <summary>Returns the destination's part of the plan.</summary>
    /// <param name="described">The feed with its columns.</param>
    /// <param name="signature">What a TruncateInsert would load, or null.</param>
    /// <param name="common">An obstacle for the feed as a whole, or null.</param>
    /// <param name="finding">The objects that exist instead of matching ones, or null.</param>
    public DestinationPlan Finish(S3Feed described, ReplaceSignature? signature, FeedException? common, MatchFinding? finding)
    {
        var unchangedReplace = signature is not null && Table.Exists && signature.Compute(described, described.Schema!) == Table.Ledger?.Signature;
        var path = FindRules(described)?.Choose();
        var obstacle = FindUnsupported() ?? FindDoubled() ?? _misfit ?? common ?? FindObstacle(described, finding) ?? FindRefusedPath(path);
        var adopts = _adoption && obstacle is null && Spec.Schema.Columns.Count > 0 && (_takeover is not null || Counts.Assumed > 0);
        var nothing = unchangedReplace || HasNoColumnYet
            || (Counts.ToLoad == 0 && !adopts && !(feed.LoadType == LoadType.TruncateInsert && Table.HasRows && feed.AllowEmpty));
        if (adopts)
            WarnOfAdoption();
        if (_otherForm is not null && nothing && obstacle is null)
            warnings.Add(PlanWarnings.NextLoadFails(_otherForm));
        else
            obstacle ??= _otherForm;
        return new DestinationPlan
        {
            Name = target.Name,
            Location = target.Destination.Location,
            Ledger = Table.Ledger,
            ObjectsToLoad = unchangedReplace ? 0 : Counts.ToLoad,
            BytesToLoad = unchangedReplace ? 0 : Counts.Bytes,
            ObjectsChanged = Counts.Changed,
            ObjectsUnchanged = unchangedReplace ? Counts.ToLoad : Counts.Unchanged,
            ObjectsAssumedLoaded = adopts ? Counts.Assumed : 0,
            ObjectsTakenOver = adopts ? _takeover?.Objects ?? 0 : 0,
            IsNothingToDo = nothing && obstacle is null,
            Obstacle = obstacle,
            LoadPath = path,
            Statements = nothing || obstacle is not null ? [] : target.Session.Describe(_fit, Spec with { Direct = FindForm(described, path) }),
        };
    }

    /// <summary>The rules of loading objects directly; null if the destination cannot.</summary>
    public DirectRules? FindRules(S3Feed described)
        => target.Destination.Capabilities.Direct is { } direct ? new DirectRules(described, connection, direct) : null;

    /// <summary>Whether objects that the destination cannot load itself are staged.</summary>
    public bool MayStage => target.Destination.Capabilities.Direct?.LoadPath != LoadPath.Direct;

    // The statements of a plan name the separator of the first object.
    private DirectForm? FindForm(S3Feed described, LoadPathChoice? path)
        => path is { Path: LoadPath.Direct } && file.Waiting().FirstOrDefault() is { } first
            && CsvSeparator.For(described.Csv, first.Key) is [var separator]
            ? FindRules(described)!.CreateForm(separator)
            : null;

    // Nothing is wrong while nothing shows that the feed's objects cannot be loaded: its columns come with its first objects.
    private FeedException? FindRefusedPath(LoadPathChoice? path)
        => path is { Path: LoadPath.Staged } && !MayStage && Counts.ToLoad > 0
            ? DirectErrors.NotPossible(feed.Name, target.Destination.Location, path.Reasons)
            : null;

    private async Task FindNamedAsync(CancellationToken cancellationToken)
    {
        bool Has(FeedColumn column) => Table.Columns.Any(c => target.Session.Types.NameComparer.Equals(c.Name, column.Name));
        if (!Has(AuditColumn.FileName) || !Has(AuditColumn.RequestId))
            return;
        var prefix = $"s3://{bucket}/";
        await foreach (var name in target.Session.ReadLoadedFilesAsync(bucket, cancellationToken))
            file.AddNamed(name[prefix.Length..], index);
    }

    private void Fit(S3Feed described)
    {
        try
        {
            _spec = Spec with { Key = [.. Spec.Key.Select(k => FindKeyColumn(described, k))], PartitionBy = PartitionRules.Resolve(described) };
            var needed = Counts.ToLoad > 0 || Counts.Assumed > 0 || HasLoaded || (feed.AdoptTable && Table.Takeover is not null);
            _otherForm = target.Session.FindMisfit(_spec);
            if (needed)
                _fit = TableFit.Find(Table, Spec, LoadTarget, target.Session.Types, target.Destination.Capabilities, feed.AdoptTable);
        }
        catch (FeedException misfit)
        {
            _misfit = misfit;
        }
    }

    // A run loads or adds again what somebody deleted or renamed by hand, so it warns of this.
    private async Task CheckLedgerAsync(S3Feed described, CancellationToken cancellationToken)
    {
        if (!HasLoaded || await target.Session.CountLedgerAsync(cancellationToken) is not { } counts)
            return;
        if (PlanWarnings.LedgerIncomplete(described, Table.Ledger!, counts) is { } incomplete)
            warnings.Add(incomplete);
        IReadOnlyList<FeedColumn> wanted = [.. Spec.Schema.Columns, .. AuditColumn.For(Spec)];
        warnings.AddRange(PlanWarnings.ColumnsAddedAgain(described, Table, wanted, _fit.Changes, counts.AuditedMode, target.Session.Types));
    }

    private FeedException? FindUnsupported()
    {
        var can = target.Destination.Capabilities;
        var setting = !can.Modes.Contains(Spec.Mode) ? $"LoadType {feed.LoadType}"
            : Spec.DeleteEarlierVersions && !can.DeletesByObject ? "OnChangedObject Replace"
            : feed.AdoptTable && !can.AdoptsTables ? "AdoptTable"
            : feed is { PartitionBy.Count: > 0, DestinationNames.Count: 1 } && !can.Partitions ? "PartitionBy"
            : null;
        return setting is null ? null : DestinationErrors.NotSupported(LoadTarget, target.Destination.Location, setting);
    }

    private FeedException? FindDoubled()
    {
        if (Counts.FirstNamed is not { } first || _misfit is { Id: not "TableHoldsRows" })
            return null;
        if (feed.AssumeLoadedBefore is not null && feed.AdoptTable)
            return feed.OnChangedObject == ChangedObjectAction.Replace ? TableErrors.EarlierRowsUnknown(LoadTarget, first.Uri, Counts.Named) : null;
        return _misfit is not null && Table.Takeover is not null
            ? null
            : TableErrors.TableHoldsFeedRows(LoadTarget, first.Uri, Counts.Named, Counts.NewestNamed);
    }

    private FeedException? FindObstacle(S3Feed described, MatchFinding? finding)
    {
        if (described is { LoadType: LoadType.TruncateInsert, AllowEmpty: false } && Counts.ToLoad == 0 && Table.HasRows)
            return CommitErrors.WouldEmptyTable(LoadTarget, finding?.Text, finding?.Remedies(described) ?? []);
        if (finding is not null && described.EmptyPath == EmptyPathAction.Fail)
            return finding.Error(described);
        if (Counts.Changed > 0 && described is { LoadType: LoadType.Incremental, OnChangedObject: ChangedObjectAction.Stop })
            return FeedRunErrors.ChangedObjectUndecided(described, Counts.FirstChanged!, Counts.Changed);
        return null;
    }

    private void WarnOfAdoption()
    {
        if (_takeover is not null)
            warnings.Add(DestinationWarnings.LedgerTakenOver(LoadTarget, _takeover));
        if (Counts.Assumed > 0)
            warnings.Add(DestinationWarnings.AssumedLoaded(LoadTarget, feed.AssumeLoadedBefore!.Value, Counts.Assumed));
    }

    /// <summary>Returns what loads of a feed do. The feed has its columns.</summary>
    internal static LoadSpec CreateSpec(S3Feed feed) => new()
    {
        Mode = feed.LoadType switch { LoadType.Upsert => LoadMode.Upsert, LoadType.TruncateInsert => LoadMode.Replace, _ => LoadMode.Append },
        Schema = feed.Schema!,
        Key = feed.LoadType == LoadType.Upsert ? feed.PrimaryKey : [],
        Audit = feed.AuditColumns == AuditColumns.All,
        UndoObjects = feed.OnBadFile == BadFileAction.Skip && feed.LoadType != LoadType.TruncateInsert,
        DeleteEarlierVersions = feed is { LoadType: LoadType.Incremental, OnChangedObject: ChangedObjectAction.Replace },
    };

    // Users may write a key column with its name in the table or in the file.
    private static string FindKeyColumn(S3Feed feed, string name)
        => feed.Schema!.FindNamed(name)?.Name
            ?? (feed.Schema.Columns.Count == 0 ? name : throw FeedRunErrors.KeyColumnUnknown(feed, name));
}
