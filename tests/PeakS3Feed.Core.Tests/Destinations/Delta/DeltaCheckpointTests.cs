using PeakS3Feed.Destinations.Delta;
using PeakS3Feed.Errors;
using PeakS3Feed.TestLake;
using static PeakS3Feed.Tests.Destinations.Delta.DeltaTable;

namespace PeakS3Feed.Tests.Destinations.Delta;

/// <summary>Checkpoints: what they hold, that a replay with and without them is the same, and those of other engines.</summary>
public sealed class DeltaCheckpointTests : IDisposable
{
    private readonly DeltaTable _table = new();

    [Fact]
    public async Task A_replay_from_a_checkpoint_is_the_replay_of_all_entries()
    {
        await FillAsync(24);
        var plain = await _table.ReadAsync();
        var files = await _table.Log.ReplayAsync(plain, removes: true, default).ToListAsync();

        await _table.Log.CheckpointAsync(await StateAtAsync(12), default);
        var read = await _table.ReadAsync();

        Assert.Equal(12, read.Checkpoint!.Version);
        Assert.Equal(Describe(plain), Describe(read));
        Assert.Equal(Describe(files), Describe(await _table.Log.ReplayAsync(read, removes: true, default).ToListAsync()));
        // And without the entries that it stands for.
        for (var version = 0; version <= 12; version++)
            File.Delete(_table[DeltaLogNames.Entry(version)]);
        Assert.Equal(Describe(plain), Describe(await _table.ReadAsync()));
        Assert.Equal(Describe(files), Describe(await _table.Log.ReplayAsync(await _table.ReadAsync(), removes: true, default).ToListAsync()));
    }

    [Fact]
    public async Task DuckDB_replays_with_and_without_a_checkpoint_to_the_same_files()
    {
        await FillAsync(24);
        await _table.Log.CheckpointAsync(await StateAtAsync(20), default);
        using var with = new DeltaReplay(_table.Folder);
        using var without = new DeltaReplay(_table.Folder, useCheckpoint: false);

        var files = await _table.FilesAsync();
        Assert.NotEmpty(files);
        Assert.Equal((24L, 24L), (with.Version, without.Version));
        Assert.Equal(files, with.Files.Order(StringComparer.Ordinal));
        Assert.Equal(files, without.Files.Order(StringComparer.Ordinal));
        Assert.Equal(without.Statistics, with.Statistics);
        Assert.Equal(without.Transactions, with.Transactions);
        Assert.Equal((await _table.ReadAsync()).Transactions.ToDictionary(t => t.Key, t => t.Value.Version), with.Transactions);
        Assert.Equal(without.Columns, with.Columns);
        Assert.Equal(["country", "x"], with.PartitionColumns);
    }

    [Fact]
    public async Task The_schema_of_a_checkpoint_is_that_of_the_protocol()
    {
        await FillAsync(3);
        await _table.Log.CheckpointAsync(await _table.ReadAsync(), default);
        using var duckDb = new DuckDb();
        var file = $"read_parquet('{_table[DeltaLogNames.Checkpoint(3)]}')";
        Assert.Equal(
        [
            "txn STRUCT(appId VARCHAR, version BIGINT, lastUpdated BIGINT)",
            "add STRUCT(path VARCHAR, partitionValues MAP(VARCHAR, VARCHAR), size BIGINT, modificationTime BIGINT, dataChange BOOLEAN, stats VARCHAR, tags MAP(VARCHAR, VARCHAR))",
            "remove STRUCT(path VARCHAR, deletionTimestamp BIGINT, dataChange BOOLEAN, extendedFileMetadata BOOLEAN, partitionValues MAP(VARCHAR, VARCHAR), size BIGINT)",
            "metaData STRUCT(id VARCHAR, name VARCHAR, description VARCHAR, format STRUCT(provider VARCHAR, options MAP(VARCHAR, VARCHAR)), schemaString VARCHAR, partitionColumns VARCHAR[], createdTime BIGINT, configuration MAP(VARCHAR, VARCHAR))",
            "protocol STRUCT(minReaderVersion INTEGER, minWriterVersion INTEGER, readerFeatures VARCHAR[], writerFeatures VARCHAR[])",
        ],
        duckDb.Query($"DESCRIBE SELECT * FROM {file}").Select(r => $"{r[0]} {r[1]}".Replace("\"", "", StringComparison.Ordinal)));
        // One action a row, and nothing of the other kinds.
        Assert.Equal(0L, duckDb.Value(
            $"SELECT count(*) FROM {file} WHERE (txn IS NOT NULL)::INT + (add IS NOT NULL)::INT + (remove IS NOT NULL)::INT + (metaData IS NOT NULL)::INT + (protocol IS NOT NULL)::INT <> 1"));
        Assert.Equal(0L, duckDb.Value($"SELECT count(*) FROM {file} WHERE add.dataChange OR remove.dataChange"));
        Assert.Equal("{größe=1, x=NULL, delta.appendOnly=false}", duckDb.Value($"SELECT metaData.configuration::VARCHAR FROM {file} WHERE metaData IS NOT NULL"));
        Assert.Equal("{}", duckDb.Value($"SELECT metaData.format.options::VARCHAR FROM {file} WHERE metaData IS NOT NULL"));
        var hint = await File.ReadAllTextAsync(_table["_delta_log/_last_checkpoint"]);
        var (rows, adds) = ((long)duckDb.Value($"SELECT count(*) FROM {file}")!, (long)duckDb.Value($"SELECT count(add.path) FROM {file}")!);
        Assert.Equal($$"""{"version":3,"size":{{rows}},"sizeInBytes":{{new FileInfo(_table[DeltaLogNames.Checkpoint(3)]).Length}},"numOfAddFiles":{{adds}}}""", hint);
    }

