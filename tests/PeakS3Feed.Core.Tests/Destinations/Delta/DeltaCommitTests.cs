using PeakS3Feed.Destinations.Delta;
using PeakS3Feed.Schemas;
using static PeakS3Feed.Tests.Destinations.Delta.DeltaTable;

namespace PeakS3Feed.Tests.Destinations.Delta;

/// <summary>What entries of the log are, byte for byte, and who gets a version.</summary>
public sealed class DeltaCommitTests : IDisposable
{
    private static readonly Guid Attempt = Guid.Parse("0f8fad5b-d9cb-469f-a165-70867728950e");
    private readonly DeltaTable _table = new();

    [Fact]
    public async Task The_first_entry_is_as_the_protocol_says()
    {
        var info = new DeltaCommitInfo("CREATE TABLE") { Parameters = new Dictionary<string, string> { ["mode"] = "Append" } };
        await _table.Log.TryCommitAsync(0, Attempt, [Add("a.parquet"), Metadata, info, Protocol], default);

        Assert.Equal(
            """
            {"commitInfo":{"timestamp":1777636800000,"operation":"CREATE TABLE","operationParameters":{"mode":"Append"},"engineInfo":"PeakS3Feed/0.1.0","txnId":"0f8fad5b-d9cb-469f-a165-70867728950e"}}
            {"protocol":{"minReaderVersion":1,"minWriterVersion":2}}
            {"metaData":{"id":"5fba94ed-9794-4965-ba6e-6ee3c0d22af9","format":{"provider":"parquet","options":{}},"schemaString":"{\"type\":\"struct\",\"fields\":[{\"name\":\"id\",\"type\":\"long\",\"nullable\":true,\"metadata\":{}},{\"name\":\"name\",\"type\":\"string\",\"nullable\":true,\"metadata\":{}}]}","partitionColumns":[],"createdTime":1700000000000,"configuration":{}}}
            {"add":{"path":"a.parquet","partitionValues":{},"size":100,"modificationTime":1700000000001,"dataChange":true}}

            """.ReplaceLineEndings("\n"),
            _table.ReadEntry(0));
    }

    [Fact]
    public async Task Later_entries_are_as_the_protocol_says()
    {
        await _table.CreateAsync();
        var old = Add("größe=1/a b%.parquet", "{\"numRecords\":1}", ("größe", "1"), ("x", null)) with
        {
            Tags = new Dictionary<string, string?>(StringComparer.Ordinal) { ["k"] = "v" },
        };
        await _table.Log.TryCommitAsync(
            1, Attempt,
            [
                new DeltaCommitInfo("MERGE") { Metrics = new Dictionary<string, long> { ["numTargetRowsUpdated"] = 12 } },
                old with { Name = "größe=1/\U0001F600.parquet", DataChange = false },
                old.Remove(1_777_636_800_123, dataChange: false),
                new DeltaTransaction("peaks3feed-1", 7, 1_777_636_800_000),
                DeltaFeatures.Require([new("at", "at", ColumnType.Timestamp)]),
                Metadata with
                {
                    Name = "orders", Description = "d\"", PartitionColumns = ["größe", "x"],
                    Configuration = new Dictionary<string, string?>(StringComparer.Ordinal) { ["delta.appendOnly"] = "true" },
                },
            ],
            default);

        Assert.Equal(
            """
            {"commitInfo":{"timestamp":1777636800000,"operation":"MERGE","operationParameters":{},"operationMetrics":{"numTargetRowsUpdated":"12"},"engineInfo":"PeakS3Feed/0.1.0","txnId":"0f8fad5b-d9cb-469f-a165-70867728950e"}}
            {"protocol":{"minReaderVersion":3,"minWriterVersion":7,"readerFeatures":["timestampNtz"],"writerFeatures":["appendOnly","invariants","timestampNtz"]}}
            {"metaData":{"id":"5fba94ed-9794-4965-ba6e-6ee3c0d22af9","name":"orders","description":"d\"","format":{"provider":"parquet","options":{}},"schemaString":"{\"type\":\"struct\",\"fields\":[{\"name\":\"id\",\"type\":\"long\",\"nullable\":true,\"metadata\":{}},{\"name\":\"name\",\"type\":\"string\",\"nullable\":true,\"metadata\":{}}]}","partitionColumns":["größe","x"],"createdTime":1700000000000,"configuration":{"delta.appendOnly":"true"}}}
            {"txn":{"appId":"peaks3feed-1","version":7,"lastUpdated":1777636800000}}
            {"remove":{"path":"gr%C3%B6%C3%9Fe=1/a%20b%25.parquet","deletionTimestamp":1777636800123,"dataChange":false,"extendedFileMetadata":true,"partitionValues":{"größe":"1","x":null},"size":100,"tags":{"k":"v"}}}
            {"add":{"path":"gr%C3%B6%C3%9Fe=1/%F0%9F%98%80.parquet","partitionValues":{"größe":"1","x":null},"size":100,"modificationTime":1700000000001,"dataChange":false,"stats":"{\"numRecords\":1}","tags":{"k":"v"}}}

            """.ReplaceLineEndings("\n"),
            _table.ReadEntry(1));

        var commit = Assert.Single(await _table.Log.ReadCommitsAsync(0, default));
        Assert.Equal(["größe=1/a b%.parquet", "größe=1/\U0001F600.parquet"], commit.Actions.OfType<DeltaFile>().Select(f => f.Name));
    }

