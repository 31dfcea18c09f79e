using Microsoft.Extensions.Logging.Abstractions;
using PeakS3Feed.Destinations.BuiltIn;
using PeakS3Feed.Destinations;
using PeakS3Feed.Destinations.Loading;
using PeakS3Feed.Feeds.Running;
using PeakS3Feed.Runs;
using PeakS3Feed.Secrets;
using PeakS3Feed.Sources;
using PeakS3Feed.Testing;

namespace PeakS3Feed.Tests.Destinations;

/// <summary>A failure that comes after a commit has landed changes nothing about the load.</summary>
public sealed class LandedLoadTests
{
    [Theory]
    [InlineData(FaultKind.Transient)]
    [InlineData(FaultKind.Refused)]
    [InlineData(FaultKind.RowRefused)]
    [InlineData(FaultKind.Unknown)]
    public async Task A_transaction_that_cannot_be_closed_has_no_load_committed_twice(FaultKind fault)
    {
        using var loading = await Loading.BeginAsync(f => f with { CommitEveryObjects = 1 });
        loading.Write("a.csv", "id,note\n1,a\n2,b\n");
        loading.Write("b.csv", "id,note\n3,c\n");
        var steps = new List<CommitStep>();

        var (run, destination) = await RunAsync(loading, fault, steps);

        Assert.True(run.Run.Status == RunStatus.Succeeded, run.Error?.ToString());
        Assert.Equal((2, 3L, 2), (run.Run.Commits, run.Run.RowsLoaded, destination.FailedCloses));
        Assert.Equal(2, steps.Count(s => s == CommitStep.Began));
        Assert.Equal(["1|a", "2|b", "3|c"], loading.Query("SELECT id, note FROM orders ORDER BY id"));
        Assert.Equal(["1", "2"], loading.Query("SELECT sequence FROM peaks3feed_load ORDER BY sequence"));
        Assert.Equal(RunStatus.NothingToDo, (await loading.RunAsync()).Run.Status);
    }

    [Theory]
    [InlineData(FaultKind.Transient)]
    [InlineData(FaultKind.Unknown)]
    public async Task A_commit_of_the_ledger_alone_that_landed_is_not_repeated(FaultKind fault)
    {
        using var loading = await Loading.BeginAsync();
        loading.Write("a.csv", "id,note\n1,a\n");
        await loading.SucceedAsync();
        loading.Execute("DROP TABLE peaks3feed_lock; DROP TABLE peaks3feed_load; DROP TABLE peaks3feed_file");
        await loading.ChangeAsync(f => f with { AdoptTable = true, AssumeLoadedBefore = new(2026, 6, 1, 0, 0, 0, TimeSpan.Zero) });
        var steps = new List<CommitStep>();

        var (run, destination) = await RunAsync(loading, fault, steps);

        Assert.True(run.Error is null, run.Error?.ToString());
        Assert.Equal((0L, 1), (run.Run.RowsLoaded, destination.FailedCloses));
        Assert.Single(steps, CommitStep.Began);
        Assert.Equal("1", loading.Single("SELECT count(*) FROM peaks3feed_load"));
        Assert.Equal("1", loading.Single("SELECT count(*) FROM orders"));
    }

    private static async Task<(RunResult Run, Stuck Destination)> RunAsync(Loading loading, FaultKind fault, List<CommitStep> steps)
    {
        var definitions = await loading.Store.Definitions().ReadAsync();
        var destination = new Stuck(fault, await BuiltInDestinations.Kinds.OpenAsync(
            definitions.FindDestination("warehouse")!,
            new DestinationContext(loading.Store.Paths.StateDirectory, new SecretResolver(), NullLoggerFactory.Instance), default));
        var access = new TestRun(loading.Store.Definitions(), definitions)
        {
            Source = (connection, identity) => SourceFactory.Open(connection, identity, null, NullLoggerFactory.Instance, TimeProvider.System),
            Destination = _ => destination,
        };
        var runner = new FeedRunner(
            access,
            new FeedRunnerOptions { History = loading.Store.History, Logger = NullLogger.Instance, Retry = TestStore.Impatient, Observer = new Steps(steps) });
        var run = await runner.RunAsync(access, new RunOptions(), null, default);
        return (run, destination);
    }

