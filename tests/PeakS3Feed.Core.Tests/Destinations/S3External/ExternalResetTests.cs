using Microsoft.Extensions.Logging.Abstractions;
using PeakS3Feed.Destinations.Delta;
using PeakS3Feed.Destinations.Loading;
using PeakS3Feed.Destinations.S3External;
using PeakS3Feed.Destinations.Staging;
using PeakS3Feed.Errors;
using PeakS3Feed.Runs;
using PeakS3Feed.Testing;
using PeakS3Feed.Wording;

namespace PeakS3Feed.Tests.Destinations.S3External;

/// <summary>Resets that race with a load, and resets of tables whose log or ledger is broken.</summary>
public sealed class ExternalResetTests
{
    /// <summary>What is broken, the error of a run, and whether the rows can still be counted.</summary>
    public static TheoryData<string, string, bool> Breaks => new()
    {
        { "ledger missing", "LedgerMissing", true },
        { "ledger garbage", "LedgerUnreadable", true },
        { "ledger empty", "LedgerUnreadable", true },
        { "log garbage", "DeltaLogInvalid", false },
        { "log gap", "DeltaLogGap", false },
    };

    // The load has written its ledger object before the reset writes one, and commits after that. The reset must not commit the object that it wrote
    // first, because that object does not know of the load.
    [Fact]
    public async Task A_reset_that_loses_against_a_load_retires_what_the_load_has_brought()
    {
        using var feed = await ExternalFeed.BeginAsync();
        feed.Write("a.csv", "id,name\n1,Ann\n");
        await feed.SucceedAsync();
        feed.Write("b.csv", "id,name\n2,Bo\n");
        var isRecorded = new TaskCompletionSource();
        var resetHasWritten = new TaskCompletionSource();
        var load = Task.Run(() => feed.SucceedAsync(new AtStep(CommitStep.Recorded, 1, () =>
        {
            isRecorded.SetResult();
            resetHasWritten.Task.Wait(TestLimits.Hang);
        })));
        await isRecorded.Task.WaitAsync(TestLimits.Hang);
        var id = (await feed.Store.FeedAsync()).Id;
        var area = new RacingArea(new FolderStagingArea(Path.GetDirectoryName(feed.Table)!), async () =>
        {
            resetHasWritten.SetResult();
            await load.WaitAsync(TestLimits.Hang);
        });
        await using var tables = new ExternalTables(
            new S3ExternalDestination { Name = "lake", ConnectionName = "writer" }, area, NullLoggerFactory.Instance, TimeProvider.System);
        await using (var session = await tables.OpenAsync(new LoadTarget(id, TestStore.FeedName, "orders"), default))
            await session.ResetAsync(dropTable: false, default);

        Assert.Equal(2, area.Commits);
        Assert.Equal([1, 2, 4], feed.ReadNumbers(id)); // 3 is the object of the first attempt, which counts for nobody
        var refused = await feed.FailAsync("TableHoldsRows");
        Assert.Contains("2 objects loaded by this feed, before it was reset", refused.Message, StringComparison.Ordinal);
        await feed.Store.ChangeFeedAsync(f => f with { AdoptTable = true });
        var adopted = await feed.RunAsync();
        Assert.Equal((0L, "LedgerTakenOver"), (adopted.Run.RowsLoaded, Assert.Single(adopted.Run.Warnings).Id));
        Assert.Equal(["1|Ann", "2|Bo"], feed.Rows("id", "name"));
        Assert.Equal(RunStatus.NothingToDo, (await feed.RunAsync()).Run.Status);
    }

    [Theory]
    [MemberData(nameof(Breaks))]
    public async Task A_broken_table_can_be_dropped_and_loaded_again(string what, string id, bool countsRows)
    {
        using var feed = await BeginAsync();
        Break(feed, what);
        await feed.FailAsync(id);
        var before = Describe(feed);
        var engine = feed.Store.Engine();
        var error = await Assert.ThrowsAsync<FeedException>(() => engine.ResetAsync(TestStore.FeedName, dropTable: false, default));
        Assert.Equal(id, error.Id);
        Assert.Equal(before, Describe(feed));

        var use = Assert.Single(await engine.FindTableUsesAsync(TestStore.FeedName, dropTable: true, default));
        Assert.Equal((true, countsRows ? 3L : null), (use.Exists, use.Rows));
        Assert.Contains(
            $"drop table \"orders\" of destination lake with its {(countsRows ? "3 rows" : "rows")}. ", ResetText.Describe([use], dropTable: true),
            StringComparison.Ordinal);
        Assert.Equal(before, Describe(feed));
        await engine.ResetAsync(TestStore.FeedName, dropTable: true, default);

        Assert.Empty(Directory.Exists(feed.Table) ? Directory.GetFiles(feed.Table, "*", SearchOption.AllDirectories) : []);
        await feed.SucceedAsync();
        Assert.Equal(["1|Ann", "2|Bo", "3|Cy"], feed.Rows("id", "name"));
    }

    [Fact]
    public async Task A_ledger_of_a_newer_version_is_left_to_that_version()
    {
        using var feed = await BeginAsync();
        var ledger = Newest(feed);
        File.WriteAllText(ledger, File.ReadAllText(ledger).Replace("\"format\":1", "\"format\":2", StringComparison.Ordinal));
        var before = Describe(feed);

        foreach (var drop in (bool[])[false, true])
        {
            var error = await Assert.ThrowsAsync<FeedException>(() => feed.Store.Engine().ResetAsync(TestStore.FeedName, drop, default));
            Assert.Equal("LedgerTooNew", error.Id);
        }
        Assert.Equal(before, Describe(feed));
    }

