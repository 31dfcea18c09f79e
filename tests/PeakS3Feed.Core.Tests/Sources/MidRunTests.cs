using System.Globalization;
using System.Text;
using Microsoft.Data.Sqlite;
using PeakS3Feed.Connections;
using PeakS3Feed.Destinations.Sqlite;
using PeakS3Feed.Destinations.Loading;
using PeakS3Feed.Engine;
using PeakS3Feed.Feeds;
using PeakS3Feed.Feeds.Running;
using PeakS3Feed.Runs;
using PeakS3Feed.Store;
using PeakS3Feed.TestServers.S3;
using PeakS3Feed.Testing;

namespace PeakS3Feed.Tests.Sources;

/// <summary>Whole runs whose sessions end, or whose access is taken away, while they are under way: AWS's answers.</summary>
public sealed class MidRunTests : IAsyncLifetime
{
    private const int Objects = 30;
    private const int Before = 4;
    private readonly TestFolder _folder = new();
    private readonly HashSet<string> _seen = new(StringComparer.Ordinal);
    private FakeS3 _s3 = null!;

    public async Task InitializeAsync()
    {
        _s3 = await FakeS3.StartAsync();
        _s3.PageSize = 7;
        _s3.Sts.Demanded = true;
        _s3.Sts.ExternalId = "ext-1";
        for (var i = 0; i < Objects; i++)
            _s3.Put("acme", string.Create(CultureInfo.InvariantCulture, $"in/{i:00}.csv"), Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"id\n{i}-a\n{i}-b\n")));
    }

    public async Task DisposeAsync()
    {
        await _s3.DisposeAsync();
        _folder.Dispose();
    }

    [Trait(Category.Name, Category.Slow)]
    [Theory]
    [InlineData(FakeOperation.List, 2, 1, 3)]
    [InlineData(FakeOperation.Get, 3, 1, 3)]
    [InlineData(FakeOperation.Get, 7, 0, 2)] // requests at the same time share a session
    [InlineData(FakeOperation.Get, 1, 1, 3)]
    public async Task A_session_that_ends_again_and_again_is_renewed_and_every_row_is_there_once(
        FakeOperation operation, int every, int commitEvery, int sessions)
    {
        await DefineAsync(f => f with { CommitEveryObjects = commitEvery }, ConnectionStatus.Verified);
        var asked = 0;
        _s3.Faults.Enqueue(new Fault { Then = _s3.Sts.ExpireAll }, operation, times: int.MaxValue, when: r => IsFirstTry(r) && Interlocked.Increment(ref asked) % every == 0);

        var run = await RunAsync();

        Assert.True(run.Run.Status == RunStatus.Succeeded, run.Error?.ToString());
        Assert.Equal(Ids(Objects), Loaded());
        Assert.True(_s3.Sts.Issued >= sessions, $"only {_s3.Sts.Issued} sessions were issued");
    }

    [Theory]
    [InlineData(BadFileAction.Fail)]
    [InlineData(BadFileAction.Skip)]
    public async Task An_object_whose_bytes_are_not_those_that_were_stored_is_a_bad_file(BadFileAction onBadFile)
    {
        await DefineAsync(f => f with { OnBadFile = onBadFile }, ConnectionStatus.Verified);
        var damaged = FakeObject.Create("in/05.csv", "id\n5-a\n5-c\n"u8.ToArray()) with
        {
            Checksums = new Dictionary<string, string>(StringComparer.Ordinal) { ["x-amz-checksum-crc32c"] = "AAAAAA==" },
        };
        _s3.Put("acme", damaged);

        var run = await RunAsync();

        if (onBadFile == BadFileAction.Fail)
        {
            Assert.Equal((RunStatus.Failed, "ChecksumMismatch"), (run.Run.Status, run.FeedError?.Id));
            return;
        }

        Assert.Equal((RunStatus.SucceededWithRejects, Objects - 1L), (run.Run.Status, run.Run.ObjectsLoaded));
        Assert.Equal("s3://acme/in/05.csv", Assert.Single(run.FailedFiles).Uri);
        Assert.Equal(Ids(Objects).Where(id => !id.StartsWith("5-", StringComparison.Ordinal)), Loaded());
    }

    [Trait(Category.Name, Category.Slow)]
    [Fact]
    public async Task A_session_that_ends_while_a_broken_download_is_resumed_is_renewed()
    {
        const int Rows = 100_000;
        _s3.Put("acme", "in/large.csv", Encoding.UTF8.GetBytes("id\n" + string.Concat(Enumerable.Range(0, Rows).Select(i => string.Create(CultureInfo.InvariantCulture, $"row-{i}\n")))));
        await DefineAsync(f => f);
        _s3.Faults.Enqueue(Fault.Drop(300_000), FakeOperation.Get, when: r => r.Key == "in/large.csv");
        _s3.Faults.Enqueue(new Fault { Then = _s3.Sts.ExpireAll }, FakeOperation.Get, when: r => r.Key == "in/large.csv" && r.Header("Range") is not null);

        var run = await RunAsync();

        Assert.True(run.Run.Status == RunStatus.Succeeded, run.Error?.ToString());
        Assert.Equal((2 * Objects) + Rows, Loaded().Distinct(StringComparer.Ordinal).Count());
        Assert.Equal((2 * Objects) + Rows, run.Run.RowsLoaded);
    }

    [Trait(Category.Name, Category.Slow)]
    [Theory]
    [InlineData(false, false, "ListDenied")]
    [InlineData(false, true, "ListDenied")]
    [InlineData(true, false, "ReadDenied")]
    [InlineData(true, true, "ReadDenied")]
    public async Task Access_that_is_taken_away_fails_the_run_and_the_next_one_loads_the_rest(bool mayList, bool skips, string id)
    {
        await DefineAsync(f => f with { CommitEveryObjects = 1, OnBadFile = skips ? BadFileAction.Skip : BadFileAction.Fail });
        await FailsAndGoesOnAsync(
            () => _s3.Faults.Enqueue(Fault.AccessDenied, mayList ? FakeOperation.Get : null, int.MaxValue, r => r.Operation is FakeOperation.List or FakeOperation.Get), id, Before);
    }

    [Trait(Category.Name, Category.Slow)]
    [Fact]
    public async Task A_key_of_kms_that_is_disabled_for_all_fails_the_run_too()
    {
        await DefineAsync(f => f with { CommitEveryObjects = 1, OnBadFile = BadFileAction.Skip });
        await FailsAndGoesOnAsync(() => _s3.Faults.Enqueue(AwsRefusals.KeyDisabled, FakeOperation.Get, int.MaxValue), "ReadDenied", Before);
    }

    [Fact]
    public async Task A_role_that_trusts_us_no_more_fails_the_run_when_its_session_ends()
    {
        await DefineAsync(f => f with { CommitEveryObjects = 1, OnBadFile = BadFileAction.Skip });
        await FailsAndGoesOnAsync(
            () =>
            {
                _s3.Faults.Enqueue(AwsRefusals.NotAuthorized(AwsRefusals.User, "sts:AssumeRole", "arn:aws:iam::111122223333:role/ingest"), FakeOperation.AssumeRole, int.MaxValue);
                _s3.Sts.ExpireAll();
            },
            "RoleRefused", Before);
    }

    [Fact]
    public async Task Access_that_is_taken_away_within_a_commit_leaves_nothing_of_that_commit()
    {
        await DefineAsync(f => f with { CommitEveryObjects = 10, OnBadFile = BadFileAction.Skip });
        var failed = await RunAsync(new AtStep(CommitStep.LocallyRecorded, 1, () => _s3.Faults.Enqueue(Fault.AccessDenied, FakeOperation.Get, int.MaxValue, r => string.CompareOrdinal(r.Key, "in/15.csv") >= 0 || r.Header("Range") is not null)));
        Assert.Equal((RunStatus.Failed, "ReadDenied", 1), (failed.Run.Status, failed.Run.ErrorId, failed.Run.Commits));
        Assert.Equal(Ids(10), Loaded());
        _s3.Faults.Clear();
        Assert.Equal(RunStatus.Succeeded, (await RunAsync()).Run.Status);
        Assert.Equal(Ids(Objects), Loaded());
    }

    [Theory]
    [InlineData(0)]
    [InlineData(17)]
    public async Task One_object_that_is_denied_is_left_out_and_named(int which)
    {
        await DefineAsync(f => f with { OnBadFile = BadFileAction.Skip });
        var key = string.Create(CultureInfo.InvariantCulture, $"in/{which:00}.csv");
        _s3.Faults.Enqueue(Fault.AccessDenied, FakeOperation.Get, int.MaxValue, r => r.Key == key);

        var run = await RunAsync();

        Assert.Equal((RunStatus.SucceededWithRejects, 1L, 2L * (Objects - 1)), (run.Run.Status, run.Run.ObjectsFailed, run.Run.RowsLoaded));
        Assert.Equal("s3://acme/" + key, Assert.Single(run.FailedFiles).Uri);
        Assert.Equal("s3://acme/" + key, Assert.Single((await RunAsync()).FailedFiles).Uri);
        _s3.Faults.Clear();
        Assert.Equal(2, (await RunAsync()).Run.RowsLoaded);
        Assert.Equal(Ids(Objects), Loaded());
    }

    private async Task FailsAndGoesOnAsync(Action revoke, string id, int commits)
    {
        var failed = await RunAsync(new AtStep(CommitStep.LocallyRecorded, commits, revoke));
        Assert.Equal((RunStatus.Failed, id, commits), (failed.Run.Status, failed.Run.ErrorId, failed.Run.Commits));
        Assert.Contains("at fault", failed.FeedError!.Hint, StringComparison.Ordinal);
        Assert.Empty(failed.FailedFiles);
        Assert.Equal(Ids(commits), Loaded());
        _s3.Faults.Clear();
        var rest = await RunAsync();
        Assert.Equal((RunStatus.Succeeded, (long)Objects - commits), (rest.Run.Status, rest.Run.ObjectsLoaded));
        Assert.Equal(Ids(Objects), Loaded());
    }

    // What was refused is asked again with another session, which is to be let through.
    private bool IsFirstTry(FakeRequest request)
    {
        lock (_seen)
            return _seen.Add($"{request.Operation} {request.Key} {request.Query.GetValueOrDefault("continuation-token")}");
    }

    private Task DefineAsync(Func<S3Feed, S3Feed> configure, ConnectionStatus status = ConnectionStatus.Draft) => new DefinitionStore(Paths).UpdateAsync(d => d
        .With(S3Harness.WithRole with { EndpointUrl = _s3.Url, RootPath = "in/", Status = status })
        .With(new SqliteDestination { Name = "warehouse", Path = _folder.File("warehouse.db") })
        .With(configure(new S3Feed { Name = "orders", ConnectionName = "acme", DestinationNames = ["warehouse"] })));

    private Task<RunResult> RunAsync(ICommitObserver? observer = null)
        => new FeedEngine(Paths, new FeedEngineOptions { Observer = observer }).RunAsync("orders", new RunOptions(), S3Harness.Key, progress: null, default);

    private StorePaths Paths => StorePaths.Resolve(_folder.File("store"));

    private static List<string> Ids(int objects)
        => [.. Enumerable.Range(0, objects).SelectMany(i => new[] { string.Create(CultureInfo.InvariantCulture, $"{i}-a"), string.Create(CultureInfo.InvariantCulture, $"{i}-b") }).Order(StringComparer.Ordinal)];

    private List<string> Loaded()
    {
        using var connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = _folder.File("warehouse.db"), Mode = SqliteOpenMode.ReadOnly, Pooling = false }.ToString());
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = "SELECT id FROM orders";
        using var reader = command.ExecuteReader();
        var ids = new List<string>();
        while (reader.Read())
            ids.Add(reader.GetString(0));
        ids.Sort(StringComparer.Ordinal);
        return ids;
    }
}
