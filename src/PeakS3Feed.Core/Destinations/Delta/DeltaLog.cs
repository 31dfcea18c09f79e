using System.Runtime.CompilerServices;
using System.Text.Json;
using Microsoft.Extensions.Logging;
using PeakS3Feed.Destinations.Staging;

namespace PeakS3Feed.Destinations.Delta;

/// <summary>
/// The log of one Delta table: a folder <c>_delta_log</c> with an entry for each version (Delta Transaction Log Protocol). Safe for concurrent use.
/// Whatever is not as the protocol says ends in a <see cref="Errors.FeedException"/> of <see cref="DeltaErrors"/>, and changes nothing.
/// </summary>
/// <param name="table">The folder of the table. Not owned.</param>
/// <param name="logger">Logs what readers of the log skip, and what a clean-up deletes.</param>
/// <param name="time">The clock of commits and of the retention of the log.</param>
internal sealed class DeltaLog(IStagingArea table, ILogger logger, TimeProvider time)
{
    private const int EntriesAhead = 8;

    private readonly string _root = table.GetUri("_")[..^1];

    /// <summary>The folder of the table.</summary>
    public IStagingArea Table => table;

    /// <summary>
    /// Reads the newest version. Reads the checkpoint's few columns for it and the entries after the checkpoint; no list of files is held.
    /// </summary>
    /// <param name="earlier">An earlier state, which makes it cheaper: one listing and the entries since; or null.</param>
    /// <param name="cancellationToken">Cancels.</param>
    /// <returns>Null if there is no table.</returns>
    public async Task<DeltaState?> ReadAsync(DeltaState? earlier, CancellationToken cancellationToken)
    {
        if (earlier is not null && await AdvanceAsync(earlier, cancellationToken) is { } newer)
            return newer;
        var hint = await ReadHintAsync(cancellationToken);
        var listing = await DeltaLogListing.ReadAsync(table, hint ?? 0, cancellationToken);
        if (listing.Checkpoint is null && hint > 0)
        {
            logger.LogWarning("{Table}: the checkpoint {Version} that _last_checkpoint names is missing; the whole log is read", _root, hint);
            listing = await DeltaLogListing.ReadAsync(table, 0, cancellationToken);
        }
        if (listing is { Checkpoint: null, Entries: [] } && listing.UnknownCheckpoint is null)
            return null;
        if (listing.Checkpoint is null && listing.Entries is not [{ Version: 0 }, ..])
            throw listing.UnknownCheckpoint is null ? DeltaErrors.LogIncomplete(_root, listing.Entries[0].Version, hint) : UnknownCheckpoint();
        var start = new DeltaStateBuilder(_root, listing.Checkpoint);
        if (listing.Checkpoint is { } checkpoint)
            await start.AddAsync(DeltaCheckpointReader.ReadStateAsync(table, _root, checkpoint, cancellationToken));
        return await AddEntriesAsync(start, listing, listing.Checkpoint?.Version ?? -1, cancellationToken);
    }

    /// <summary>
    /// Returns the files of a version, in no particular order. Reads the checkpoint piece by piece; only what the entries after it did is held.
    /// </summary>
    /// <exception cref="Errors.FeedException"><c>DeltaEntryGone</c> if another program has cleaned the log since the state was read; and what
    /// <see cref="ReadAsync"/> throws.</exception>
    public IAsyncEnumerable<DeltaAdd> ReadFilesAsync(DeltaState state, CancellationToken cancellationToken)
        => ReplayAsync(state, removes: false, cancellationToken).Select(f => (DeltaAdd)f);

