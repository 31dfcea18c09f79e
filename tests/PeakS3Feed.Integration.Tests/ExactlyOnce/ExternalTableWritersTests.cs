using System.Globalization;
using PeakS3Feed.Connections;
using PeakS3Feed.Feeds;
using PeakS3Feed.Feeds.Running;
using PeakS3Feed.Runs;
using PeakS3Feed.Testing;

namespace PeakS3Feed.Integration.ExactlyOnce;

/// <summary>Eight feeds load into one table on S3 at once: four append, four update the same keys.</summary>
[Trait(Category.Name, Category.Server)]
public sealed class ExternalTableWritersTests
{
    private const int Writers = 8;
    private const int Rounds = 3;
    private const int Keys = 60;

    [Fact]
    public async Task In_a_folder_every_row_is_there_once()
    {
        using var folder = new TestFolder();
        await using var database = ExternalTableDatabase.InFolder(folder);
        await RunAsync(folder, database);
    }

    [SkippableFact]
    public async Task On_Ceph_every_row_is_there_once()
    {
        using var folder = new TestFolder();
        await using var database = await ExternalTableDatabase.OnCephAsync(folder);
        await RunAsync(folder, database);
    }

    private static async Task RunAsync(TestFolder folder, ExternalTableDatabase database)
    {
        var store = await TestStore.CreateAsync(folder.File("store"), folder.Sub("source"), database.Definition, null, database.Connections);
        for (var writer = 0; writer < Writers; writer++)
            await AddAsync(store, folder, writer);
        for (var round = 1; round <= Rounds; round++)
        {
            for (var writer = 0; writer < Writers; writer++)
                Write(folder, writer, round);
            var runs = await Task.WhenAll(Enumerable.Range(0, Writers).Select(w => Task.Run(() => SucceedAsync(store, Name(w)))));
            Assert.All(runs, r => Assert.Equal(RunStatus.Succeeded, r.Run.Status));
        }

        using var replay = new DeltaReplay(await database.GetTableAsync("shared"));
        replay.CheckpointsMustAgree();
        await replay.OtherReadersMustAgreeAsync();
        var rows = replay.ReadRows("id, writer, round").Select(r => (Id: (long)r[0]!, Writer: (long)r[1]!, Round: (long)r[2]!)).ToList();
        foreach (var writer in Enumerable.Range(0, Writers).Where(w => !Updates(w)))
        {
            var expected = Enumerable.Range(1, Rounds).SelectMany(
                round => Enumerable.Range(0, Keys).Select(k => (AppendedId(writer, round, k), (long)writer, (long)round)));
            Assert.Equal(expected.Order(), rows.Where(r => r.Writer == writer).Order());
        }
        // Each key is there once, with what some feed of the last round says.
        var updated = rows.Where(r => Updates((int)r.Writer)).ToList();
        Assert.Equal(Enumerable.Range(0, Keys).Select(k => (long)k), updated.Select(r => r.Id).Order());
        Assert.All(updated, r => Assert.Equal(Rounds, r.Round));
        for (var writer = 0; writer < Writers; writer++)
        {
            var ledger = ExternalLedger.Read(replay, await database.GetTableAsync("shared"), (await store.FeedAsync(Name(writer))).Id);
            Assert.Equal(Enumerable.Range(1, Rounds).Select(r => (long)r), ledger.Loads.Select(l => l.Sequence));
            Assert.All(ledger.Loads, l => Assert.Equal((Keys, 1L), ((int)l.Rows, l.Objects)));
            Assert.Equal(RunStatus.NothingToDo, (await store.RunAsync(feed: Name(writer))).Run.Status);
        }
    }

    private static async Task<RunResult> SucceedAsync(TestStore store, string feed)
    {
        var run = await store.RunAsync(feed: feed);
        Assert.True(run.Run.Status == RunStatus.Succeeded, run.Error?.ToString());
        return run;
    }

    private static async Task AddAsync(TestStore store, TestFolder folder, int writer)
    {
        var source = new S3Connection
        {
            Name = Name(writer), BucketName = Name(writer), EndpointUrl = new Uri(folder.Sub(Name(writer))).AbsoluteUri,
            Status = ConnectionStatus.Verified,
        };
        var feed = new S3Feed
        {
            Name = Name(writer), ConnectionName = Name(writer), DestinationNames = ["warehouse"], Table = "shared", AdoptTable = true,
            LoadType = Updates(writer) ? LoadType.Upsert : LoadType.Incremental, PrimaryKey = Updates(writer) ? ["id"] : [],
        };
        await store.Definitions().UpdateAsync(d => d.With(source).With(feed));
    }

    private static void Write(TestFolder folder, int writer, int round)
    {
        var lines = Enumerable.Range(0, Keys).Select(
            k => string.Create(CultureInfo.InvariantCulture, $"{(Updates(writer) ? k : AppendedId(writer, round, k))},{writer},{round}\n"));
        File.WriteAllText(Path.Combine(folder.Sub(Name(writer)), $"{round}.csv"), "id,writer,round\n" + string.Concat(lines));
    }

    private static bool Updates(int writer) => writer % 2 == 0;

    private static long AppendedId(int writer, int round, int key) => (writer * 1_000_000L) + (round * 1000) + key;

    private static string Name(int writer) => string.Create(CultureInfo.InvariantCulture, $"writer{writer}");
}