    private sealed class Steps(List<CommitStep> steps) : ICommitObserver
    {
        public void OnStep(CommitStep step, long sequence) => steps.Add(step);
    }

    /// <summary>Closes each transaction, and fails when it was committed.</summary>
    private sealed class Stuck(FaultKind fault, IDestination inner) : IDestination
    {
        public int FailedCloses { get; private set; }

        public FaultKind Fault => fault;

        public DestinationCapabilities Capabilities => inner.Capabilities;

        public string Location => inner.Location;

        public async Task<ITableSession> OpenAsync(LoadTarget target, CancellationToken cancellationToken)
            => new Session(this, (IRowSession)await inner.OpenAsync(target, cancellationToken));

        public IAsyncEnumerable<DestinationCheck> TestAsync(CancellationToken cancellationToken) => inner.TestAsync(cancellationToken);

        public ValueTask DisposeAsync() => inner.DisposeAsync();

        private sealed class Session(Stuck owner, IRowSession inner) : IRowSession
        {
            public IColumnTypes Types => inner.Types;

            public async Task<IRowLoad> BeginAsync(LoadOrder order, CancellationToken cancellationToken)
                => new RowLoad(owner, await inner.BeginAsync(order, cancellationToken));

            public FaultKind Classify(Exception exception) => exception is LostException ? owner.Fault : inner.Classify(exception);

            public Exception Translate(Exception exception) => exception is LostException ? exception : inner.Translate(exception);

            public IReadOnlyList<string> Describe(TableFit fit, LoadSpec spec) => inner.Describe(fit, spec);

            public Task<TableSnapshot> InspectAsync(CancellationToken cancellationToken) => inner.InspectAsync(cancellationToken);

            public IAsyncEnumerable<LedgerEntry> ReadLedgerAsync(string bucket, string from, LedgerTakeover? takeover, CancellationToken cancellationToken)
                => inner.ReadLedgerAsync(bucket, from, takeover, cancellationToken);

            public Task<LoadRecord?> FindLoadAsync(string loadId, CancellationToken cancellationToken) => inner.FindLoadAsync(loadId, cancellationToken);

            public Task<IReadOnlyList<LoadRecord>> FindLoadsAsync(Guid runId, CancellationToken cancellationToken) => inner.FindLoadsAsync(runId, cancellationToken);

            public Task<long> CountRowsAsync(CancellationToken cancellationToken) => inner.CountRowsAsync(cancellationToken);

            public IAsyncEnumerable<TableRow> ReadRowsAsync(RowSelection selection, CancellationToken cancellationToken) => inner.ReadRowsAsync(selection, cancellationToken);

            public Task<LedgerClaim> ClaimAsync(RunHolder holder, LoadMode mode, CancellationToken cancellationToken)
                => inner.ClaimAsync(holder, mode, cancellationToken);

            public Task ResetAsync(bool dropTable, CancellationToken cancellationToken) => inner.ResetAsync(dropTable, cancellationToken);

            public ValueTask DisposeAsync() => inner.DisposeAsync();
        }

        private sealed class RowLoad(Stuck owner, IRowLoad inner) : IRowLoad
        {
            private bool _committed;

            public TableSnapshot Table => inner.Table;

            public Task<long> PrepareAsync(LoadPreparation preparation, CancellationToken cancellationToken) => inner.PrepareAsync(preparation, cancellationToken);

            public Task<IRowSink> OpenSinkAsync(CancellationToken cancellationToken) => inner.OpenSinkAsync(cancellationToken);

            public Task<long> CompleteAsync(CancellationToken cancellationToken) => inner.CompleteAsync(cancellationToken);

            public async Task CommitAsync(LoadCommit commit, CancellationToken cancellationToken)
            {
                await inner.CommitAsync(commit, cancellationToken);
                _committed = true;
            }

            public async ValueTask DisposeAsync()
            {
                await inner.DisposeAsync();
                if (!_committed)
                    return;
                owner.FailedCloses++;
                throw new LostException();
            }
        }
    }

    private sealed class LostException() : Exception("The connection is gone.");
}
