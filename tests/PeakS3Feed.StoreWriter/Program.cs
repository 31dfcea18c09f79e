// Another process for the tests of the store: it does one kind of work until it is done or killed, and prints a line for
// everything that has been acknowledged to it.
using System.Globalization;
using PeakS3Feed.Connections;
using PeakS3Feed.Destinations.Loading;
using PeakS3Feed.Engine;
using PeakS3Feed.Errors;
using PeakS3Feed.Rows;
using PeakS3Feed.Runs;
using PeakS3Feed.Serving;
using PeakS3Feed.Store;
using PeakS3Feed.StoreWriter;

var (work, directory) = (args[0], args[1]);
switch (work)
{
    case "definitions":
        await WriteDefinitionsAsync(args[2], int.Parse(args[3], CultureInfo.InvariantCulture));
        return 0;
    case "runs":
        await WriteRunsAsync(int.Parse(args[2], CultureInfo.InvariantCulture));
        return 0;
    case "hold":
        await HoldAsync(Guid.Parse(args[2]));
        return 0;
    case "triggers":
        await RunTriggersAsync(args.Length > 2 ? Enum.Parse<CommitStep>(args[2]) : null);
        return 0;
    default:
        return 2;
}

// Adds connections named PREFIX_1 and on.
async Task WriteDefinitionsAsync(string prefix, int count)
{
    var store = new DefinitionStore(StorePaths.Resolve(directory));
    for (var i = 1; i <= count; i++)
    {
        var name = string.Create(CultureInfo.InvariantCulture, $"{prefix}_{i}");
        await store.UpdateAsync(d => d.With(new S3Connection { Name = name, BucketName = "acme" }));
        Acknowledge(name);
    }
}

// Starts, updates and ends runs, each with one reject.
async Task WriteRunsAsync(int count)
{
    var history = new RunHistory(directory);
    for (var i = 0; i < count; i++)
    {
        var run = Run(Guid.NewGuid());
        await history.StartAsync(run);
        var reject = new Reject(new SourcePosition("s3://acme/a.csv", 2), "wrong", "x");
        await using (var log = history.OpenRejects(run.Id)) await log.AddAsync(1, [reject]);
        await history.UpdateAsync(run with { Status = RunStatus.Succeeded, EndedAt = DateTimeOffset.UtcNow, RowsRejected = 1 });
        Acknowledge(run.Id.ToString());
    }
}

// Runs what triggers fire, until it is killed; with a step, kills itself when a commit reaches it.
async Task RunTriggersAsync(CommitStep? last)
{
    var options = new TriggerServiceOptions { Interval = TimeSpan.FromMilliseconds(50), OnEnded = result => Acknowledge(result.Run.Id.ToString()) };
    var engine = new FeedEngine(StorePaths.Resolve(directory), new FeedEngineOptions { Observer = last is { } step ? new Death(step) : null });
    using var service = new TriggerService(engine, options);
    Acknowledge("ready");
    await service.RunAsync(CancellationToken.None);
}

// Runs a feed, by the record, until it is killed.
async Task HoldAsync(Guid feed)
{
    var history = new RunHistory(directory);
    using var held = await FeedRunLock.AcquireAsync(history, feed, "orders");
    var run = Run(feed);
    await history.StartAsync(run);
    Acknowledge(run.Id.ToString());
    await Task.Delay(Timeout.Infinite);
}

static S3FeedRun Run(Guid feed) => new()
{
    Id = Guid.NewGuid(),
    FeedId = feed,
    FeedName = "orders",
    Status = RunStatus.Running,
    StartedAt = DateTimeOffset.UtcNow,
    Host = Environment.MachineName,
    ProcessId = Environment.ProcessId,
};

static void Acknowledge(string what)
{
    Console.Out.WriteLine(what);
    Console.Out.Flush();
}
