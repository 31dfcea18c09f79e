using PeakS3Feed.Destinations.Delta;
using PeakS3Feed.Destinations.Loading;
using PeakS3Feed.Destinations.Staging;

namespace PeakS3Feed.Destinations.S3External;

/// <summary>
/// Commits one load: writes the ledger object, then one entry of the log, which names the data files and the number of the ledger object. The run
/// that creates the entry with the next number has committed. The others read what it did, and continue, begin again, or stop.
/// </summary>
/// <param name="tables">The destination.</param>
/// <param name="folder">The table's folder.</param>
/// <param name="log">The table's log.</param>
/// <param name="ledger">The feed's ledger.</param>
/// <param name="target">The feed and table.</param>
/// <param name="commit">The commit.</param>
internal sealed class TableCommit(
    ExternalTables tables, IStagingArea folder, DeltaLog log, TableLedger ledger, LoadTarget target, LoadCommit commit)
{
    private readonly Guid _attempt = Guid.NewGuid();
    private readonly LoadSpec _spec = commit.Order.Spec;
    private readonly string _application = TableLayout.ApplicationId(target.FeedId);

    /// <summary>Commits.</summary>
    /// <param name="before">The newest version of the table, as the session has read it; null if there is no table.</param>
    /// <param name="files">The staged files.</param>
    /// <param name="cancellationToken">Cancels, until the entry of the log is sent.</param>
    public async Task<CommitResult> RunAsync(DeltaState? before, StagedLoad files, CancellationToken cancellationToken)
    {
        if (commit.Load is { } load && files.Rows != load.Rows)
            return new CommitResult.CountDiffers(files.Rows);
        var stage = tables.FindStage(files.Name);
        var state = await log.ReadAsync(before, cancellationToken);
        var planned = await ledger.ReadAsync(GetNumber(state), cancellationToken);
        if (planned?.Sequence != commit.Expected.Ledger?.Sequence || (planned?.Epoch ?? 0) != commit.Order.Epoch)
            return Overtaken(planned);
        if (!TableColumns.IsAsExpected(state, commit.Expected, target))
            return new CommitResult.TableChanged();
        if (state is null)
            await ThrowIfConditionIgnoredAsync(cancellationToken);

        var takeovers = new TableTakeovers(ledger, target);
        var others = state is null ? new Dictionary<Guid, LedgerHeader>() : await takeovers.ReadOthersAsync(state, cancellationToken);
        if (!HasExpectedFeeds(others))
            return new CommitResult.TableChanged();
        var wanted = commit.Preparation.Fit.Takeover;
        var taken = wanted is null ? null : takeovers.Find(planned, others);
        // The objects to load were planned without those of the takeover, so another one needs another plan.
        if (wanted is not null && taken?.Takeover.Units.SequenceEqual(wanted.Units) != true)
            return Overtaken(planned);

        var prepare = new CommitFiles(folder, log, commit, stage, tables.Time);
        LedgerHeader? header = null;
        IReadOnlyList<DeltaTransaction> forgotten = [];
        PreparedFiles? work = null;
        while (true)
        {
            var (table, columns) = DescribeTable(state, stage);
            work ??= await prepare.PrepareAsync(state, columns, cancellationToken);
            ThrowIfAppendOnly(state, work);
            commit.Order.Reached(CommitStep.Applied);
            if (header is null)
            {
                header = await new LedgerUpdate(ledger, target, commit, _attempt).WriteAsync(planned, taken, cancellationToken);
                forgotten = await ForgetAsync(others, cancellationToken);
                commit.Order.Reached(CommitStep.Recorded);
            }
            IReadOnlyList<DeltaAction> actions =
            [
                CommitDescription.Create(commit, target.FeedName, columns.Partitions, work),
                .. table, new DeltaTransaction(_application, header.Number, Now), .. forgotten, .. work.Removed, .. work.Added,
            ];
            cancellationToken.ThrowIfCancellationRequested();
            stage.Sending(work.Names);
            commit.Order.Reached(CommitStep.Committing);
            var result = await log.TryCommitAsync((state?.Version ?? -1) + 1, Guid.NewGuid(), actions, CancellationToken.None);
            if (result is DeltaCommitted committed)
            {
                commit.Order.Reached(CommitStep.Logged);
                await new TableUpkeep(tables, folder, log).RunAsync(state, committed.Version);
                return new CommitResult.Committed(commit.Load);
            }
            commit.Order.NotLanded();
            stage.NotLanded();
            var newest = await log.ReadAsync(state, cancellationToken);
            switch (await FindConflictAsync(state, newest!, work, cancellationToken))
            {
                case DeltaConflict.Overtaken:
                    return await ExplainAsync(newest!, cancellationToken);
                case DeltaConflict.MetadataChanged:
                    return new CommitResult.TableChanged();
                case var _ when forgotten.Any(f => state!.FindTransaction(f.AppId) != newest!.FindTransaction(f.AppId))
                    || !HasExpectedFeeds(await takeovers.ReadOthersAsync(newest!, cancellationToken)):
                    return new CommitResult.TableChanged();
                case DeltaConflict.FilesChanged:
                    work = null;
                    break;
                default:
                    work = work.Replaces ? null : work;
                    break;
            }
            state = newest;
        }
    }

    private long Now => tables.Time.GetUtcNow().ToUnixTimeMilliseconds();

    private long GetNumber(DeltaState? state) => state?.FindTransaction(_application) ?? 0;

    // A table that is replaced belongs to one feed. The decision to commit must have seen each feed that forbids it.
    private bool HasExpectedFeeds(IReadOnlyDictionary<Guid, LedgerHeader> others)
    {
        return Relevant(others.Select(o => KeyValuePair.Create(o.Key, o.Value.Mode.ToString()))).SetEquals(Relevant(commit.Expected.OtherFeeds));

        HashSet<KeyValuePair<Guid, string>> Relevant(IEnumerable<KeyValuePair<Guid, string>> feeds)
            => [.. feeds.Where(f => _spec.Mode == LoadMode.Replace || f.Value == nameof(LoadMode.Replace))];
    }

    private static CommitResult.Overtaken Overtaken(LedgerHeader? by) => new(by?.Holder);

    // Another run may have done the very same work: then the load is there.
    private async Task<CommitResult> ExplainAsync(DeltaState newest, CancellationToken cancellationToken)
    {
        var header = await ledger.ReadAsync(GetNumber(newest), cancellationToken);
        return header is { Loads: [.., var last] } && last.LoadId == commit.Load?.LoadId
            ? new CommitResult.Committed(last)
            : Overtaken(header);
    }

    private async Task<DeltaConflict> FindConflictAsync(
        DeltaState? from, DeltaState to, PreparedFiles work, CancellationToken cancellationToken)
    {
        var since = await log.ReadCommitsAsync(from?.Version ?? -1, cancellationToken);
        if (from is null)
        {
            var isOwn = since.SelectMany(c => c.Actions).OfType<DeltaTransaction>().Any(t => t.AppId == _application);
            return isOwn ? DeltaConflict.Overtaken : DeltaConflict.MetadataChanged;
        }
        return DeltaConflicts.Find(
            new DeltaWork(
                _application, work.Merged.Read.Keys.ToHashSet(StringComparer.Ordinal),
                work.Matches.Count == 0 ? null : file => work.Matches.Any(m => m.MayMatch(file))),
            [.. since.Where(c => c.Version <= to.Version)]);
    }

    private (IReadOnlyList<DeltaAction> Actions, TableColumns Columns) DescribeTable(DeltaState? state, TableStage stage)
    {
        var before = state is null ? TableColumns.None(target) : TableColumns.Read(state.Metadata, target);
        var after = before.With(commit.Preparation.Fit.Changes, _spec.PartitionBy, stage.Options.Fields);
        if (state is not null && after.HasSameColumns(before))
            return ([], after);
        var protocol = DeltaFeatures.Require(after.Readable, state?.Protocol);
        var metadata = state?.Metadata ?? new DeltaMetadata
        {
            Id = Guid.NewGuid().ToString("D"), SchemaString = "", Name = target.Table, CreatedTime = Now,
        };
        metadata = metadata with { SchemaString = after.ToSchema().ToJson(), PartitionColumns = after.Partitions };
        return (protocol == state?.Protocol ? [metadata] : [protocol, metadata], after);
    }

    private void ThrowIfAppendOnly(DeltaState? state, PreparedFiles work)
    {
        if (state?.IsAppendOnly == true && work.Removed.Count > 0)
            throw ExternalTableErrors.AppendOnly(target);
    }

    // What other feeds have loaded no longer counts: their next ledger object says so, and fences their runs.
    private async Task<IReadOnlyList<DeltaTransaction>> ForgetAsync(
        IReadOnlyDictionary<Guid, LedgerHeader> others, CancellationToken cancellationToken)
    {
        var units = commit.Preparation.Fit.Takeover?.Units.Select(u => u.FeedId) ?? [];
        var feeds = commit.Preparation.Fit.Changes.OfType<ForgetFeeds>().SelectMany(f => f.Feeds).Concat(units).Distinct();
        var forgotten = new List<DeltaTransaction>();
        foreach (var feed in feeds.Where(others.ContainsKey))
        {
            var header = others[feed];
            var empty = await ledger.AddAsync(
                feed,
                new LedgerHeader
                {
                    Number = header.Number + 1, Predecessor = header.Number, Attempt = _attempt, Holder = commit.Order.Holder,
                    Sequence = header.Sequence, Epoch = header.Epoch + 1, Mode = header.Mode,
                },
                cancellationToken);
            forgotten.Add(new DeltaTransaction(TableLayout.ApplicationId(feed), empty.Number, Now));
        }
        return forgotten;
    }

    // Once for each table: a server that ignores the condition would let one run overwrite the commit of another.
    private async Task ThrowIfConditionIgnoredAsync(CancellationToken cancellationToken)
    {
        var probe = $"{TableLayout.Ledger(target.FeedId)}probe-{_attempt:N}";
        await folder.TryCreateAsync(probe, "1"u8.ToArray(), cancellationToken);
        var ignored = await folder.TryCreateAsync(probe, "2"u8.ToArray(), cancellationToken);
        await folder.DeleteAsync([probe], cancellationToken);
        if (ignored)
            throw ExternalTableErrors.ConditionIgnored(target.FeedName, folder.Location);
    }
}
