using Microsoft.Extensions.Logging.Abstractions;
using PeakS3Feed.Aws;
using PeakS3Feed.Destinations.Delta;
using PeakS3Feed.Destinations.Staging;
using PeakS3Feed.Errors;
using PeakS3Feed.Integration.S3;
using PeakS3Feed.Schemas;
using PeakS3Feed.TestLake;
using PeakS3Feed.Testing;

namespace PeakS3Feed.Integration.Tables;

/// <summary>The log of a table in a bucket of the real server.</summary>
[Trait(Category.Name, Category.Server)]
public sealed class DeltaLogTests
{
    private const int Writers = 8;
    private const int CommitsOfEach = 6;

    // Each writer adds files of its own and, by its txn, counts its commits. It tries the next version until nobody else has it.
    [SkippableFact]
    public async Task Eight_writers_commit_to_one_table_and_nothing_is_lost_or_doubled()
    {
        using var ceph = await CephS3.OpenAsync();
        await using var owner = Open(ceph);
        await Log(owner).TryCommitAsync(0, Guid.NewGuid(), [DeltaFeatures.Require([]), Metadata], default);

        await Task.WhenAll(Enumerable.Range(0, Writers).Select(w => Task.Run(() => WriteAsync(ceph, w))));

        var log = Log(owner);
        var state = (await log.ReadAsync(null, default))!;
        Assert.Equal(Writers * CommitsOfEach, state.Version);
        Assert.Equal(state.Version, (await log.ReadCommitsAsync(0, default)).Count);
        Assert.Equal(Enumerable.Repeat((long)CommitsOfEach, Writers), Enumerable.Range(0, Writers).Select(w => state.FindTransaction($"w{w}")!.Value));
        var expected = Enumerable.Range(0, Writers).SelectMany(w => Enumerable.Range(1, CommitsOfEach).Select(n => $"{w}-{n}.parquet")).Order(StringComparer.Ordinal).ToList();
        Assert.Equal(expected, await FilesAsync(log, state));

        // The same from a checkpoint, and by DuckDB from a copy, each with and without it.
        await log.CheckpointAsync(state, default);
        var again = (await log.ReadAsync(null, default))!;
        Assert.Equal(state.Version, again.Checkpoint!.Version);
        Assert.Equal(expected, await FilesAsync(log, again));
        using var copy = new TestFolder();
        await CopyAsync(owner, copy.Path);
        foreach (var useCheckpoint in (bool[])[true, false])
        {
            using var replay = new DeltaReplay(copy.Path, useCheckpoint);
            Assert.Equal(expected, replay.Files.Order(StringComparer.Ordinal));
            Assert.Equal(Writers, replay.Transactions.Count(t => t.Value == CommitsOfEach));
        }
    }

    [SkippableFact]
    public async Task An_attempt_that_is_sent_twice_is_committed_once()
    {
        using var ceph = await CephS3.OpenAsync();
        await using var area = Open(ceph);
        var attempt = Guid.NewGuid();
        IReadOnlyList<DeltaAction> actions = [DeltaFeatures.Require([]), Metadata];
        Assert.Equal(new DeltaCommitted(0), await Log(area).TryCommitAsync(0, attempt, actions, default));
        Assert.Equal(new DeltaCommitted(0), await Log(area).TryCommitAsync(0, attempt, actions, default));
        Assert.IsType<DeltaTaken>(await Log(area).TryCommitAsync(0, Guid.NewGuid(), actions, default));
        Assert.Equal(attempt.ToString(), Assert.Single(await Log(area).ReadCommitsAsync(-1, default)).Info!.TransactionId);
    }

    [SkippableFact]
    public async Task A_gap_in_a_bucket_is_an_error_and_changes_nothing()
    {
        using var ceph = await CephS3.OpenAsync();
        await using var area = Open(ceph);
        var log = Log(area);
        await log.TryCommitAsync(0, Guid.NewGuid(), [DeltaFeatures.Require([]), Metadata], default);
        await log.TryCommitAsync(2, Guid.NewGuid(), [Add("a.parquet")], default);
        Assert.Equal("DeltaLogGap", (await Assert.ThrowsAsync<FeedException>(() => log.ReadAsync(null, default))).Id);
        Assert.Equal(2, await area.ListAsync("", default).CountAsync());
    }

    private static DeltaMetadata Metadata { get; } = new()
    {
        Id = Guid.NewGuid().ToString(), SchemaString = DeltaSchema.From([new("id", "id", ColumnType.BigInt)]).ToJson(),
    };

    private static async Task WriteAsync(CephS3 ceph, int writer)
    {
        await using var area = Open(ceph);
        var log = Log(area);
        DeltaState? state = null;
        for (var number = 1; number <= CommitsOfEach; number++)
        {
            var attempt = Guid.NewGuid();
            do
                state = (await log.ReadAsync(state, default))!;
            while (await log.TryCommitAsync(
                state.Version + 1, attempt, [new DeltaTransaction($"w{writer}", number), Add($"{writer}-{number}.parquet")], default) is not DeltaCommitted);
        }
    }

    private static DeltaAdd Add(string name) => new()
    {
        Name = name, Size = 1, ModificationTime = 1, PartitionValues = new Dictionary<string, string?>(StringComparer.Ordinal),
    };

    private static async Task<List<string>> FilesAsync(DeltaLog log, DeltaState state)
        => [.. (await log.ReadFilesAsync(state, default).Select(f => f.Name).ToListAsync()).Order(StringComparer.Ordinal)];

    private static async Task CopyAsync(IStagingArea from, string folder)
    {
        await using var to = new FolderStagingArea(folder);
        await foreach (var file in from.ListAsync("", default))
            await to.PutAsync(file.Name, (await from.FindAsync(file.Name, default))!, default);
    }

    private static DeltaLog Log(IStagingArea area) => new(area, NullLogger.Instance, TimeProvider.System);

    private static S3StagingArea Open(CephS3 ceph)
    {
        var connection = ceph.Connection with { RoleArn = null, ExternalId = null };
        var clients = new AwsClients(
            connection, new SourceIdentity("orders", Guid.NewGuid()), CephS3.Customer, NullLoggerFactory.Instance, TimeProvider.System);
        return new S3StagingArea(connection, ceph.Folder + "tables/orders/", clients, NullLogger.Instance, "lake", new() { IsTable = true });
    }
}
