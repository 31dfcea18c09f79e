using PeakS3Feed.Destinations.Delta;
using PeakS3Feed.Errors;
using static PeakS3Feed.Tests.Destinations.Delta.DeltaTable;

namespace PeakS3Feed.Tests.Destinations.Delta;

/// <summary>A log that is broken, or that needs what this program does not know, is a clear error and stays as it is.</summary>
public sealed class DeltaBrokenLogTests : IDisposable
{
    private const string Protocol12 = """{"protocol":{"minReaderVersion":1,"minWriterVersion":2}}""";
    private const string Meta = """{"metaData":{"id":"1","format":{"provider":"parquet","options":{}},"schemaString":"{\"type\":\"struct\",\"fields\":[]}","partitionColumns":[],"configuration":{}}}""";
    private readonly DeltaTable _table = new();

    public static TheoryData<string, long> Lines => new()
    {
        { "garbage", 0 },
        { """{"add":""", 7 },
        { """{"txn":{"appId":"x","version":1}}{}""", 33 },
        { "[]", 0 },
        { "\"text\"", 0 },
        { """{"add":{"path":"a.parquet","partitionValues":{},"size":-1,"modificationTime":1,"dataChange":true}}""", 0 },
        { """{"add":{"path":"a.parquet","partitionValues":{},"size":"1","modificationTime":1,"dataChange":true}}""", 0 },
        { """{"add":{"path":"a.parquet","partitionValues":{},"size":1.5,"modificationTime":1,"dataChange":true}}""", 0 },
        { """{"add":{"path":"a.parquet","partitionValues":{},"size":99999999999999999999,"modificationTime":1,"dataChange":true}}""", 0 },
        { """{"add":{"path":"a.parquet","partitionValues":{},"size":1,"modificationTime":"now","dataChange":true}}""", 0 },
        { """{"add":{"path":"a.parquet","partitionValues":{},"size":1,"modificationTime":1,"dataChange":"yes"}}""", 0 },
        { """{"add":{"path":"a.parquet","partitionValues":[],"size":1,"modificationTime":1,"dataChange":true}}""", 0 },
        { """{"add":{"path":"a.parquet","partitionValues":{"x":1},"size":1,"modificationTime":1,"dataChange":true}}""", 0 },
        { """{"add":{"path":7,"partitionValues":{},"size":1,"modificationTime":1,"dataChange":true}}""", 0 },
        { """{"add":{"partitionValues":{},"size":1,"modificationTime":1,"dataChange":true}}""", 0 },
        { """{"add":{"path":"a.parquet","partitionValues":{},"modificationTime":1,"dataChange":true}}""", 0 },
        { """{"add":5}""", 0 },
        { """{"remove":{"path":"a.parquet"}}""", 0 },
        { """{"remove":{"dataChange":true}}""", 0 },
        { """{"txn":{"appId":"x","version":"1"}}""", 0 },
        { """{"txn":{"version":1}}""", 0 },
        { """{"protocol":{"minReaderVersion":-1,"minWriterVersion":2}}""", 0 },
        { """{"protocol":{"minReaderVersion":1}}""", 0 },
        { """{"metaData":{"id":"1"}}""", 0 },
        { """{"txn":{"appId":"x","version":1},"add":{"path":"a","partitionValues":{},"size":1,"modificationTime":1,"dataChange":true}}""", 0 },
    };