    [Fact]
    public async Task Removed_files_leave_the_checkpoint_after_their_retention()
    {
        await _table.CreateAsync(Add("a.parquet"), Add("b.parquet"));
        var now = _table.Time.GetUtcNow();
        await _table.CommitAsync(1, Remove("a.parquet", now.AddDays(-8).ToUnixTimeMilliseconds()), Remove("b.parquet", now.AddDays(-6).ToUnixTimeMilliseconds()));
        await _table.Log.CheckpointAsync(await _table.ReadAsync(), default);
        Assert.Equal(["b.parquet"], (await _table.Log.ReplayAsync(await _table.ReadAsync(), removes: true, default).ToListAsync()).Select(f => f.Name));
    }

    // As Spark writes it with its options on: parsed columns, several parts, legacy names of maps and lists, required fields.
    [Fact]
    public async Task Checkpoints_of_other_engines_in_parts_are_read()
    {
        await FillAsync(11);
        var expected = await _table.ReadAsync();
        var files = Describe(await _table.Log.ReadFilesAsync(expected, default).Select(f => (DeltaFile)f).ToListAsync());
        await _table.Log.CheckpointAsync(expected, default);
        using var duckDb = new DuckDb();
        for (var part = 1; part <= 3; part++)
        {
            duckDb.Run($$"""
                COPY (
                    SELECT * REPLACE (CASE WHEN add IS NOT NULL THEN struct_insert(add, stats_parsed := {'numRecords': 7::BIGINT}, partitionValues_parsed := {'country': 'x'}) END AS add),
                        CASE WHEN false THEN {'path': 'x'} END AS cdc
                    FROM (SELECT *, row_number() OVER () AS n FROM read_parquet('{{_table[DeltaLogNames.Checkpoint(11)]}}'))
                    WHERE n % 3 = {{part - 1}})
                TO '{{_table[DeltaLogNames.CheckpointPart(11, part, 3)]}}' (FORMAT parquet, ROW_GROUP_SIZE 2048)
                """.Replace("SELECT * REPLACE", "SELECT * EXCLUDE (n) REPLACE", StringComparison.Ordinal));
        }
        File.Delete(_table[DeltaLogNames.Checkpoint(11)]);
        for (var version = 0; version <= 11; version++)
            File.Delete(_table[DeltaLogNames.Entry(version)]);

        var read = await _table.ReadAsync();

        Assert.Equal(3, read.Checkpoint!.Files.Count);
        Assert.Equal(Describe(expected), Describe(read));
        Assert.Equal(files, Describe(await _table.Log.ReadFilesAsync(read, default).Select(f => (DeltaFile)f).ToListAsync()));
        // A part is missing: it is no checkpoint.
        File.Delete(_table[DeltaLogNames.CheckpointPart(11, 2, 3)]);
        Assert.Null(await _table.Log.ReadAsync(null, default) is { } state ? state.Checkpoint : null);
    }

