using PeakS3Feed.Destinations.Delta;
using static PeakS3Feed.Tests.Destinations.Delta.DeltaTable;

namespace PeakS3Feed.Tests.Destinations.Delta;

/// <summary>What a log says: ours, and those that other engines write.</summary>
public sealed class DeltaReadTests : IDisposable
{
    private readonly DeltaTable _table = new();

    [Fact]
    public async Task A_folder_without_a_log_is_no_table()
    {
        Assert.Null(await _table.Log.ReadAsync(null, default));
        await File.WriteAllTextAsync(_table["orders.parquet"], "x");
        await _table.WriteAsync("_commits/x.json", "{}");
        await _table.WriteAsync("00000000000000000000.crc", "{}");
        await _table.WriteAsync("notes.json", "{}");
        Assert.Null(await _table.Log.ReadAsync(null, default));
    }

    [Fact]
    public async Task The_last_action_of_each_kind_counts()
    {
        await _table.CreateAsync(Add("a.parquet"), Add("b.parquet"), new DeltaTransaction("x", 1), new DeltaTransaction("y", 5));
        await _table.CommitAsync(1, Remove("a.parquet"), Add("c.parquet"), new DeltaTransaction("x", 2, 99));
        await _table.CommitAsync(2, Metadata with { Name = "renamed" }, Remove("c.parquet"));
        await _table.CommitAsync(3, Add("c.parquet"), Add("größe=a b/d%20e.parquet"));

        var state = await _table.ReadAsync();

        Assert.Equal((3L, "renamed", Protocol), (state.Version, state.Metadata.Name, state.Protocol));
        Assert.Equal((2L, 5L, null), (state.FindTransaction("x"), state.FindTransaction("y"), state.FindTransaction("z")));
        Assert.Equal(["b.parquet", "c.parquet", "größe=a b/d%20e.parquet"], await _table.FilesAsync(state));
    }

    [Fact]
    public async Task An_earlier_state_makes_reading_cheaper_and_changes_nothing()
    {
        await _table.CreateAsync(Add("a.parquet"), new DeltaTransaction("x", 1));
        var first = await _table.ReadAsync();
        await _table.CommitAsync(1, Add("b.parquet"), new DeltaTransaction("x", 2));
        File.Delete(_table[DeltaLogNames.Entry(0)]); // nobody reads it again: it would be missed
        await _table.WriteEntryAsync(0, "garbage");

        var second = await _table.ReadAsync(first);

        Assert.Equal((1L, 2L), (second.Version, second.FindTransaction("x")));
        Assert.Equal((0L, 1L), (first.Version, first.FindTransaction("x")));
        Assert.Equal(1, (await _table.ReadAsync(second)).Version);
    }

    [Fact]
    public async Task A_table_that_was_created_again_is_read_again()
    {
        await _table.CreateAsync();
        await _table.CommitAsync(1, Add("a.parquet"));
        var earlier = await _table.ReadAsync();
        Directory.Delete(_table["_delta_log"], recursive: true);
        Assert.Null(await _table.Log.ReadAsync(earlier, default));
        await _table.CommitAsync(0, Protocol, Metadata with { Id = "another" });
        Assert.Equal((0L, "another"), ((await _table.ReadAsync(earlier)) is var s ? (s.Version, s.Metadata.Id) : default));
    }

    [Fact]
    public async Task The_commits_after_a_version_are_read_in_order()
    {
        await _table.CreateAsync();
        for (var version = 1; version <= 30; version++)
            await _table.CommitAsync(version, Add($"{version}.parquet"));

        var commits = await _table.Log.ReadCommitsAsync(9, default);

        Assert.Equal(Enumerable.Range(10, 21).Select(v => ((long)v, $"{v}.parquet")), commits.Select(c => (c.Version, ((DeltaAdd)c.Actions[^1]).Name)));
        Assert.Empty(await _table.Log.ReadCommitsAsync(30, default));
    }

