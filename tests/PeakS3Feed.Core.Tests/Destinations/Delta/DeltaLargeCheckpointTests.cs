using PeakS3Feed.Destinations.Delta;
using PeakS3Feed.TestLake;
using static PeakS3Feed.Tests.Destinations.Delta.DeltaTable;

namespace PeakS3Feed.Tests.Destinations.Delta;

/// <summary>Checkpoints that are larger than what is held in memory.</summary>
public sealed class DeltaLargeCheckpointTests : IDisposable
{
    private readonly DeltaTable _table = new();

    public void Dispose() => _table.Dispose();

    [Fact]
    public async Task Many_files_take_several_row_groups_and_little_memory()
    {
        await _table.CreateAsync();
        var stats = new string('s', 900);
        for (var version = 1; version <= 5; version++)
        {
            var first = version * 10_000;
            await _table.CommitAsync(version, [.. Enumerable.Range(first, 10_000).Select(i => Add($"{i}.parquet", $"{{\"numRecords\":{i},\"x\":\"{stats}{Guid.NewGuid()}{Guid.NewGuid()}\"}}"))]);
        }
        await _table.Log.CheckpointAsync(await _table.ReadAsync(), default);
        for (var version = 0; version <= 4; version++)
            File.Delete(_table[DeltaLogNames.Entry(version)]);
        var state = await _table.ReadAsync();
        Assert.Equal((5L, 5L), (state.Version, state.Checkpoint!.Version));
        var seen = new HashSet<string>(StringComparer.Ordinal);
        await foreach (var add in _table.Log.ReadFilesAsync(state, default))
        {
            Assert.StartsWith($"{{\"numRecords\":{add.Name[..^8]},", add.Stats, StringComparison.Ordinal);
            Assert.True(seen.Add(add.Name));
        }
        Assert.Equal(50_000, seen.Count);
        Assert.Equal(50_000, (await _table.FilesAsync()).Count);
    }

    // Spark writes one row group. A chunk of it that is larger than what is held is read while the library waits.
    [Fact]
    public async Task A_checkpoint_with_a_chunk_that_is_too_large_to_be_held_is_read()
    {
        const int Files = 40_000;
        using var duckDb = new DuckDb();
        Directory.CreateDirectory(_table["_delta_log"]);
        duckDb.Run($$"""
            COPY (
                SELECT NULL::STRUCT(appId VARCHAR, "version" BIGINT) AS txn,
                    CASE WHEN i > 1 THEN {'path': i || '.parquet', 'partitionValues': MAP {}::MAP(VARCHAR, VARCHAR), 'size': i, 'modificationTime': 1::BIGINT,
                        'dataChange': false, 'stats': '{"numRecords":' || i || ',"x":"' || repeat('s', 2000) || '"}'} END AS add,
                    CASE WHEN i = 1 THEN {'id': '1', 'format': {'provider': 'parquet', 'options': MAP {}::MAP(VARCHAR, VARCHAR)},
                        'schemaString': '{"type":"struct","fields":[]}', 'partitionColumns': []::VARCHAR[], 'createdTime': 1::BIGINT,
                        'configuration': MAP {}::MAP(VARCHAR, VARCHAR)} END AS "metaData",
                    CASE WHEN i = 0 THEN {'minReaderVersion': 1, 'minWriterVersion': 2} END AS protocol
                FROM range({{Files + 2}}) r(i))
            TO '{{_table[DeltaLogNames.Checkpoint(5)]}}' (FORMAT parquet, COMPRESSION uncompressed, ROW_GROUP_SIZE 1000000)
            """);
        Assert.True(new FileInfo(_table[DeltaLogNames.Checkpoint(5)]).Length > 70_000_000);

        var state = await _table.ReadAsync();
        Assert.Equal((5L, "1"), (state.Version, state.Metadata.Id));
        var (count, bytes) = (0, 0L);
        await foreach (var add in _table.Log.ReadFilesAsync(state, default))
        {
            Assert.StartsWith($"{{\"numRecords\":{add.Size},", add.Stats, StringComparison.Ordinal);
            Assert.Equal($"{add.Size}.parquet", add.Name);
            (count, bytes) = (count + 1, bytes + add.Size);
        }
        Assert.Equal((Files, (Files + 1L) * (Files + 2) / 2 - 1), (count, bytes));
    }
}