    [Fact]
    public async Task A_version_that_another_has_is_taken_by_its_commit()
    {
        await _table.CreateAsync();
        await _table.CommitAsync(1, Add("theirs.parquet"), new DeltaTransaction("other", 3));

        Assert.IsType<DeltaTaken>(await _table.TryCommitAsync(1, Add("ours.parquet")));

        var theirs = Assert.Single(await _table.Log.ReadCommitsAsync(0, default));
        Assert.Equal(1, theirs.Version);
        Assert.Equal(["theirs.parquet"], theirs.Actions.OfType<DeltaAdd>().Select(a => a.Name));
        Assert.Contains(new DeltaTransaction("other", 3), theirs.Actions);
        Assert.Equal(["theirs.parquet"], await _table.FilesAsync());
    }

    [Fact]
    public async Task An_attempt_that_is_sent_twice_is_committed_once()
    {
        await _table.CreateAsync();
        var entry = "";
        for (var i = 0; i < 2; i++)
        {
            Assert.Equal(new DeltaCommitted(1), await _table.Log.TryCommitAsync(1, Attempt, [Add("a.parquet")], default));
            _table.Time.Advance(TimeSpan.FromMinutes(1));
            entry = entry.Length == 0 ? _table.ReadEntry(1) : entry;
        }
        Assert.Equal(entry, _table.ReadEntry(1));
        // Another attempt with the same files is another commit.
        Assert.IsType<DeltaTaken>(await _table.Log.TryCommitAsync(1, Guid.NewGuid(), [Add("a.parquet")], default));
    }

    [Fact]
    public async Task Actions_that_contradict_each_other_are_not_written()
    {
        var add = Add("a.parquet");
        foreach (var (version, actions) in ((long, DeltaAction[])[])
        [
            (0, [add]), (0, [Protocol, add]), (1, [Metadata, Metadata]), (1, [Protocol, Protocol]), (1, [add, add]), (1, [add, add.Remove(1)]),
            (1, [add.Remove(1), add.Remove(2)]), (1, [new DeltaTransaction("a", 1), new DeltaTransaction("a", 2)]),
            (1, [new DeltaCommitInfo("A"), new DeltaCommitInfo("B")]), (1, [add with { PartitionValues = null }]), (1, [add with { Size = -1 }]),
            (1, [add with { Name = "_a.parquet" }]), (1, [add with { Name = "x/.a.parquet" }]),
            (1, [Metadata with { PartitionColumns = ["x"] }, add]), (1, [new DeltaProtocol(3, 7)]), (1, [new DeltaProtocol(1, 2) { WriterFeatures = [] }]),
            (1, [new DeltaProtocol(3, 7) { ReaderFeatures = ["timestampNtz"], WriterFeatures = [] }]),
        ])
        {
            await Assert.ThrowsAsync<InvalidOperationException>(() => _table.TryCommitAsync(version, actions));
        }
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(() => _table.TryCommitAsync(-1, add));
        Assert.Empty(_table.Snapshot());
        await _table.CommitAsync(0, Protocol, Metadata with { PartitionColumns = ["_x"] }, Add("_x=1/a.parquet", null, ("_x", "1")));
    }

    [Fact]
    public async Task A_thousand_files_are_one_entry()
    {
        await _table.CreateAsync();
        await _table.CommitAsync(1, [.. Enumerable.Range(0, 1000).Select(i => Add($"{i:D4}.parquet"))]);
        Assert.Equal(1001, _table.ReadEntry(1).Count(c => c == '\n'));
        Assert.Equal(1000, (await _table.FilesAsync()).Count);
    }

    public void Dispose() => _table.Dispose();
}
