using PeakS3Feed.Connections;
using PeakS3Feed.Engine;
using PeakS3Feed.Feeds;
using PeakS3Feed.Serving;
using PeakS3Feed.Store;
using PeakS3Feed.Testing;
using PeakS3Feed.Tests.Store;
using PeakS3Feed.Triggers;
using PeakS3Feed.Triggers.Fires;

namespace PeakS3Feed.Tests.Serving;

/// <summary>Workers in processes of their own, killed at any time while requests come in.</summary>
[Trait(Category.Name, Category.Kill)]
public class KilledWorkerTests
{
    private const int Files = 120;

    [Fact]
    public async Task Whatever_is_killed_all_that_was_announced_is_loaded_once()
    {
        using var folder = new TemporaryFolder();
        var engine = new FeedEngine(StorePaths.Resolve(folder["store"]));
        Directory.CreateDirectory(folder["bucket"]);
        await engine.Definitions.AddAsync(new S3Connection { Name = "acme", BucketName = "acme", EndpointUrl = new Uri(folder["bucket"]).AbsoluteUri });
        await engine.Definitions.AddAsync(new S3Feed { Name = "orders", ConnectionName = "acme" });
        var hook = await engine.Definitions.AddAsync(new S3FeedTrigger { Name = "hook", FeedName = "orders", Kind = TriggerKind.Webhook });
        var random = new Random(20261123);
        using var announcer = new TriggerService(engine);

        var workers = new[] { new WriterProcess("triggers", folder["store"]), new WriterProcess("triggers", folder["store"]) };
        foreach (var worker in workers)
            await worker.FirstLine;
        var kills = 0;
        for (var i = 0; i < Files; i++)
        {
            await WriteFileAsync(folder["bucket"], i);
            await announcer.FireAsync(hook, requestId: null, default);
            await Task.Delay(random.Next(40));
            if (i % 10 != 9)
                continue;
            // However slow this machine is: after so many deaths a fire is given up.
            await TestLimits.UntilAsync(
                async () => !await engine.Fires.ListAsync(null).AnyAsync(f => f.State != FireState.Ended && f.Attempts >= FireRunner.MaxAttempts - 1), "end of a fire");
            var victim = kills++ % 2;
            workers[victim].Kill();
            await workers[victim].EndAsync();
            workers[victim].Dispose();
            workers[victim] = new WriterProcess("triggers", folder["store"]);
        }
        await TestLimits.UntilAsync(async () => !await engine.Fires.ListAsync(null).AnyAsync(f => f.State is FireState.Queued or FireState.Started), "end of each fire");
        foreach (var worker in workers)
            worker.Dispose();

        var fires = await engine.Fires.ListAsync(null).ToListAsync();
        Assert.Equal(Files / 10, kills);
        Assert.Equal(Files, fires.Sum(f => f.Requests));
        Assert.All(fires, f => Assert.Equal((FireState.Ended, null), (f.State, f.Reason)));
        Assert.Equal(Enumerable.Range(0, Files).Select(i => (long)i), await LoadedRows.ReadIdsAsync(folder["store"]));
    }

    // As a bucket does it: a file is there as a whole or not at all.
    private static async Task WriteFileAsync(string bucket, int number)
    {
        var draft = Path.Combine(Path.GetDirectoryName(bucket)!, "draft");
        await File.WriteAllTextAsync(draft, $"id,name\n{number},n{number}\n");
        File.Move(draft, Path.Combine(bucket, $"{number:0000}.csv"));
    }
}
