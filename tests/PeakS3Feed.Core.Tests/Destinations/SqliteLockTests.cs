using System.Collections.Concurrent;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging;
using PeakS3Feed.Destinations.Loading;
using PeakS3Feed.Destinations.Sqlite;
using PeakS3Feed.Testing;

namespace PeakS3Feed.Tests.Destinations;

/// <summary>Another program holds the whole file after it was opened.</summary>
public sealed class SqliteLockTests : IAsyncLifetime
{
    private static readonly LoadTarget Target = new(Guid.NewGuid(), "orders", "orders");
    private readonly TestFolder _folder = new();
    private readonly RecordingLogger _log = new();
    private readonly RunHolder _holder = new(Guid.NewGuid(), "here", 1, DateTimeOffset.UnixEpoch);
    private IRowSession? _session;
    private SqliteConnection? _other;

    public async Task InitializeAsync()
    {
        _session = (IRowSession)await new SqliteDatabase(_folder.File("warehouse.db"), _log).OpenAsync(Target, CancellationToken.None);
        await _session.ClaimAsync(_holder, LoadMode.Append, CancellationToken.None);
        _other = new SqliteConnection($"Data Source={_folder.File("warehouse.db")};Pooling=False");
        await _other.OpenAsync();
        Execute("BEGIN EXCLUSIVE");
    }

    public async Task DisposeAsync()
    {
        await _other!.DisposeAsync();
        await _session!.DisposeAsync();
        _folder.Dispose();
    }

    public static TheoryData<string> Waits => ["inspect", "ledger", "loads", "claim", "reset", "begin"];

    [Trait(Category.Name, Category.Slow)]
    [Theory]
    [MemberData(nameof(Waits))]
    public async Task A_wait_is_told_and_can_be_cancelled(string what)
    {
        using var stopping = new CancellationTokenSource();
        var waiting = Task.Run(() => DoAsync(what, stopping.Token));
        await _log.Warned.Task.WaitAsync(TestLimits.Hang);
        await stopping.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting.WaitAsync(TestLimits.Hang));
        Assert.Equal($"Feed orders waits for another program that uses {_folder.File("warehouse.db")}, for 60 seconds at most.", Assert.Single(_log.Warnings));
    }

    [Trait(Category.Name, Category.Slow)]
    [Theory]
    [MemberData(nameof(Waits))]
    public async Task What_waited_goes_on_when_the_file_is_free(string what)
    {
        var waiting = Task.Run(() => DoAsync(what, CancellationToken.None));
        await _log.Warned.Task.WaitAsync(TestLimits.Hang);
        Assert.False(waiting.IsCompleted);
        Execute("COMMIT");

        await waiting.WaitAsync(TestLimits.Hang);
    }

    [Fact]
    public async Task A_lock_that_stays_ends_the_wait()
    {
        await using var session = await new SqliteDatabase(_folder.File("warehouse.db"), _log, TimeSpan.FromMilliseconds(100)).OpenAsync(Target, CancellationToken.None);

        var error = await Assert.ThrowsAsync<SqliteBusyException>(() => session.InspectAsync(CancellationToken.None).WaitAsync(TestLimits.Hang));

        Assert.Equal("DestinationBusy", Assert.IsType<Errors.FeedException>(session.Translate(error)).Id);
    }

    private async Task DoAsync(string what, CancellationToken cancellationToken)
    {
        switch (what)
        {
            case "inspect":
                Assert.NotNull((await _session!.InspectAsync(cancellationToken)).Ledger);
                break;
            case "ledger":
                Assert.Empty(await _session!.ReadLedgerAsync("bucket", from: "", takeover: null, cancellationToken).ToListAsync(cancellationToken));
                break;
            case "loads":
                Assert.Empty(await _session!.FindLoadsAsync(_holder.RunId, cancellationToken));
                break;
            case "claim":
                Assert.Equal(2, (await _session!.ClaimAsync(_holder, LoadMode.Append, cancellationToken)).Epoch);
                break;
            case "reset":
                await _session!.ResetAsync(dropTable: true, cancellationToken);
                break;
            default:
                var spec = new LoadSpec { Mode = LoadMode.Append, Schema = new([]) };
                var order = new LoadOrder(spec, new LoadStamp(_holder.RunId, DateTimeOffset.UnixEpoch), _holder, Epoch: 1);
                await using (var load = await _session!.BeginAsync(order, cancellationToken))
                    Assert.Equal(1, load.Table.Ledger!.Epoch);
                break;
        }
    }

    private void Execute(string sql)
    {
        using var command = _other!.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }

    private sealed class RecordingLogger : ILogger
    {
        public TaskCompletionSource Warned { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public ConcurrentQueue<string> Warnings { get; } = new();

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            if (logLevel != LogLevel.Warning)
                return;
            Warnings.Enqueue(formatter(state, exception));
            Warned.TrySetResult();
        }
    }
}
