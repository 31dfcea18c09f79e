using PeakS3Feed.Destinations.Loading;
using PeakS3Feed.Errors;
using PeakS3Feed.Runs;
using PeakS3Feed.Testing;
using PeakS3Feed.TestServers.S3;

namespace PeakS3Feed.Integration.ExactlyOnce;

/// <summary>Requests to a table on S3 fail, or their answers are lost.</summary>
public sealed class ExternalTableLostAnswerTests
{
    private const string Entry = "/_delta_log/";

    // Each request that writes, by a part of its key, and what happens to it. A request is repeated until it has an answer, so a PUT that creates a
    // file meets the file that it has created.
    private static readonly (string Key, bool Creates)[] Writes =
        [("/part-", false), ("/_peaks3feed/.*[.]parquet", false), ("/_peaks3feed/.*[.]json", true), (Entry + ".*[.]json", true)];

    public static TheoryData<LoadKind> Kinds => [.. Enum.GetValues<LoadKind>()];

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task A_request_that_fails_once_neither_loses_a_row_nor_loads_it_twice(LoadKind kind)
    {
        await using var s3 = await FakeS3.StartAsync();
        await using var scenario = await BeginAsync(s3, kind);
        foreach (var (key, creates) in Writes)
        {
            Fault[] conflicts = creates ? [Fault.ConditionalRequestConflict] : [];
            Fault[] faults = [new() { LosesAnswer = true }, new() { HangUp = true }, .. conflicts];
            foreach (var fault in faults)
            {
                var struck = 0;
                s3.Faults.Enqueue(fault with { Then = () => struck++ }, FakeOperation.Other, 1, r => IsTo(r, key));
                await MustSucceedAsync(scenario);
                Assert.True(struck == 1, key);
                scenario.ChangeFiles();
            }
        }
        foreach (var operation in (FakeOperation[])[FakeOperation.List, FakeOperation.Get])
        {
            s3.Faults.Enqueue(new() { HangUp = true }, operation);
            await MustSucceedAsync(scenario);
            scenario.ChangeFiles();
        }
        await scenario.FinishAsync();
        await scenario.HistoryMustAgreeAsync(dead: 0);
    }

    // The server is asked in vain to repeat the PUT, so the run asks the ledger.
    [Theory]
    [InlineData(LoadKind.Append, true, 1)]
    [InlineData(LoadKind.Append, false, 1)]
    [InlineData(LoadKind.Append, true, 2)]
    [InlineData(LoadKind.Append, false, 2)]
    [InlineData(LoadKind.Replacing, true, 2)]
    [InlineData(LoadKind.Replacing, false, 2)]
    [InlineData(LoadKind.Upsert, true, 2)]
    [InlineData(LoadKind.Upsert, false, 2)]
    [InlineData(LoadKind.TruncateInsert, true, 1)]
    [InlineData(LoadKind.TruncateInsert, false, 1)]
    public async Task The_run_finds_out_by_itself_what_became_of_its_commit(LoadKind kind, bool lands, int commit)
    {
        await using var s3 = await FakeS3.StartAsync();
        await using var scenario = await BeginAsync(s3, kind);

        var run = await scenario.Store.RunAsync(new AtStep(CommitStep.Committing, commit, () =>
        {
            s3.Faults.Enqueue(new() { LosesAnswer = lands, HangUp = !lands }, FakeOperation.Other, 1, r => IsTo(r, Entry));
            s3.Faults.Enqueue(Fault.AccessDenied, FakeOperation.Other, 1, r => IsTo(r, Entry));
        }));

        Assert.True(run.Run.Status == RunStatus.Succeeded, run.Error?.ToString());
        await scenario.MustBeCompleteAsync();
        await scenario.HistoryMustAgreeAsync(dead: 0);
        scenario.ChangeFiles();
        await scenario.FinishAsync();
    }

