using System.Globalization;
using System.Text.RegularExpressions;
using PeakS3Feed.Bench.Checks;
using PeakS3Feed.Bench.S3;
using PeakS3Feed.Formats;

namespace PeakS3Feed.Bench.Suite;

/// <summary>Plans and reads over a network that answers late and limits the rate of each connection, as S3 does.</summary>
internal sealed partial class NetworkContests(BenchContext context, Feeds feeds, FakeS3Process server)
{
    private const int PageDelay = 100;
    private const int ObjectDelay = 60;
    private const long Rate = 80_000_000;

    private static readonly string Lanes = Environment.ProcessorCount.ToString(CultureInfo.InvariantCulture);

    /// <summary>Plans 1,000,000 new objects, compared with reading the same listing page after page.</summary>
    public async Task<Contest> PlanAsync(string row, string bucket)
    {
        await feeds.ConnectAsync(bucket, bucket, server.Url);
        var feed = await feeds.AddAsync("in", FileType.Csv, "lite", audited: false, bucket);
        await LogNetworkAsync(PageDelay, 0);
        return new(row, "1,000,000 objects",
        [
            new("peaks3feed run --plan", Row: null, feeds.Worker("run", feed, "--plan"))
            {
                PrepareAsync = RemoveSqlite,
                HashAsync = run => Task.FromResult<string?>(ToLoad(run.Output)),
            },
            new("the SDK's listing, drained", row, new(BenchContext.Self, "list", server.Url, bucket)) { HashAsync = run => Task.FromResult<string?>(run.Output.Trim()) },
        ]);
    }

    /// <summary>Loads 10,000 objects into SQLite, compared with copying them to a local disk.</summary>
    public async Task<Contest> ObjectsAsync()
    {
        var objects = SmallObjects.TenKilobytes;
        await feeds.ConnectAsync("netobjects", NetworkServer.Objects, server.Url);
        var feed = await feeds.AddAsync("in", FileType.Csv, "lite", audited: false, "netobjects");
        await SdkListing.CountAsync(server.Url, NetworkServer.Objects); // generates them
        await LogNetworkAsync(ObjectDelay, 0);
        return new(BenchRows.NetObjects, "10,000 objects",
        [
            new("peaks3feed run, into SQLite", Row: null, feeds.Run(feed))
            {
                PrepareAsync = RemoveSqlite,
                HashAsync = _ => Task.FromResult<string?>(SqliteRows.Hash(feeds.SqlitePath, feed)),
            },
            RClone(objects.Count),
        ], objects.Hash());
    }

    /// <summary>Reads a CSV of 2 GiB into batches, compared with one connection at its full rate.</summary>
    public async Task<Contest> LargeAsync()
    {
        await SdkListing.CountAsync(server.Url, NetworkServer.Large); // generates it
        await LogNetworkAsync(0, Rate);
        var rows = string.Create(CultureInfo.InvariantCulture, $"{NetworkObjects.LargeRows} 1");
        return new(BenchRows.NetLarge, "2 GiB",
        [
            Fetch(NetworkServer.Large),
            new("one connection of the SDK, drained", BenchRows.NetLarge, new(BenchContext.Self, "drain", server.Url, NetworkServer.Large, "in/large.csv")),
        ], rows);
    }

    /// <summary>Reads 40 gzipped CSVs into batches.</summary>
    public async Task<Contest> PackedAsync()
    {
        await SdkListing.CountAsync(server.Url, NetworkServer.Packed); // generates them
        await LogNetworkAsync(ObjectDelay, Rate);
        var rows = string.Create(CultureInfo.InvariantCulture, $"{NetworkObjects.PackedCount * NetworkObjects.PackedRows} {NetworkObjects.PackedCount}");
        return new(BenchRows.NetGzip, "40 objects", [Fetch(NetworkServer.Packed)], rows, server);
    }

    private Contestant Fetch(string bucket) => new("peaks3feed's reader", Row: null, new(BenchContext.Self, "fetch", "Csv", server.Url, bucket, Lanes))
    {
        HashAsync = run => Task.FromResult<string?>(run.Output.Trim()),
    };

    // AWS_CA_BUNDLE would apply to a server without TLS, too.
    private Contestant RClone(int count)
    {
        var folder = context.Place("rclone", "x")[..^2];
        var copy = new Command(
            "env", "-u", "AWS_CA_BUNDLE", "rclone", "copy", "--transfers", "64", "--s3-list-version", "2", "--s3-no-check-bucket", "bench:" + NetworkServer.Objects, folder)
        {
            Environment = new Dictionary<string, string>(StringComparer.Ordinal)
            {
                ["RCLONE_CONFIG"] = "/dev/null",
                ["RCLONE_CONFIG_BENCH_TYPE"] = "s3",
                ["RCLONE_CONFIG_BENCH_PROVIDER"] = "Other",
                ["RCLONE_CONFIG_BENCH_ENDPOINT"] = server.Url,
                ["RCLONE_CONFIG_BENCH_REGION"] = "us-east-1",
                ["RCLONE_CONFIG_BENCH_FORCE_PATH_STYLE"] = "true",
                ["RCLONE_CONFIG_BENCH_ACCESS_KEY_ID"] = S3Access.KeyId,
                ["RCLONE_CONFIG_BENCH_SECRET_ACCESS_KEY"] = S3Access.Secret,
            },
        };
        return new("rclone copy, 64 at once, to a local disk", BenchRows.NetObjects, copy)
        {
            PrepareAsync = () =>
            {
                if (Directory.Exists(folder))
                    Directory.Delete(folder, recursive: true);
                return Task.CompletedTask;
            },
            HashAsync = _ => Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories).Count() is var copied && copied == count
                ? Task.FromResult<string?>(null)
                : throw new BenchException($"It copied {copied} objects instead of {count}."),
        };
    }

    private Task RemoveSqlite()
    {
        feeds.RemoveSqlite();
        return Task.CompletedTask;
    }

    private async Task LogNetworkAsync(int delay, long rate) => await Console.Error.WriteLineAsync(await server.SetNetworkAsync(delay, rate));

    // "  1,000,000 objects to load, 114.4 MiB; 0 loaded already, 0 skipped"
    private static string ToLoad(string plan)
        => Planned().Match(plan) is { Success: true } match
            ? match.Groups["count"].Value.Replace(",", "", StringComparison.Ordinal)
            : throw new BenchException($"The plan was expected to load all objects: {plan}");

    [GeneratedRegex("(?<count>[0-9,]+) objects to load", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Planned();
}