    // As written by Spark 3.5 with Delta 3.2: unknown members, a protocol after the metadata, null values, a domain that is ignored.
    [Fact]
    public async Task A_log_of_Spark_is_read()
    {
        await _table.WriteEntryAsync(
            0,
            """{"commitInfo":{"timestamp":1722000000000,"operation":"WRITE","operationParameters":{"mode":"ErrorIfExists","partitionBy":"[\"country\"]"},"isolationLevel":"Serializable","isBlindAppend":true,"operationMetrics":{"numFiles":"2"},"engineInfo":"Apache-Spark/3.5.1 Delta-Lake/3.2.0","txnId":"7d9d1b1e-0b4e-4b43-9b70-1f5b0bfa1a11"}}""",
            """{"metaData":{"id":"1c1f1e0e-91d3-4b9b-a7e2-5d7d7b1f0a01","format":{"provider":"parquet","options":{}},"schemaString":"{\"type\":\"struct\",\"fields\":[{\"name\":\"id\",\"type\":\"integer\",\"nullable\":true,\"metadata\":{}},{\"name\":\"tags\",\"type\":{\"type\":\"array\",\"elementType\":\"string\",\"containsNull\":true},\"nullable\":true,\"metadata\":{\"comment\":\"a\"}},{\"name\":\"country\",\"type\":\"string\",\"nullable\":true,\"metadata\":{}}]}","partitionColumns":["country"],"configuration":{},"createdTime":1722000000000}}""",
            """{"protocol":{"minReaderVersion":1,"minWriterVersion":2}}""",
            """{"add":{"path":"country=C%C3%B4te%20d'Ivoire/part-00000-1.c000.snappy.parquet","partitionValues":{"country":"Côte d'Ivoire"},"size":478,"modificationTime":1722000000000,"dataChange":true,"stats":"{\"numRecords\":1,\"minValues\":{\"id\":1},\"maxValues\":{\"id\":1},\"nullCount\":{\"id\":0}}","tags":null,"baseRowId":3,"clusteringProvider":null,"deletionVector":null}}""",
            """{"add":{"path":"country=__HIVE_DEFAULT_PARTITION__/part-00001-2.c000.snappy.parquet","partitionValues":{"country":null},"size":479,"modificationTime":1722000000000,"dataChange":true}}""",
            """{"domainMetadata":{"domain":"d","configuration":"{}","removed":false}}""",
            "");
        await _table.WriteEntryAsync(
            1,
            """{"remove":{"path":"country=__HIVE_DEFAULT_PARTITION__/part-00001-2.c000.snappy.parquet","deletionTimestamp":1722000001000,"dataChange":true,"extendedFileMetadata":true,"partitionValues":{"country":null},"size":479,"stats":"{}"}}""",
            """{"cdc":{"path":"_change_data/x","partitionValues":{},"size":1,"dataChange":false}}""");

        var state = await _table.ReadAsync();
        var add = Assert.Single(await _table.Log.ReadFilesAsync(state, default).ToListAsync());

        Assert.Equal("country=Côte d'Ivoire/part-00000-1.c000.snappy.parquet", add.Name);
        Assert.Equal("country=C%C3%B4te%20d'Ivoire/part-00000-1.c000.snappy.parquet", add.Path); // removed by the same text
        Assert.Equal(("Côte d'Ivoire", 478L, 1722000000000), (add.PartitionValues!["country"], add.Size, add.ModificationTime));
        var remove = Assert.IsType<DeltaRemove>((await _table.Log.ReadCommitsAsync(0, default)).Single().Actions.Single());
        Assert.Equal((true, 479L, 1722000001000), (remove.ExtendedFileMetadata, remove.Size!.Value, remove.DeletionTimestamp!.Value));
        var schema = DeltaSchema.Parse(state.Metadata.SchemaString);
        Assert.Equal(state.Metadata.SchemaString, schema.ToJson());
        Assert.Equal(["country"], state.Metadata.PartitionColumns);
    }

    // As written by delta-rs: other order, no createdTime, removes without extended metadata, absolute paths of a converted table.
    [Fact]
    public async Task A_log_of_delta_rs_is_read()
    {
        var root = _table.Area.GetUri("x")[..^1];
        await _table.WriteEntryAsync(
            0,
            """{"protocol":{"minReaderVersion":1,"minWriterVersion":2,"readerFeatures":null,"writerFeatures":null}}""",
            """{"metaData":{"id":"9f","name":null,"description":null,"format":{"provider":"parquet","options":{}},"schemaString":"{\"type\":\"struct\",\"fields\":[]}","partitionColumns":[],"createdTime":null,"configuration":{}}}""",
            $$$"""{"add":{"path":"{{{root}}}a%20b.parquet","partitionValues":{},"size":1,"modificationTime":0,"dataChange":true,"stats":null}}""",
            """{"add":{"path":"c.parquet","partitionValues":{},"size":1,"modificationTime":0,"dataChange":true}}""",
            """{"commitInfo":{"timestamp":1,"operation":"CREATE TABLE","delta-rs":"0.19","operationParameters":{"x":{"y":[1]}}}}""");
        await _table.WriteEntryAsync(1, """{"remove":{"path":"c.parquet","dataChange":true,"deletionTimestamp":5,"extendedFileMetadata":true}}""");

        Assert.Equal(["a b.parquet"], await _table.FilesAsync());
        var remove = (DeltaRemove)(await _table.Log.ReadCommitsAsync(0, default)).Single().Actions.Single();
        Assert.False(remove.ExtendedFileMetadata); // it cannot be written again as one that has them
    }

    [Fact]
    public async Task A_feature_that_is_listed_and_not_used_does_no_harm()
    {
        await _table.CommitAsync(
            0,
            new DeltaProtocol(3, 7)
            {
                ReaderFeatures = ["columnMapping", "timestampNtz", "vacuumProtocolCheck"],
                WriterFeatures = ["columnMapping", "timestampNtz", "vacuumProtocolCheck", "appendOnly", "invariants", "checkConstraints", "changeDataFeed", "generatedColumns", "identityColumns"],
            },
            Metadata with { Configuration = new Dictionary<string, string?>(StringComparer.Ordinal) { ["delta.columnMapping.mode"] = "none", ["delta.appendOnly"] = "TRUE" } });
        Assert.True((await _table.ReadAsync()).IsAppendOnly);
    }

    public void Dispose() => _table.Dispose();
}