    /// <summary>
    /// Returns the files of a version and, if they are wanted, those that were removed before and that the log still names. Of each name, the last
    /// action counts.
    /// </summary>
    public async IAsyncEnumerable<DeltaFile> ReplayAsync(
        DeltaState state, bool removes, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var tail = new Dictionary<string, DeltaFile?>(StringComparer.Ordinal); // null for a removed file that nobody wants
        var first = (state.Checkpoint?.Version ?? -1) + 1;
        var versions = Enumerable.Range(0, checked((int)(state.Version - first + 1))).Select(i => first + i);
        await foreach (var commit in ReadEntriesAsync([.. versions], DeltaActionKinds.Add | DeltaActionKinds.Remove, cancellationToken))
        {
            foreach (var file in commit.Actions.OfType<DeltaFile>())
                tail[file.Name] = removes || file is DeltaAdd ? file : null;
        }
        if (state.Checkpoint is { } checkpoint)
        {
            await foreach (var file in DeltaCheckpointReader.ReadFilesAsync(table, _root, checkpoint, removes, cancellationToken))
            {
                if (!tail.ContainsKey(file.Name))
                    yield return file;
            }
        }
        foreach (var file in tail.Values)
        {
            if (file is not null)
                yield return file;
        }
    }

    /// <summary>Returns the commits after a version, oldest first, with all their actions in memory.</summary>
    public async Task<IReadOnlyList<DeltaCommit>> ReadCommitsAsync(long after, CancellationToken cancellationToken)
    {
        var listing = await DeltaLogListing.ReadAsync(table, after + 1, cancellationToken);
        return await ReadEntriesAsync(listing.After(_root, after), DeltaActionKinds.All, cancellationToken).ToListAsync(cancellationToken);
    }

    /// <summary>
    /// Puts an entry under a version if no entry has it. The entry names the attempt, by which one that was sent twice is recognised. So the call may
    /// be repeated with the same arguments after an error of the network.
    /// </summary>
    /// <param name="version">The version: one more than that of the state that the actions were planned from.</param>
    /// <param name="attempt">The id of the attempt. Another plan needs another id.</param>
    /// <param name="actions">The actions. Version 0 has the protocol and the metadata.</param>
    /// <param name="cancellationToken">Cancels. After a cancellation, the entry may exist.</param>
    /// <exception cref="InvalidOperationException">The actions contradict each other.</exception>
    public async Task<DeltaCommitResult> TryCommitAsync(
        long version, Guid attempt, IReadOnlyList<DeltaAction> actions, CancellationToken cancellationToken)
    {
        DeltaCommitRules.ThrowIfInvalid(version, actions);
        var id = attempt.ToString("D");
        var info = (actions.OfType<DeltaCommitInfo>().SingleOrDefault() ?? new DeltaCommitInfo("WRITE")) with
        {
            Timestamp = time.GetUtcNow().ToUnixTimeMilliseconds(), TransactionId = id, EngineInfo = DeltaCommitRules.EngineInfo,
        };
        var content = DeltaActionWriter.Write(DeltaCommitRules.Order(info, actions));
        var name = DeltaLogNames.Entry(version);
        if (await table.TryCreateAsync(name, content, cancellationToken))
            return new DeltaCommitted(version);
        var entry = await table.FindAsync(name, cancellationToken) ?? throw DeltaErrors.EntryGone(_root + name);
        return IsOwn(version, entry, id) ? new DeltaCommitted(version) : new DeltaTaken();
    }

    /// <summary>
    /// Writes the checkpoint of a version, names it in <c>_last_checkpoint</c>, and deletes entries that are older than the retention of the log
    /// (30 days, or <c>delta.logRetentionDuration</c>) and below a checkpoint. A load does not depend on it: the caller logs its failure.
    /// </summary>
    public Task CheckpointAsync(DeltaState state, CancellationToken cancellationToken)
        => new DeltaUpkeep(this, logger, time).CheckpointAsync(state, cancellationToken);