    [Theory]
    [MemberData(nameof(Lines))]
    public async Task A_line_that_is_no_action_names_file_line_and_byte(string line, long within)
    {
        await _table.WriteEntryAsync(0, Protocol12, Meta);
        await _table.WriteEntryAsync(1, "", Protocol12, line);

        var error = await FailsAsync("DeltaLogInvalid", () => _table.Log.ReadCommitsAsync(-1, default));

        Assert.Contains("_delta_log/00000000000000000001.json, line 3, byte ", error.Message, StringComparison.Ordinal);
        Assert.Equal(3, error.Position!.Line);
        Assert.True(error.Position.ByteOffset >= 1 + Protocol12.Length + 1 + within, error.Message);
        Assert.EndsWith("_delta_log/00000000000000000001.json", error.Position.ObjectUri, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Bytes_that_are_no_text_are_an_error()
    {
        await _table.WriteEntryAsync(0, Protocol12, Meta);
        await File.WriteAllBytesAsync(_table[DeltaLogNames.Entry(1)], [.. "{\"txn\":{\"appId\":\""u8, 0xFF, .. "\",\"version\":1}}"u8]);
        await FailsAsync("DeltaLogInvalid", () => _table.Log.ReadAsync(null, default));
    }

    [Fact]
    public async Task A_gap_names_the_missing_version()
    {
        await _table.CreateAsync();
        await _table.CommitAsync(1, Add("a.parquet"));
        var state = await _table.ReadAsync();
        await _table.CommitAsync(3, Add("c.parquet"));

        var error = await FailsAsync("DeltaLogGap", () => _table.Log.ReadAsync(null, default));
        Assert.Contains("it has version 3, but _delta_log/00000000000000000002.json is missing", error.Message, StringComparison.Ordinal);
        await FailsAsync("DeltaLogGap", () => _table.Log.ReadAsync(state, default));
        await FailsAsync("DeltaLogGap", () => _table.Log.ReadCommitsAsync(1, default));
    }

    [Fact]
    public async Task A_log_that_does_not_reach_back_to_its_beginning_needs_a_checkpoint()
    {
        await _table.CreateAsync();
        await _table.CommitAsync(1, Add("a.parquet"));
        File.Delete(_table[DeltaLogNames.Entry(0)]);
        var error = await FailsAsync("DeltaLogIncomplete", () => _table.Log.ReadAsync(null, default));
        Assert.Contains("begins with version 1", error.Message, StringComparison.Ordinal);

        await _table.WriteAsync("_last_checkpoint", """{"version":1,"size":3}""");
        error = await FailsAsync("DeltaLogIncomplete", () => _table.Log.ReadAsync(null, default));
        Assert.Contains("_last_checkpoint names _delta_log/00000000000000000001.checkpoint.parquet", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_log_without_protocol_or_metadata_is_no_log()
    {
        await _table.WriteEntryAsync(0, Meta);
        Assert.Contains("no action protocol", (await FailsAsync("DeltaLogInvalid", () => _table.Log.ReadAsync(null, default))).Message, StringComparison.Ordinal);
        await _table.WriteEntryAsync(0, Protocol12);
        Assert.Contains("no action metaData", (await FailsAsync("DeltaLogInvalid", () => _table.Log.ReadAsync(null, default))).Message, StringComparison.Ordinal);
        await _table.WriteEntryAsync(0, Protocol12, Meta.Replace("struct", "list", StringComparison.Ordinal));
        await FailsAsync("DeltaLogInvalid", () => _table.Log.ReadAsync(null, default));
        await _table.WriteEntryAsync(0, """{"protocol":{"minReaderVersion":3,"minWriterVersion":7,"writerFeatures":[]}}""", Meta);
        await FailsAsync("DeltaLogInvalid", () => _table.Log.ReadAsync(null, default));
    }

    [Theory]
    [InlineData(4, 7)]
    [InlineData(3, 8)]
    [InlineData(99999, 99999)]
    public async Task A_newer_protocol_is_named(int reader, int writer)
    {
        await _table.WriteEntryAsync(0, $$$"""{"protocol":{"minReaderVersion":{{{reader}}},"minWriterVersion":{{{writer}}}}}""", Meta);
        var error = await FailsAsync("DeltaProtocolNewer", () => _table.Log.ReadAsync(null, default));
        Assert.Contains($"version {reader} of the Delta protocol for readers and {writer} for writers", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{"protocol":{"minReaderVersion":3,"minWriterVersion":7,"readerFeatures":["deletionVectors"],"writerFeatures":["deletionVectors"]}}""", Meta, "deletionVectors")]
    [InlineData("""{"protocol":{"minReaderVersion":3,"minWriterVersion":7,"readerFeatures":["v2Checkpoint"],"writerFeatures":["v2Checkpoint"]}}""", Meta, "v2Checkpoint")]
    [InlineData("""{"protocol":{"minReaderVersion":1,"minWriterVersion":7,"writerFeatures":["rowTracking"]}}""", Meta, "rowTracking")]
    [InlineData("""{"protocol":{"minReaderVersion":3,"minWriterVersion":7,"readerFeatures":["soon"],"writerFeatures":["soon"]}}""", Meta, "soon")]
    [InlineData(Protocol12, """{"metaData":{"id":"1","format":{"provider":"orc","options":{}},"schemaString":"{\"type\":\"struct\",\"fields\":[]}","partitionColumns":[],"configuration":{}}}""", "format orc")]
    [InlineData(Protocol12, """{"metaData":{"id":"1","format":{"provider":"parquet","options":{}},"schemaString":"{\"type\":\"struct\",\"fields\":[]}","partitionColumns":[],"configuration":{"delta.columnMapping.mode":"name"}}}""", "columnMapping (name)")]
    [InlineData(Protocol12, """{"metaData":{"id":"1","format":{"provider":"parquet","options":{}},"schemaString":"{\"type\":\"struct\",\"fields\":[]}","partitionColumns":[],"configuration":{"delta.enableChangeDataFeed":"true"}}}""", "changeDataFeed")]
    [InlineData(Protocol12, """{"metaData":{"id":"1","format":{"provider":"parquet","options":{}},"schemaString":"{\"type\":\"struct\",\"fields\":[]}","partitionColumns":[],"configuration":{"delta.constraints.positive":"id > 0"}}}""", "checkConstraints (delta.constraints.positive)")]
    [InlineData(Protocol12, """{"metaData":{"id":"1","format":{"provider":"parquet","options":{}},"schemaString":"{\"type\":\"struct\",\"fields\":[{\"name\":\"id\",\"type\":\"long\",\"nullable\":true,\"metadata\":{\"delta.invariants\":\"x\"}}]}","partitionColumns":[],"configuration":{}}}""", "invariants (column id)")]
    [InlineData(Protocol12, """{"metaData":{"id":"1","format":{"provider":"parquet","options":{}},"schemaString":"{\"type\":\"struct\",\"fields\":[{\"name\":\"id\",\"type\":\"long\",\"nullable\":false,\"metadata\":{}}]}","partitionColumns":[],"configuration":{}}}""", "invariants (column id is NOT NULL)")]
    [InlineData(Protocol12, """{"metaData":{"id":"1","format":{"provider":"parquet","options":{}},"schemaString":"{\"type\":\"struct\",\"fields\":[{\"name\":\"id\",\"type\":\"long\",\"nullable\":true,\"metadata\":{\"delta.generationExpression\":\"x\"}}]}","partitionColumns":[],"configuration":{}}}""", "generatedColumns (column id)")]
    [InlineData(Protocol12, """{"metaData":{"id":"1","format":{"provider":"parquet","options":{}},"schemaString":"{\"type\":\"struct\",\"fields\":[{\"name\":\"id\",\"type\":\"long\",\"nullable\":true,\"metadata\":{\"delta.identity.start\":1}}]}","partitionColumns":[],"configuration":{}}}""", "identityColumns (column id)")]
    public async Task A_feature_that_is_unknown_is_named(string protocol, string metadata, string feature)
    {
        await _table.WriteEntryAsync(0, protocol, metadata);
        var before = _table.Snapshot();
        var error = await FailsAsync("DeltaFeatureUnknown", () => _table.Log.ReadAsync(null, default));
        Assert.Contains($"uses the Delta feature {feature}, which", error.Message, StringComparison.Ordinal);
        Assert.Equal(before, _table.Snapshot());
    }

    [Fact]
    public async Task A_file_with_a_deletion_vector_is_not_read_without_it()
    {
        await _table.CreateAsync();
        await _table.WriteEntryAsync(1, """{"add":{"path":"a.parquet","partitionValues":{},"size":1,"modificationTime":1,"dataChange":true,"deletionVector":{"storageType":"u","pathOrInlineDv":"x","sizeInBytes":1,"cardinality":1}}}""");
        var error = await FailsAsync("DeltaFeatureUnknown", () => _table.FilesAsync());
        Assert.Contains("deletionVectors", error.Message, StringComparison.Ordinal);
        Assert.Equal(1, error.Position!.Line);
    }

    [Theory]
    [InlineData("../a.parquet")]
    [InlineData("x/../../a.parquet")]
    [InlineData("x/%2E%2E/a.parquet")]
    [InlineData("x//a.parquet")]
    [InlineData("/a.parquet")]
    [InlineData("")]
    [InlineData("%zz.parquet")]
    [InlineData("%FF.parquet")]
    [InlineData("a%00.parquet")]
    [InlineData("s3://other/a.parquet")]
    [InlineData("file:///etc/passwd")]
    [InlineData("https://example.com/a.parquet")]
    public async Task A_file_outside_of_the_table_is_refused(string path)
    {
        await _table.CreateAsync();
        await _table.WriteEntryAsync(1, $$$"""{"add":{"path":"{{{path}}}","partitionValues":{},"size":1,"modificationTime":1,"dataChange":true}}""");
        var error = await FailsAsync("DeltaPathOutside", () => _table.FilesAsync());
        Assert.Contains($"names the data file {path}", error.Message, StringComparison.Ordinal);
        await _table.WriteEntryAsync(1, $$$"""{"remove":{"path":"{{{path}}}","dataChange":true}}""");
        await FailsAsync("DeltaPathOutside", () => _table.FilesAsync());
    }

    public void Dispose() => _table.Dispose();

    private static async Task<FeedException> FailsAsync(string id, Func<Task> call)
    {
        var error = await Assert.ThrowsAsync<FeedException>(call);
        Assert.True(error.Id == id, error.ToString());
        Assert.False(string.IsNullOrEmpty(error.Hint));
        return error;
    }
}