    [Theory]
    [InlineData(LoadKind.Append, true)]
    [InlineData(LoadKind.Append, false)]
    [InlineData(LoadKind.TruncateInsert, true)]
    [InlineData(LoadKind.TruncateInsert, false)]
    public async Task A_server_that_stays_away_leaves_the_outcome_open_and_the_next_run_knows_it(LoadKind kind, bool lands)
    {
        await using var s3 = await FakeS3.StartAsync();
        await using var scenario = await BeginAsync(s3, kind);
        var soon = new CommitRetry { FirstDelay = TimeSpan.FromMilliseconds(20), MaxDelay = TimeSpan.FromMilliseconds(50), MaxAttempts = 4 };

        var run = await scenario.Store.RunAsync(
            new AtStep(CommitStep.Committing, 1, () =>
            {
                s3.Faults.Enqueue(new() { LosesAnswer = lands, HangUp = !lands }, FakeOperation.Other, 1, r => IsTo(r, Entry));
                s3.Faults.Enqueue(Fault.AccessDenied, times: int.MaxValue);
            }),
            soon);
        s3.Faults.Clear();

        Assert.Equal((RunStatus.Failed, "CommitOutcomeUnknown"), (run.Run.Status, run.FeedError?.Id));
        Assert.Equal(lands ? 1 : 0, (await scenario.MustAgreeAsync()).Sequence);
        await scenario.FinishAsync();
    }

    // The entry reaches the log only when the run has asked the ledger in vain, and sends the next one.
    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task A_commit_that_arrives_late_counts_once(LoadKind kind)
    {
        await using var s3 = await FakeS3.StartAsync();
        await using var scenario = await BeginAsync(s3, kind);
        await scenario.FinishAsync();
        scenario.ChangeFiles();
        FakeRequest? late = null;
        s3.Faults.Enqueue(Fault.AccessDenied, FakeOperation.Other, 1, r => IsTo(r, Entry) && (late = r) is not null);

        var run = await scenario.Store.RunAsync(
            new AtStep(CommitStep.Committing, 2, () => s3.Put(ExternalTableDatabase.Bucket, late!.Key, late.Body)));

        Assert.True(run.Run.Status == RunStatus.Succeeded, run.Error?.ToString());
        await scenario.MustBeCompleteAsync();
        await scenario.HistoryMustAgreeAsync(dead: 0);
        await scenario.FinishAsync();
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_compaction_whose_answer_is_lost_loses_no_row(bool lands)
    {
        await using var s3 = await FakeS3.StartAsync();
        await using var scenario = await BeginAsync(s3, LoadKind.Upsert);
        await scenario.FinishAsync();
        s3.Faults.Enqueue(new() { LosesAnswer = lands, HangUp = !lands }, FakeOperation.Other, 1, r => IsTo(r, Entry));
        s3.Faults.Enqueue(Fault.AccessDenied, FakeOperation.Other, 1, r => IsTo(r, Entry));

        await Assert.ThrowsAsync<FeedException>(() => CompactAsync(scenario));

        await scenario.MustBeCompleteAsync();
        scenario.ChangeFiles();
        await scenario.FinishAsync();
    }

    // A load commits before the compaction does, and another one that rewrites files while the compaction looks at the first.
    [Fact]
    public async Task A_compaction_gives_way_to_loads_that_commit_while_it_does()
    {
        await using var s3 = await FakeS3.StartAsync();
        await using var scenario = await BeginAsync(s3, LoadKind.Replacing);
        await scenario.FinishAsync();
        scenario.Data.Add(1);
        var lists = 0;
        s3.Faults.Enqueue(new() { Then = Load }, FakeOperation.Other, 1, r => IsTo(r, Entry));
        await CompactAsync(scenario);

        Assert.True(lists >= 2);
        await scenario.MustBeCompleteAsync();
        await scenario.FinishAsync();

        void Load()
        {
            MustSucceedAsync(scenario).Wait(TestLimits.Hang);
            s3.Faults.Enqueue(
                new()
                {
                    Then = () =>
                    {
                        scenario.Data.Rewrite(3);
                        MustSucceedAsync(scenario).Wait(TestLimits.Hang);
                    },
                },
                FakeOperation.List, 1, r => r.Key.EndsWith(Entry, StringComparison.Ordinal) && ++lists == 2);
        }
    }

    private static Task CompactAsync(Scenario scenario) => scenario.Store.Engine().OptimizeTablesAsync(TestStore.FeedName, default);

    private static bool IsTo(FakeRequest request, string key)
        => request.Body is not null && System.Text.RegularExpressions.Regex.IsMatch(request.Key, key, default, TestLimits.Hang);

    private static async Task MustSucceedAsync(Scenario scenario)
    {
        var run = await scenario.RunAsync();
        Assert.True(run.Run.Status == RunStatus.Succeeded, run.Error?.ToString());
        await scenario.MustBeCompleteAsync();
    }

    private static Task<Scenario> BeginAsync(FakeS3 s3, LoadKind kind)
        => Scenario.CreateAsync(f => Task.FromResult<TestDatabase>(ExternalTableDatabase.OnFake(f, s3)), kind, files: 4);
}
