using Microsoft.Extensions.Logging.Abstractions;
using PeakS3Feed.Destinations;
using PeakS3Feed.Destinations.Loading;
using PeakS3Feed.Feeds.Running;
using PeakS3Feed.Runs;
using PeakS3Feed.Schemas;
using PeakS3Feed.Sources;
using PeakS3Feed.Store;
using PeakS3Feed.Testing;

namespace PeakS3Feed.Tests.Destinations;

/// <summary>A destination that stages files goes through the same commit protocol.</summary>
public sealed class StagedFilesTests
{
    [Fact]
    public async Task Files_are_staged_before_the_transaction_and_copied_inside_it()
    {
        using var staged = await Staged.BeginAsync();

        Assert.Equal(RunStatus.Succeeded, (await staged.RunAsync()).Run.Status);

        CommitStep[] commit =
        [
            CommitStep.Staged, CommitStep.Began, CommitStep.Locked, CommitStep.Checked, CommitStep.Prepared, CommitStep.Written, CommitStep.Applied,
            CommitStep.Recorded, CommitStep.Committing, CommitStep.Committed, CommitStep.LocallyRecorded,
        ];
        Assert.Equal([CommitStep.Claimed, .. commit, .. commit], staged.Steps);
        Assert.Equal(["1|Ann|∅", "2|Bo|∅", "3|Cy|7"], staged.Rows());
        Assert.Empty(staged.LeftOnStage);
        Assert.Equal(RunStatus.NothingToDo, (await staged.RunAsync()).Run.Status);
    }

    [Theory]
    [InlineData(true, 2)]
    [InlineData(false, 3)]
    public async Task A_lost_answer_is_asked_about_and_the_work_is_staged_again_only_if_it_must(bool landed, int stagings)
    {
        using var staged = await Staged.BeginAsync();
        var commits = 0;
        staged.Destination.Commit = async commit =>
        {
            var lost = ++commits == 1;
            if (landed || !lost)
                await commit();
            if (lost)
                throw new IOException("The connection is gone.");
        };

        var run = await staged.RunAsync();

        Assert.True(run.Run.Status == RunStatus.Succeeded, run.Error?.ToString());
        Assert.Equal((2, 3L), (run.Run.Commits, run.Run.RowsLoaded));
        Assert.Equal(stagings, staged.Destination.Stagings);
        Assert.Equal(["1|Ann|∅", "2|Bo|∅", "3|Cy|7"], staged.Rows());
    }

    [Fact]
    public async Task A_copy_that_takes_fewer_rows_than_were_staged_does_not_land()
    {
        using var staged = await Staged.BeginAsync();
        staged.Destination.BeforeCopy = path => File.WriteAllLines(path, File.ReadAllLines(path)[1..]);

        var run = await staged.RunAsync();

        Assert.Equal("RowCountDiffers", run.FeedError?.Id);
        Assert.Empty(staged.Loading.Query("SELECT name FROM sqlite_schema WHERE name = 'orders'"));
        Assert.Empty(staged.LeftOnStage);
    }

    [Fact]
    public async Task A_newer_run_stops_an_older_one_between_staging_and_copy()
    {
        using var staged = await Staged.BeginAsync();
        var newer = new AtStep(CommitStep.Staged, 2, () => staged.Loading.Query("UPDATE peaks3feed_lock SET epoch = epoch + 1"));

        var run = await staged.RunAsync(newer);

        Assert.Equal("RunOvertaken", run.FeedError?.Id);
        Assert.Equal(["1|Ann|∅", "2|Bo|∅"], staged.Rows("id, name, '∅'"));
    }

    private sealed class Staged : IDisposable, ICommitObserver
    {
        private readonly TestFolder _stage = new();
        private ICommitObserver? _also;

        private Staged(Loading loading)
        {
            Loading = loading;
            Destination = new StagedDestination(loading.DatabasePath, _stage.Path);
        }

        public Loading Loading { get; }

        public StagedDestination Destination { get; }

        public List<CommitStep> Steps { get; } = [];

        public string[] LeftOnStage => Directory.GetFiles(_stage.Path);

        public static async Task<Staged> BeginAsync()
        {
            var loading = await Loading.BeginAsync(f => f with { CommitEveryObjects = 1 });
            loading.Write("a.csv", "id,name\n1,Ann\n2,Bo\n");
            loading.Write("b.csv", "id,name,extra\n3,Cy,7\n");
            await loading.ChangeAsync(f => f with
            {
                Schema = new FeedSchema([new("id", "id", ColumnType.BigInt), new("name", "name", ColumnType.Text)]),
                Csv = f.Csv with { Separator = "," },
            });
            return new Staged(loading);
        }

        public async Task<RunResult> RunAsync(ICommitObserver? also = null)
        {
            _also = also;
            var store = new DefinitionStore(Loading.Store.Paths);
            var definitions = await store.ReadAsync();
            var runner = new FeedRunner(new FeedRunnerParts
            {
                History = Loading.Store.History,
                OpenSource = (connection, identity) => SourceFactory.Open(connection, identity, null, NullLoggerFactory.Instance, TimeProvider.System),
                OpenDestination = _ => Task.FromResult<IDestination>(Destination),
                SaveFeed = (_, _) => Task.CompletedTask,
                Logger = NullLogger.Instance,
                Retry = TestStore.Impatient,
                Observer = this,
            });
            return await runner.RunAsync(definitions.FindFeed("orders")!, definitions.FindConnection("source")!, new RunOptions(), null, CancellationToken.None);
        }

        public List<string> Rows(string columns = "id, name, extra") => Loading.Query($"SELECT {columns} FROM orders ORDER BY id");

        public void OnStep(CommitStep step, long sequence)
        {
            Steps.Add(step);
            _also?.OnStep(step, sequence);
        }

        public void Dispose()
        {
            Loading.Dispose();
            _stage.Dispose();
        }
    }
}