    [Fact]
    public async Task A_checkpoint_that_is_named_but_missing_is_no_harm_while_the_log_is_complete()
    {
        await FillAsync(11);
        await _table.WriteAsync("_last_checkpoint", """{"version":10,"size":3}""");
        Assert.Equal(11, (await _table.ReadAsync()).Version);
        Assert.Contains(_table.Lines, l => l.Contains("the checkpoint 10 that _last_checkpoint names is missing", StringComparison.Ordinal));
        foreach (var damaged in (string[])["", "{", "[]", """{"version":"x"}""", """{"version":-1}""", "{}"])
        {
            await _table.WriteAsync("_last_checkpoint", damaged);
            Assert.Equal(11, (await _table.ReadAsync()).Version);
        }
        Assert.Equal(6, _table.Lines.Count(l => l.Contains("_last_checkpoint is damaged", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task A_checkpoint_that_is_damaged_is_named()
    {
        await FillAsync(3);
        await _table.Log.CheckpointAsync(await _table.ReadAsync(), default);
        var file = _table[DeltaLogNames.Checkpoint(3)];
        var bytes = await File.ReadAllBytesAsync(file);
        foreach (var damaged in (byte[][])[[], bytes[..100], [.. bytes[..^8], 1, 2, 3, 4, 5, 6, 7, 8], [.. bytes[..4], .. new byte[bytes.Length / 2], .. bytes[(4 + (bytes.Length / 2))..]]])
        {
            await File.WriteAllBytesAsync(file, damaged);
            var error = await Assert.ThrowsAsync<FeedException>(async () => await _table.Log.ReadFilesAsync(await _table.ReadAsync(), default).ToListAsync());
            Assert.Equal("DeltaCheckpointInvalid", error.Id);
            Assert.Contains("00000000000000000003.checkpoint.parquet is no valid checkpoint", error.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task A_checkpoint_of_the_second_kind_is_used_by_nobody_and_needed_is_named()
    {
        await FillAsync(3);
        await _table.WriteAsync("00000000000000000003.checkpoint.80a083e8-7026-4e79-81be-64bd76c43a11.json", "{}");
        Assert.Equal(3, (await _table.ReadAsync()).Version);
        File.Delete(_table[DeltaLogNames.Entry(0)]);
        File.Delete(_table[DeltaLogNames.Entry(1)]);
        var error = await Assert.ThrowsAsync<FeedException>(() => _table.Log.ReadAsync(null, default));
        Assert.Equal("DeltaFeatureUnknown", error.Id);
        Assert.Contains("v2Checkpoint", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_checkpoint_is_due_after_ten_commits_or_as_many_as_the_table_says()
    {
        await FillAsync(9);
        Assert.False((await _table.ReadAsync()).NeedsCheckpoint);
        await _table.CommitAsync(10, Add("x.parquet"));
        var state = await _table.ReadAsync();
        Assert.True(state.NeedsCheckpoint);
        await _table.Log.CheckpointAsync(state, default);
        await _table.Log.CheckpointAsync(state, default); // again: nothing to do
        Assert.False((await _table.ReadAsync(state)).NeedsCheckpoint);
        var often = Metadata with { Configuration = new Dictionary<string, string?>(StringComparer.Ordinal) { ["delta.checkpointInterval"] = "2" } };
        await _table.CommitAsync(11, often);
        Assert.False((await _table.ReadAsync()).NeedsCheckpoint);
        await _table.CommitAsync(12);
        Assert.True((await _table.ReadAsync()).NeedsCheckpoint);
    }

    public void Dispose() => _table.Dispose();

    // Commits that add and remove files, with all kinds of values.
    private async Task FillAsync(int versions)
    {
        var metadata = Metadata with
        {
            Name = "orders", PartitionColumns = ["country", "x"],
            Configuration = new Dictionary<string, string?>(StringComparer.Ordinal) { ["größe"] = "1", ["x"] = null, ["delta.appendOnly"] = "false" },
        };
        await _table.CommitAsync(0, DeltaFeatures.Require([new("t", "t", PeakS3Feed.Schemas.ColumnType.Timestamp)]), metadata);
        var random = new Random(versions);
        var active = new List<DeltaAdd>();
        for (var version = 1; version <= versions; version++)
        {
            var actions = new List<DeltaAction> { new DeltaTransaction($"app-{version % 3}", version, version % 2 == 0 ? version : null) };
            for (var i = random.Next(5); i > 0 && active.Count > 3; i--)
            {
                var gone = active[random.Next(active.Count)];
                active.Remove(gone);
                actions.Add(gone.Remove(_table.Time.GetUtcNow().ToUnixTimeMilliseconds()));
            }
            for (var i = 0; i < 1 + random.Next(6); i++)
            {
                var add = Add($"country=ö {i}/{version}-{i}.parquet", random.Next(3) == 0 ? null : $"{{\"numRecords\":{i}}}", ("country", $"ö {i}"), ("x", i % 2 == 0 ? null : "")) with
                {
                    Tags = random.Next(3) switch { 0 => null, 1 => new Dictionary<string, string?>(StringComparer.Ordinal), _ => new Dictionary<string, string?>(StringComparer.Ordinal) { ["k"] = "v", ["n"] = null, ["\U0001F600"] = "ß" } },
                };
                active.Add(add);
                actions.Add(add);
            }
            await _table.CommitAsync(version, [.. actions]);
        }
    }

    // The state as it was at a version.
    private async Task<DeltaState> StateAtAsync(long version)
    {
        var later = Directory.GetFiles(_table["_delta_log"], "*.json").Where(f => string.CompareOrdinal(Path.GetFileName(f), $"{version:D20}.json") > 0).ToList();
        later.ForEach(f => File.Move(f, f + ".away"));
        try
        {
            return await _table.ReadAsync();
        }
        finally
        {
            later.ForEach(f => File.Move(f + ".away", f));
        }
    }

    private static string Describe(DeltaState state) => System.Text.Json.JsonSerializer.Serialize(
        new { state.Version, state.Protocol, state.Metadata, Transactions = state.Transactions.OrderBy(t => t.Key, StringComparer.Ordinal) });

    private static List<string> Describe(IEnumerable<DeltaFile> files) =>
    [
        .. files.Select(f => f with { DataChange = false })
            .Select(f => System.Text.Json.JsonSerializer.Serialize(f is DeltaRemove r ? (object)(r with { Tags = null, Stats = null }) : f, f.GetType())).Order(StringComparer.Ordinal),
    ];
}
