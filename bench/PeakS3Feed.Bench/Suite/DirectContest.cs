using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using PeakS3Feed.Formats;
using PeakS3Feed.TestServers.S3;

namespace PeakS3Feed.Bench.Suite;

/// <summary>Has the stand-in for Snowflake load few and many objects itself, and counts the requests to S3 and to Snowflake.</summary>
internal sealed class DirectContest : IAsyncDisposable
{
    private const string Destination = "snow_direct";
    private const string Stage = "OBJECTS";
    private const double KeysOfPage = 1_000;

    // A long listing is requested in parts, which costs some requests more.
    private const double RequestsOfPage = 1.7;

    private static readonly int[] Sizes = [100, 10_000];

    // The first bytes of an object are then not all of it.
    private static readonly string Padding = new('x', 5_000);

    private readonly Feeds _feeds;
    private readonly FakeS3 _s3;
    private readonly SnowflakeAccount _snowflake;
    private int _before;

    private DirectContest(Feeds feeds, FakeS3 s3, SnowflakeAccount snowflake) => (_feeds, _s3, _snowflake) = (feeds, s3, snowflake);

    public static async Task<DirectContest> StartAsync(BenchContext context, Feeds feeds)
    {
        var s3 = await FakeS3.StartAsync();
        s3.CreateBucket(SnowflakeAccount.Bucket);
        return new(feeds, s3, await SnowflakeAccount.StartAsync(context, s3.Url));
    }

    public async Task<Contest> CreateAsync()
    {
        await _feeds.ConnectAsync("direct_stage", SnowflakeAccount.Bucket, _s3.Url);
        var contestants = new List<Contestant>();
        foreach (var size in Sizes)
            contestants.Add(await LoadAsync(size));
        return new(BenchRows.DirectRequests, "objects of 5 KB", contestants);
    }

    public async ValueTask DisposeAsync()
    {
        await _snowflake.DisposeAsync();
        await _s3.DisposeAsync();
    }

    private async Task<Contestant> LoadAsync(int count)
    {
        var bucket = string.Create(CultureInfo.InvariantCulture, $"bench-direct-{count}");
        var (stage, destination) = ($"{Stage}_{count}", $"{Destination}_{count}");
        _s3.CreateBucket(bucket);
        for (var i = 0; i < count; i++)
            _s3.Put(bucket, string.Create(CultureInfo.InvariantCulture, $"in/{i:00000}.csv"), Encoding.UTF8.GetBytes($"id,name\n{i},{Padding}\n"));
        _snowflake.AddStage(stage, $"s3://{bucket}/");
        var connection = bucket.Replace('-', '_');
        await _feeds.ConnectAsync(connection, bucket, _s3.Url);
        await _feeds.AddSnowflakeAsync(destination, _snowflake, "direct_stage", stage);
        var feed = await _feeds.AddAsync("in", FileType.Csv, destination, audited: false, connection, [("schema", Columns()), ("table", "direct")]);
        return new(OneRowFiles.Describe(count), Row: count == Sizes[0] ? null : "", _feeds.Run(feed))
        {
            PrepareAsync = async () =>
            {
                await _snowflake.BeginAsync(table: null);
                _before = _s3.Requests.Count;
            },
            Counts = () => Count(bucket),
            HashAsync = async _ => Check(count, Count(bucket), await _snowflake.CountRowsAsync("direct")),
        };
    }

    private static JsonArray Columns() =>
    [
        new JsonObject { ["name"] = "id", ["type"] = "bigint" },
        new JsonObject { ["name"] = "name", ["type"] = "text" },
    ];

    private static string Check(int count, Dictionary<string, long> found, long rows)
    {
        if (rows != count)
            throw new BenchException($"It loaded {rows} rows instead of {count}.");
        if (found["first bytes of objects"] != count || found["other requests for objects"] != 0)
            throw new BenchException("It did not read the first bytes of each object once, and nothing else of it.");
        if (found["pages of listings"] > 2 * Math.Ceiling(count / KeysOfPage) * RequestsOfPage)
            throw new BenchException($"It requested {found["pages of listings"]} pages of listings.");
        return "two listings, the first bytes of each object, no other request for an object";
    }

    // The stand-in reads the objects without a condition.
    private Dictionary<string, long> Count(string bucket)
    {
        var sent = _s3.Requests.Skip(_before).ToList();
        var ofObjects = sent.Where(r => r.Bucket == bucket && (r.Operation != FakeOperation.Get || r.Header("If-Match") is not null)).ToList();
        var first = ofObjects.Count(r => r.Operation == FakeOperation.Get && r.Header("Range") == "bytes=0-4095");
        var pages = ofObjects.Count(r => r.Operation == FakeOperation.List);
        return new(_snowflake.CountRequests(), StringComparer.Ordinal)
        {
            ["pages of listings"] = pages,
            ["first bytes of objects"] = first,
            ["other requests for objects"] = ofObjects.Count - first - pages,
            ["requests for the stage"] = sent.Count(r => r.Bucket == SnowflakeAccount.Bucket),
        };
    }
}
