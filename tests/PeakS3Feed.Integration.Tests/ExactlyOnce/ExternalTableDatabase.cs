using System.Data.Common;
using System.Globalization;
using System.Text.Json;
using Amazon.Runtime;
using Amazon.S3;
using Amazon.S3.Model;
using PeakS3Feed.Connections;
using PeakS3Feed.Destinations;
using PeakS3Feed.Destinations.S3External;
using PeakS3Feed.Integration.S3;
using PeakS3Feed.Testing;
using PeakS3Feed.TestServers.S3;

namespace PeakS3Feed.Integration.ExactlyOnce;

/// <summary>
/// Tables on S3: in a folder, or in a bucket of Ceph. Table and ledger are read without the product: DuckDB replays the log and reads all Parquet
/// files, other readers find the same rows in them, and the headers of the ledger are read as JSON.
/// </summary>
public sealed class ExternalTableDatabase : TestDatabase
{
    public const string Bucket = "lake";
    private const string RootPath = "tables/";

    private readonly AmazonS3Client? _s3;
    private readonly string _folder; // the tables, or a copy of the bucket's

    private ExternalTableDatabase(string folder, AmazonS3Client? s3, string endpoint, Func<S3ExternalDestination, S3ExternalDestination>? configure)
    {
        (_s3, Root) = (s3, s3 is null ? RootPath : $"e{Guid.NewGuid():N}/");
        _folder = Directory.CreateDirectory(Path.Combine(folder, s3 is null ? RootPath : "copy")).FullName;
        Connections =
        [
            new S3Connection
            {
                Name = "writer", BucketName = Bucket, EndpointUrl = endpoint, Status = ConnectionStatus.Verified,
                ForcePathStyle = s3 is not null, Region = s3 is null ? null : "us-east-1", ProfileName = s3 is null ? null : AwsProfile.Name,
            },
        ];
        var definition = new S3ExternalDestination { Name = "warehouse", ConnectionName = "writer", RootPath = Root };
        Definition = configure?.Invoke(definition) ?? definition;
    }

    /// <summary>Where the tables are in the bucket.</summary>
    public string Root { get; }

    public override S3FeedDestination Definition { get; }

    /// <summary>Tables in a folder.</summary>
    public static ExternalTableDatabase InFolder(TestFolder folder, Func<S3ExternalDestination, S3ExternalDestination>? configure = null)
        => new(folder.Sub("lake"), null, new Uri(folder.Sub("lake")).AbsoluteUri, configure);

    /// <summary>Tables in Ceph; skips the test where it does not run.</summary>
    public static async Task<ExternalTableDatabase> OnCephAsync(TestFolder folder)
    {
        var url = Environment.GetEnvironmentVariable("PEAKS3FEED_TEST_S3");
        Skip.If(string.IsNullOrEmpty(url), "PEAKS3FEED_TEST_S3 is not set: no S3 server to test against");
        var s3 = Connect(url!);
        await s3.PutBucketAsync(Bucket);
        return new ExternalTableDatabase(folder.Sub("lake"), s3, url!, null);
    }

    /// <summary>Tables in a server whose answers a test can spoil.</summary>
    public static ExternalTableDatabase OnFake(TestFolder folder, FakeS3 s3)
    {
        s3.CreateBucket(Bucket);
        return new ExternalTableDatabase(folder.Sub("lake"), Connect(s3.Url), s3.Url, null);
    }

    /// <summary>Returns a folder with the files of a table as they are now.</summary>
    public async Task<string> GetTableAsync(string table)
    {
        var folder = Path.Combine(_folder, table);
        if (_s3 is null)
            return folder;
        // Files never change, except those that no test reads.
        var there = new HashSet<string>(StringComparer.Ordinal);
        var request = new ListObjectsV2Request { BucketName = Bucket, Prefix = $"{Root}{table}/" };
        await foreach (var item in _s3.Paginators.ListObjectsV2(request).S3Objects)
        {
            var path = Path.Combine(folder, item.Key[(Root.Length + table.Length + 1)..]);
            there.Add(path);
            if (File.Exists(path))
                continue;
            using var response = await _s3.GetObjectAsync(Bucket, item.Key);
            await response.WriteResponseStreamToFileAsync(path, append: false, default);
        }
        if (!Directory.Exists(folder))
            return folder;
        foreach (var gone in Directory.GetFiles(folder, "*", SearchOption.AllDirectories).Where(f => !there.Contains(f)))
            File.Delete(gone);
        return folder;
    }