    [Theory]
    [MemberData(nameof(Breaks))]
    public async Task A_broken_table_is_not_dropped_while_another_feed_has_rows_in_it(string what, string id, bool countsRows)
    {
        using var feed = await BeginAsync();
        var other = await feed.AddFeedAsync("returns");
        File.WriteAllText(Path.Combine(other, "r.csv"), "id,name\n7,Gus\n");
        await feed.SucceedAsync(feed: "returns");
        Break(feed, what);
        await feed.FailAsync(id);
        var before = Describe(feed);

        // The other feed is known from the log or, without it, from its ledger, also if it has another table now.
        await feed.Store.Definitions().UpdateAsync(d => d.With(d.FindFeed("returns")! with { Table = "elsewhere" }));
        var error = await Assert.ThrowsAsync<FeedException>(() => feed.Store.Engine().ResetAsync(TestStore.FeedName, dropTable: true, default));
        Assert.Equal(("TableIsShared", true), (error.Id, error.Message.Contains("returns", StringComparison.Ordinal)));
        Assert.Equal(before, Describe(feed));
        Assert.True(countsRows || what.StartsWith("log", StringComparison.Ordinal));
    }

    private static void Break(ExternalFeed feed, string what)
    {
        switch (what)
        {
            case "ledger missing":
                File.Delete(Newest(feed));
                break;
            case "ledger garbage":
                File.WriteAllText(Newest(feed), "{\"number\":");
                break;
            case "ledger empty":
                File.WriteAllText(Newest(feed), "");
                break;
            case "log garbage":
                File.WriteAllText(feed.EntryPath(1), "{\"add\":");
                break;
            default:
                File.Delete(feed.EntryPath(1));
                break;
        }
    }

    private static string Newest(ExternalFeed feed)
    {
        var feeds = Directory.GetDirectories(Path.Combine(feed.Table, "_peaks3feed"));
        return feeds.Select(f => Path.Combine(f, 3.ToString("D20", default(IFormatProvider)) + ".json")).Single(File.Exists);
    }

    private static IReadOnlyList<string> Describe(ExternalFeed feed) =>
    [
        .. Directory.GetFiles(feed.Table, "*", SearchOption.AllDirectories).Order(StringComparer.Ordinal)
            .Select(f => f + " " + Convert.ToHexString(File.ReadAllBytes(f))),
    ];

    // Three loads of one row.
    private static async Task<ExternalFeed> BeginAsync()
    {
        var feed = await ExternalFeed.BeginAsync(f => f with { CommitEveryObjects = 1 });
        feed.Write("a.csv", "id,name\n1,Ann\n");
        feed.Write("b.csv", "id,name\n2,Bo\n");
        feed.Write("c.csv", "id,name\n3,Cy\n");
        await feed.SucceedAsync();
        return feed;
    }

    /// <summary>A folder in which something happens right before the first entry of a log is created.</summary>
    private sealed class RacingArea(IStagingArea inner, Func<Task> race, RacingArea? root = null) : IStagingArea
    {
        private bool _happened;

        public int Commits { get; private set; }

        public string Location => inner.Location;

        public string GetUri(string name) => inner.GetUri(name);

        public IStagedFileWriter Create(string name) => inner.Create(name);

        public Task<Stream> OpenAsync(string name, CancellationToken cancellationToken) => inner.OpenAsync(name, cancellationToken);

        public async Task<bool> TryCreateAsync(string name, ReadOnlyMemory<byte> content, CancellationToken cancellationToken)
        {
            if (name.StartsWith(DeltaLogNames.Folder, StringComparison.Ordinal))
            {
                (root ?? this).Commits++;
                if (!_happened)
                {
                    _happened = true;
                    await race();
                }
            }
            return await inner.TryCreateAsync(name, content, cancellationToken);
        }

        public Task PutAsync(string name, ReadOnlyMemory<byte> content, CancellationToken cancellationToken)
            => inner.PutAsync(name, content, cancellationToken);

        public Task<byte[]?> FindAsync(string name, CancellationToken cancellationToken) => inner.FindAsync(name, cancellationToken);

        public Task<int> ReadAtAsync(string name, long offset, Memory<byte> buffer, CancellationToken cancellationToken)
            => inner.ReadAtAsync(name, offset, buffer, cancellationToken);

        public IAsyncEnumerable<StagedFile> ListAsync(string prefix, CancellationToken cancellationToken)
            => inner.ListAsync(prefix, cancellationToken);

        public IAsyncEnumerable<StagedFile> ListAfterAsync(string prefix, string after, CancellationToken cancellationToken)
            => inner.ListAfterAsync(prefix, after, cancellationToken);

        public Task DeleteAsync(IReadOnlyCollection<string> names, CancellationToken cancellationToken)
            => inner.DeleteAsync(names, cancellationToken);

        public IStagingArea Below(string folder) => new RacingArea(inner.Below(folder), race, root ?? this);

        public ValueTask DisposeAsync() => inner.DisposeAsync();
    }
}
