using PeakS3Feed.Feeds;

namespace PeakS3Feed.Tests.Destinations.S3External;

/// <summary>A run into a table whose log, ledger or files are broken ends in a clear error and changes nothing.</summary>
public sealed class ExternalBrokenLogTests
{
    private const string Zeros = "00000000000000000000";

    /// <summary>What is broken, the error, and a text of its message.</summary>
    public static TheoryData<string, string, string> Cases => new()
    {
        { "gap", "DeltaLogGap", "00000000000000000001.json" },
        { "first entries missing", "DeltaLogIncomplete", "begins with version 1" },
        { "garbage", "DeltaLogInvalid", "00000000000000000002.json, line 1" },
        { "half an entry", "DeltaLogInvalid", "00000000000000000002.json" },
        { "unknown feature", "DeltaFeatureUnknown", "deletionVectors" },
        { "newer protocol", "DeltaProtocolNewer", "4" },
        { "constraint", "DeltaFeatureUnknown", "delta.constraints.positive" },
        { "ledger object missing", "LedgerMissing", "00000000000000000003.json" },
        { "ledger object garbage", "LedgerUnreadable", "00000000000000000003.json" },
        { "ledger object of a newer version", "LedgerTooNew", "00000000000000000003.json" },
        { "list of objects missing", "TableFileMissing", ".parquet" },
    };

    [Theory]
    [MemberData(nameof(Cases))]
    public async Task A_run_ends_in_an_error_that_names_it(string what, string id, string text)
    {
        using var feed = await BeginAsync(LoadType.Incremental);
        Break(feed, what);
        var before = Describe(feed);
        feed.Write("d.csv", "id,name\n4,Di\n");

        var error = await feed.FailAsync(id);

        Assert.Contains(text, error.Message, StringComparison.Ordinal);
        Assert.NotEmpty(error.Hint ?? "");
        Assert.Equal(before, Describe(feed));
    }

    // Only a load that rewrites the file reads it.
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_data_file_that_is_missing_or_damaged_stops_the_load_that_needs_it(bool missing)
    {
        using var feed = await BeginAsync(LoadType.Upsert);
        var file = feed.ActiveFiles()[0];
        var path = Path.Combine(feed.Table, file);
        if (missing)
            File.Delete(path);
        else
            File.WriteAllBytes(path, new byte[new FileInfo(path).Length]);
        var before = Describe(feed);
        feed.Write("d.csv", "id,name\n1,Anna\n2,Bob\n3,Cyd\n");

        var error = (await feed.RunAsync()).FeedError;

        Assert.Contains(Path.GetFileName(file), error!.Message, StringComparison.Ordinal);
        Assert.NotEmpty(error.Hint ?? "");
        Assert.Equal(before, Describe(feed));
    }

    private static void Break(ExternalFeed feed, string what)
    {
        var ledger = Directory.GetDirectories(Path.Combine(feed.Table, "_peaks3feed")).Single();
        var newest = Path.Combine(ledger, Zeros[1..] + "3.json");
        switch (what)
        {
            case "gap":
                File.Delete(feed.EntryPath(1));
                break;
            case "first entries missing":
                File.Delete(feed.EntryPath(0));
                break;
            case "garbage":
                File.WriteAllText(feed.EntryPath(2), "garbage");
                break;
            case "half an entry":
                File.WriteAllText(feed.EntryPath(2), File.ReadAllText(feed.EntryPath(2))[..^20]);
                break;
            case "unknown feature":
                const string Features = """ "readerFeatures":["deletionVectors"],"writerFeatures":["deletionVectors"] """;
                feed.Commit($$$"""{"protocol":{"minReaderVersion":3,"minWriterVersion":7,{{{Features}}}}}""");
                break;
            case "newer protocol":
                feed.Commit("""{"protocol":{"minReaderVersion":4,"minWriterVersion":8,"readerFeatures":[],"writerFeatures":[]}}""");
                break;
            case "constraint":
                feed.Commit(feed.FindAction("metaData").Replace(
                    "\"configuration\":{", "\"configuration\":{\"delta.constraints.positive\":\"id > 0\"", StringComparison.Ordinal));
                break;
            case "ledger object missing":
                File.Delete(newest);
                break;
            case "ledger object garbage":
                File.WriteAllText(newest, "{\"format\":1");
                break;
            case "ledger object of a newer version":
                File.WriteAllText(newest, File.ReadAllText(newest).Replace("\"format\":1", "\"format\":99", StringComparison.Ordinal));
                break;
            default:
                File.Delete(Directory.GetFiles(ledger, "*.parquet").Order(StringComparer.Ordinal).First());
                break;
        }
    }

    // All files of the table with their sizes and times.
    private static List<string> Describe(ExternalFeed feed) =>
    [
        .. new DirectoryInfo(feed.Table).GetFiles("*", SearchOption.AllDirectories)
            .Select(f => $"{f.FullName} {f.Length} {f.LastWriteTimeUtc:O}").Order(StringComparer.Ordinal),
    ];

    private static async Task<ExternalFeed> BeginAsync(LoadType type)
    {
        var feed = await ExternalFeed.BeginAsync(f => f with { LoadType = type, PrimaryKey = type == LoadType.Upsert ? ["id"] : [] });
        foreach (var (name, row) in ((string, string)[])[("a.csv", "1,Ann"), ("b.csv", "2,Bo"), ("c.csv", "3,Cy")])
        {
            feed.Write(name, $"id,name\n{row}\n");
            await feed.SucceedAsync();
        }
        return feed;
    }
}
