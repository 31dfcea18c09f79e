using System.Globalization;
using System.Text.RegularExpressions;
using PeakS3Feed.Bench.Checks;
using PeakS3Feed.Bench.S3;

namespace PeakS3Feed.Bench.Suite;

/// <summary>Loads and plans of many objects.</summary>
internal sealed partial class S3Contests(BenchContext context, Feeds feeds)
{
    private const int Listed = 1_000_000;

    /// <summary>Loads 10,000 objects from Ceph into SQLite, compared with the SDK's GET requests.</summary>
    public async Task<Contest> ObjectsAsync()
    {
        var objects = SmallObjects.TenKilobytes;
        await CephBucket.FillAsync(context.S3Endpoint, objects);
        var bytes = Enumerable.Range(0, objects.Count).Sum(n => (long)objects.Content(n).Length);
        await feeds.ConnectAsync("ceph", CephBucket.Name, context.S3Endpoint);
        var ours = await LoadAsync("ceph");
        var gets = new Command(BenchContext.Self, "gets", context.S3Endpoint, CephBucket.Name, objects.Count.ToString(CultureInfo.InvariantCulture));
        var peer = new Contestant("the SDK's GETs, eight at once", BenchRows.S3Objects, gets)
        {
            HashAsync = run => run.Output.Trim() == bytes.ToString(CultureInfo.InvariantCulture)
                ? Task.FromResult<string?>(null)
                : throw new BenchException($"It read {run.Output.Trim()} bytes instead of {bytes}."),
        };
        return new(BenchRows.S3Objects, "10,000 objects", [ours, peer], objects.Hash());
    }

    /// <summary>Loads 100,000 small objects from the fake server into SQLite, without a peer.</summary>
    public async Task<Contest> TinyObjectsAsync(FakeS3Process server)
    {
        await feeds.ConnectAsync("tiny", FakeServer.Tiny, server.Url);
        return new(BenchRows.MemoryObjects, "100,000 objects", [await LoadAsync("tiny")], SmallObjects.Tiny.Hash());
    }

    /// <summary>Plans 1,000,000 objects that the ledger has, compared with reading the same listing.</summary>
    public async Task<Contest> PlanAsync(FakeS3Process server)
    {
        await feeds.ConnectAsync("listing", FakeServer.Listing, server.Url);
        var feed = await feeds.AddAsync("in", Formats.FileType.Csv, "lite", audited: false, "listing");
        feeds.RemoveSqlite();
        await server.ListAsync(1);
        await ProcessRunner.RunAsync(feeds.Run(feed));
        LedgerRows.Add(feeds.SqlitePath, Listed);
        await server.ListAsync(Listed);
        return new(BenchRows.PlanListing, "1,000,000 objects",
        [
            new("peaks3feed run --plan", Row: null, feeds.Worker("run", feed, "--plan")) { HashAsync = run => Task.FromResult<string?>(LoadedAlready(run.Output)) },
            new("the SDK's listing, drained", BenchRows.PlanListing, new(BenchContext.Self, "list", server.Url, FakeServer.Listing))
            {
                HashAsync = run => Task.FromResult<string?>(run.Output.Trim()),
            },
        ]);
    }

    private async Task<Contestant> LoadAsync(string connection)
    {
        var feed = await feeds.AddAsync("in", Formats.FileType.Csv, "lite", audited: false, connection);
        return new("peaks3feed run, into SQLite", Row: null, feeds.Run(feed))
        {
            PrepareAsync = () =>
            {
                feeds.RemoveSqlite();
                return Task.CompletedTask;
            },
            HashAsync = _ => Task.FromResult<string?>(SqliteRows.Hash(feeds.SqlitePath, feed)),
        };
    }

    // "  nothing to do: 1,000,000 loaded already, 0 skipped"
    private static string LoadedAlready(string plan)
        => Loaded().Match(plan) is { Success: true } match
            ? match.Groups["count"].Value.Replace(",", "", StringComparison.Ordinal)
            : throw new BenchException($"The plan was expected to have nothing to load: {plan}");

    [GeneratedRegex("nothing to do: (?<count>[0-9,]+) loaded already", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Loaded();
}
