using System.Buffers;
using System.Runtime.CompilerServices;
using System.Text.Json;
using Microsoft.Extensions.Logging;
using PeakS3Feed.Destinations.Staging;
using PeakS3Feed.Files;

namespace PeakS3Feed.Destinations.Delta;

/// <summary>Keeps a table fast and small: checkpoints, the clean-up of the log, and the list of files for a vacuum.</summary>
internal sealed class DeltaUpkeep(DeltaLog log, ILogger logger, TimeProvider time)
{
    private const int DeletedAtOnce = 1000;

    private readonly IStagingArea _table = log.Table;

    /// <summary>See <see cref="DeltaLog.CheckpointAsync"/>.</summary>
    public async Task CheckpointAsync(DeltaState state, CancellationToken cancellationToken)
    {
        var listing = await DeltaLogListing.ReadAsync(_table, state.Version, cancellationToken);
        if (listing.Checkpoint is null)
            await WriteAsync(state, cancellationToken);
        await CleanAsync(state, cancellationToken);
    }

    /// <summary>See <see cref="DeltaLog.FindUnreferencedAsync"/>.</summary>
    public static async IAsyncEnumerable<StagedFile> FindUnreferencedAsync(
        DeltaLog log, DeltaState state, DateTimeOffset olderThan, TimeProvider time, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using var names = new ScratchDatabase(DeltaErrors.Scratch);
        names.Guard(() => names.Execute("CREATE TABLE names (name TEXT PRIMARY KEY) WITHOUT ROWID; BEGIN"));
        var insert = names.Keep("INSERT OR IGNORE INTO names VALUES (@name)");
        var find = names.Keep("SELECT 1 FROM names WHERE name = @name");
        if (DeltaProperties.GetVacuumAge(state.Metadata) is not { } age)
            yield break;
        var retained = time.GetUtcNow() - age;
        olderThan = olderThan < retained ? olderThan : retained;
        var since = olderThan.ToUnixTimeMilliseconds();
        await foreach (var file in log.ReplayAsync(state, removes: true, cancellationToken))
        {
            if (file is not DeltaRemove remove || remove.DeletionTimestamp >= since)
                names.Guard(() => ScratchDatabase.Run(insert, ("@name", LastPart(file.Name))));
        }
        await foreach (var file in log.Table.ListAsync("", cancellationToken))
        {
            if (file.WrittenAt < olderThan && !DeltaPaths.IsHidden(file.Name, state.Metadata.PartitionColumns) && !IsNamed(file.Name))
                yield return file;
        }

        bool IsNamed(string name) => names.Guard(() =>
        {
            ScratchDatabase.Set(find, ("@name", LastPart(name)));
            return find.ExecuteScalar() is not null;
        });
    }

    // The names of data files are unique without their folders, whose spelling a file system may change: country=de and country=DE are one folder on
    // some.
    private static string LastPart(string name) => name[(name.LastIndexOf('/') + 1)..];

    private async Task WriteAsync(DeltaState state, CancellationToken cancellationToken)
    {
        long actions, adds, bytes;
        await using (var writer = new DeltaCheckpointWriter(_table.Create(DeltaLogNames.Checkpoint(state.Version))))
        {
            await writer.WriteAsync(state.Protocol, cancellationToken);
            await writer.WriteAsync(state.Metadata, cancellationToken);
            foreach (var transaction in state.Transactions.Values)
                await writer.WriteAsync(transaction, cancellationToken);
            // After that, a vacuum may delete the file, and need not know its name for it.
            var since = DeltaProperties.GetVacuumAge(state.Metadata) is { } retention
                ? (time.GetUtcNow() - retention).ToUnixTimeMilliseconds() : long.MinValue;
            await foreach (var file in log.ReplayAsync(state, removes: true, cancellationToken))
            {
                if (file is not DeltaRemove remove || remove.DeletionTimestamp >= since)
                    await writer.WriteAsync(file, cancellationToken);
            }
            await writer.CompleteAsync(cancellationToken);
            (actions, adds, bytes) = (writer.Actions, writer.Adds, writer.Bytes);
        }
        await _table.PutAsync(DeltaLogNames.LastCheckpoint, WriteHint(state.Version, actions, adds, bytes), cancellationToken);
    }

    private static ReadOnlyMemory<byte> WriteHint(long version, long actions, long adds, long bytes)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            json.WriteNumber("version", version);
            json.WriteNumber("size", actions);
            json.WriteNumber("sizeInBytes", bytes);
            json.WriteNumber("numOfAddFiles", adds);
            json.WriteEndObject();
        }
        return buffer.WrittenMemory;
    }

    // Deletes the files of versions below a checkpoint that is itself at or below the first version within the retention. So each version within the
    // retention can be read, and the log has no gap at any moment: a reader begins at the checkpoint, or at a later one.
    private async Task CleanAsync(DeltaState state, CancellationToken cancellationToken)
    {
        if (DeltaProperties.GetLogRetention(state.Metadata) is not { } retention)
            return;
        var cutoff = time.GetUtcNow() - retention;
        var listing = await DeltaLogListing.ReadAsync(_table, 0, cancellationToken);
        var kept = listing.Entries.FirstOrDefault(e => e.WrittenAt >= cutoff)?.Version ?? state.Version;
        if (listing.Checkpoints.LastOrDefault(c => c.Version <= kept)?.Version is not { } checkpoint)
            return;
        IReadOnlyList<string> old =
        [
            .. listing.Entries.TakeWhile(e => e.Version < checkpoint).Select(e => DeltaLogNames.Entry(e.Version)),
            .. listing.Checkpoints.TakeWhile(c => c.Version < checkpoint).SelectMany(c => c.Files).Select(f => f.Name),
        ];
        if (old.Count == 0)
            return;
        foreach (var names in old.Chunk(DeletedAtOnce))
            await _table.DeleteAsync(names, cancellationToken);
        logger.LogInformation(
            "{Table}: {Count} files of the log below version {Version} are older than {Days} days and were deleted", _table.Location, old.Count,
            checkpoint, (int)retention.TotalDays);
    }
}