    public override async Task<Snapshot> SnapshotAsync(string table)
    {
        var folder = await GetTableAsync(table);
        if (!DeltaReplay.Exists(folder))
            return new Snapshot([], 0, [], []);
        using var replay = new DeltaReplay(folder);
        replay.CheckpointsMustAgree();
        await replay.OtherReadersMustAgreeAsync();
        var rows = replay.ReadRows("row_id, customer, version, amount")
            .Select(r => new DataRow((string)r[0]!, (long)r[1]!, (long)r[2]!, (long)r[3]!));
        var feeds = Directory.GetDirectories(Path.Combine(folder, "_peaks3feed"));
        var ledger = ExternalLedger.Read(replay, folder, Guid.Parse(Path.GetFileName(Assert.Single(feeds))));
        return new Snapshot([.. rows], ledger.Sequence, ledger.Loads, ledger.Entries);
    }

    public override Task<DbConnection> OpenAsync() => throw new NotSupportedException("A table on S3 has no connection.");

    public override ValueTask DisposeAsync()
    {
        _s3?.Dispose();
        return ValueTask.CompletedTask;
    }

    private static AmazonS3Client Connect(string url) => new(
        new BasicAWSCredentials(CephS3.Customer.Id, CephS3.Customer.Secret),
        new AmazonS3Config { ServiceURL = url, ForcePathStyle = true, AuthenticationRegion = "us-east-1" });

    protected override string FindTable(string name) => throw new NotSupportedException();
}

/// <summary>The ledger of one feed, read from its objects: the one that the log counts, and its predecessors.</summary>
internal sealed record ExternalLedger(long Sequence, IReadOnlyList<Snapshot.Load> Loads, IReadOnlyList<Snapshot.Entry> Entries)
{
    public static ExternalLedger Read(DeltaReplay replay, string table, Guid feed)
    {
        var headers = new List<JsonElement>();
        for (var number = replay.FindTransaction($"peaks3feed-{feed:D}"); number > 0; number = headers[^1].GetProperty("predecessor").GetInt64())
        {
            var path = Path.Combine(table, "_peaks3feed", feed.ToString("D"), number.ToString("D20", CultureInfo.InvariantCulture) + ".json");
            using var json = JsonDocument.Parse(File.ReadAllBytes(path));
            headers.Add(json.RootElement.Clone());
            Assert.Equal(number, headers[^1].GetProperty("number").GetInt64());
        }
        headers.Reverse();
        var loads = new List<Snapshot.Load>();
        var entries = new List<Snapshot.Entry>();
        foreach (var header in headers)
        {
            var objects = ReadObjects(replay, table, header);
            foreach (var load in header.GetProperty("loads").EnumerateArray())
            {
                var sequence = load.GetProperty("sequence").GetInt64();
                if (loads.Exists(l => l.Sequence == sequence))
                    continue;
                loads.Add(new Snapshot.Load(
                    sequence, load.GetProperty("runId").GetGuid(), load.GetProperty("rows").GetInt64(), load.GetProperty("objects").GetInt64()));
                if (load.GetProperty("mode").GetString() == "Replace")
                    entries.Clear();
                entries.AddRange(objects.Where(e => e.Generation == sequence));
            }
        }
        if (headers.Count == 0)
            return new ExternalLedger(0, [], []);
        // What counts now is what the loads brought, each key in its newest version, however often the files of the ledger were merged.
        Assert.Equal(Newest(entries), Newest(ReadObjects(replay, table, headers[^1])));
        return new ExternalLedger(headers[^1].GetProperty("sequence").GetInt64(), loads, entries);

        static IEnumerable<string> Newest(IEnumerable<Snapshot.Entry> entries) => entries
            .GroupBy(e => e.Key, StringComparer.Ordinal).Select(g => g.MaxBy(e => e.Generation)!.ToString()).Order(StringComparer.Ordinal);
    }

    private static List<Snapshot.Entry> ReadObjects(DeltaReplay replay, string table, JsonElement header)
    {
        var segments = header.GetProperty("segments").EnumerateArray()
            .Select(s => DeltaReplay.Quote(Path.Combine(table, s.GetProperty("name").GetString()!))).ToList();
        return segments.Count == 0
            ? []
            :
            [
                .. replay.Query($"SELECT key, etag, sequence FROM read_parquet([{string.Join(", ", segments)}])")
                    .Select(r => new Snapshot.Entry((string)r[0]!, (string)r[1]!, (long)r[2]!)),
            ];
    }
}