    /// <summary>
    /// Finds the data files below the table that no reader of the versions since a time needs: neither the version has them, nor was one removed
    /// since then. Files and folders that begin with <c>_</c> or <c>.</c> are left alone. A temporary file has the table's names.
    /// </summary>
    /// <param name="state">The newest version.</param>
    /// <param name="olderThan">Files that were written since then are left alone: they may belong to a commit that is still to come.</param>
    /// <param name="cancellationToken">Cancels.</param>
    public IAsyncEnumerable<StagedFile> FindUnreferencedAsync(DeltaState state, DateTimeOffset olderThan, CancellationToken cancellationToken)
        => DeltaUpkeep.FindUnreferencedAsync(this, state, olderThan, time, cancellationToken);

    // Only who made the entry. If that cannot be read, the entry is another program's, and the next reading of the log says what is wrong with it.
    private bool IsOwn(long version, byte[] entry, string id)
    {
        try
        {
            var taken = new DeltaActionReader(_root).Read(version, entry, DeltaActionKinds.CommitInfo);
            return string.Equals(taken.Info?.TransactionId, id, StringComparison.Ordinal);
        }
        catch (Errors.FeedException)
        {
            return false;
        }
    }

    // Null if the earlier state is of no use: its entry or a later one is gone, because the log was cleaned or the table is another one.
    private async Task<DeltaState?> AdvanceAsync(DeltaState earlier, CancellationToken cancellationToken)
    {
        var listing = await DeltaLogListing.ReadAsync(table, earlier.Version, cancellationToken);
        if (listing.Entries.Count == 0 || listing.Entries.Index().Any(e => e.Item.Version != earlier.Version + e.Index))
            return null;
        var start = new DeltaStateBuilder(earlier, listing.Checkpoint ?? earlier.Checkpoint, _root);
        return await AddEntriesAsync(start, listing, earlier.Version, cancellationToken);
    }

    private async Task<DeltaState> AddEntriesAsync(
        DeltaStateBuilder state, DeltaLogListing listing, long version, CancellationToken cancellationToken)
    {
        if (listing.UnknownCheckpoint > version && listing.Entries.All(e => e.Version != version + 1))
            throw UnknownCheckpoint();
        var entries = listing.After(_root, version);
        await foreach (var commit in ReadEntriesAsync(entries, DeltaActionKinds.State, cancellationToken))
        {
            state.Add(commit.Actions);
            version = commit.Version;
        }
        return state.Build(version);
    }

    // Reads some entries ahead: of a log without checkpoints, the time for the requests counts.
    private async IAsyncEnumerable<DeltaCommit> ReadEntriesAsync(
        IReadOnlyList<long> versions, DeltaActionKinds only, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var reader = new DeltaActionReader(_root);
        var ahead = new Queue<Task<byte[]?>>();
        try
        {
            for (var (next, done) = (0, 0); done < versions.Count; done++)
            {
                for (; next < versions.Count && ahead.Count < EntriesAhead; next++)
                    ahead.Enqueue(table.FindAsync(DeltaLogNames.Entry(versions[next]), cancellationToken));
                var content = await ahead.Dequeue() ?? throw DeltaErrors.EntryGone(_root + DeltaLogNames.Entry(versions[done]));
                yield return reader.Read(versions[done], content, only);
            }
        }
        finally
        {
            foreach (var read in ahead)
                await ((Task)read).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    // The version of the checkpoint that _last_checkpoint names; null if it names none. It only saves time, so that a damaged one is no error.
    private async Task<long?> ReadHintAsync(CancellationToken cancellationToken)
    {
        if (await table.FindAsync(DeltaLogNames.LastCheckpoint, cancellationToken) is not { } content)
            return null;
        try
        {
            using var json = JsonDocument.Parse(content);
            if (json.RootElement.GetProperty("version").GetInt64() is >= 0 and var version)
                return version;
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or KeyNotFoundException or FormatException)
        {
            // Warned of below, as is a negative version.
        }
        logger.LogWarning("{Table}: _last_checkpoint is damaged; the whole log is listed", _root);
        return null;
    }

    private Errors.FeedException UnknownCheckpoint() => DeltaErrors.FeatureUnknown(_root, "v2Checkpoint");
}
