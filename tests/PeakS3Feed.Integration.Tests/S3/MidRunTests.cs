using PeakS3Feed.Connections;
using PeakS3Feed.Destinations.Loading;
using PeakS3Feed.Feeds;
using PeakS3Feed.Runs;
using PeakS3Feed.Testing;

namespace PeakS3Feed.Integration.S3;

/// <summary>What happens to a session or a role while a run is under way, on a real gateway.</summary>
[Trait(Category.Name, Category.Server)]
public sealed class MidRunTests
{
    private const int Before = 3;

    // Far more than a request takes, and short enough to be waited for.
    private static readonly TimeSpan SessionLength = TimeSpan.FromSeconds(8);

    [SkippableTheory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Sessions_end_in_mid_run_and_are_renewed(bool toldBefore)
    {
        using var ceph = await CephS3.OpenAsync();
        using var sts = new ShortSts(ceph.Url, CephS3.Platform, SessionLength, toldBefore);
        await using var way = await MidRun.OpenAsync(configure: c => c with { StsEndpointUrl = sts.Url, Status = ConnectionStatus.Verified });

        var run = await way.RunAsync(new OutlivesSessions(sts));

        Assert.True(run.Run.Status == RunStatus.Succeeded, run.Error?.ToString());
        Assert.Equal((MidRun.Objects, 2 * MidRun.Objects), (run.Run.Commits, run.Run.RowsLoaded));
        Assert.Equal(MidRun.IdsOf(Enumerable.Range(1, MidRun.Objects)), way.Ids());
        Assert.True(sts.Issued > 1, "sessions ended while the run was under way, and none was renewed");
    }

    [SkippableTheory]
    [InlineData(BadFileAction.Fail)]
    [InlineData(BadFileAction.Skip)]
    public async Task A_role_that_loses_its_policy_fails_the_run_and_the_next_one_loads_the_rest(BadFileAction onBadFile)
    {
        await using var way = await MidRun.OpenAsync(onBadFile);
        await FailsAndGoesOnAsync(way, way.Role.ForbidAsync, "ListDenied", "s3:ListBucket", () => way.Role.AllowAsync(CephRole.ListAndRead));
    }

    [SkippableTheory]
    [InlineData(BadFileAction.Fail)]
    [InlineData(BadFileAction.Skip)]
    public async Task A_role_that_may_still_list_and_read_nothing_any_more_fails_the_run_too(BadFileAction onBadFile)
    {
        await using var way = await MidRun.OpenAsync(onBadFile);
        await FailsAndGoesOnAsync(way, () => way.Role.AllowAsync(CephRole.ListAlone), "ReadDenied", "s3:GetObject", () => way.Role.AllowAsync(CephRole.ListAndRead));
    }

    [SkippableFact]
    public async Task A_role_that_trusts_us_no_more_fails_the_run_when_its_session_ends()
    {
        using var ceph = await CephS3.OpenAsync();
        using var sts = new ShortSts(ceph.Url, CephS3.Platform, SessionLength, tellsEnd: false);
        await using var way = await MidRun.OpenAsync(BadFileAction.Skip, c => c with { StsEndpointUrl = sts.Url });
        async Task RevokeAsync()
        {
            await way.Role.TrustAsync("customer");
            await sts.EndedAsync();
        }

        await FailsAndGoesOnAsync(way, RevokeAsync, "RoleRefused", "trust policy", () => way.Role.TrustAsync("platform"));
    }

    [SkippableFact]
    public async Task One_object_that_may_not_be_read_is_a_bad_file_that_is_named()
    {
        await using var way = await MidRun.OpenAsync(BadFileAction.Skip);
        await way.Role.AllowAsync(
            CephRole.ListAndRead + $$""", {"Effect": "Deny", "Action": ["s3:GetObject"], "Resource": ["arn:aws:s3:::acme-data/{{way.S3.Folder}}05.csv"]}""");

        var run = await way.RunAsync();

        Assert.Equal((RunStatus.SucceededWithRejects, 1L, MidRun.Objects - 1), (run.Run.Status, run.Run.ObjectsFailed, run.Run.Commits));
        var file = Assert.Single(run.FailedFiles);
        Assert.EndsWith("/05.csv", file.Uri, StringComparison.Ordinal);
        Assert.Contains("denied", file.Reason, StringComparison.Ordinal);

        await way.Role.AllowAsync(CephRole.ListAndRead);
        Assert.Equal((RunStatus.Succeeded, 2L), ((await way.RunAsync()).Run is var next ? next.Status : default, next.RowsLoaded));
        Assert.Equal(MidRun.IdsOf(Enumerable.Range(1, MidRun.Objects)), way.Ids());
    }

    private static async Task FailsAndGoesOnAsync(MidRun way, Func<Task> revoke, string id, string layer, Func<Task> restore)
    {
        var revoking = new AtStep(CommitStep.LocallyRecorded, Before, () => revoke().GetAwaiter().GetResult());
        var failed = await way.RunAsync(revoking);
        Assert.True(revoking.Happened);
        Assert.Equal((RunStatus.Failed, id, Before), (failed.Run.Status, failed.Run.ErrorId, failed.Run.Commits));
        Assert.Contains(layer, failed.FeedError!.Hint, StringComparison.Ordinal);
        Assert.Contains($"The {Before} commits before it stay.", failed.FeedError.Message, StringComparison.Ordinal);
        Assert.Contains("peaks3feed test ceph", failed.FeedError.Remedies.Select(r => r.Shell));
        Assert.Empty(failed.FailedFiles);
        Assert.NotNull(failed.FeedError.RequestId);
        Assert.Equal(MidRun.IdsOf(Enumerable.Range(1, Before)), way.Ids());

        // While it is revoked, nothing more is loaded, and nothing is left out.
        Assert.Equal((RunStatus.Failed, 0), ((await way.RunAsync()).Run is var again ? again.Status : default, again.Commits));

        await restore();
        var rest = await way.RunAsync();
        Assert.True(rest.Run.Status == RunStatus.Succeeded, rest.Error?.ToString());
        Assert.Equal((MidRun.Objects - Before, 2 * (MidRun.Objects - Before)), (rest.Run.ObjectsLoaded, rest.Run.RowsLoaded));
        Assert.Equal(MidRun.IdsOf(Enumerable.Range(1, MidRun.Objects)), way.Ids());
    }

    /// <summary>Waits after some commits until the session that is in use has ended.</summary>
    private sealed class OutlivesSessions(ShortSts sts) : ICommitObserver
    {
        public void OnStep(CommitStep step, long sequence)
        {
            if (step == CommitStep.LocallyRecorded && sequence is 4 or 8)
                sts.EndedAsync().GetAwaiter().GetResult();
        }
    }
}
