using Microsoft.Extensions.Time.Testing;
using PeakS3Feed.Aws;
using PeakS3Feed.Connections;
using PeakS3Feed.TestServers.S3;
using PeakS3Feed.Tests.Sources;

namespace PeakS3Feed.Tests.Aws;

public class RoleSessionTests
{
    [Fact]
    public async Task The_role_is_assumed_with_the_external_id_and_a_telling_name()
    {
        await using var h = await StartAsync();
        await h.ListAsync();
        await h.ListAsync();
        var request = Assert.Single(h.Requests(FakeOperation.AssumeRole));
        Assert.Equal("AKIAFAKE", request.AccessKeyId);
        Assert.Equal("arn:aws:iam::111122223333:role/ingest", request.Query["RoleArn"]);
        Assert.Equal("ext-1", request.Query["ExternalId"]);
        Assert.Equal("orders-0f8fad5b", request.Query["RoleSessionName"]);
        Assert.Equal("3600", request.Query["DurationSeconds"]);
        Assert.All(h.Requests(FakeOperation.List), r => Assert.Equal(("ASIAFAKE000000000001", "token-1"), (r.AccessKeyId, r.Header("x-amz-security-token"))));
    }

    [Fact]
    public async Task A_session_is_renewed_before_its_end()
    {
        var time = new FakeTimeProvider(DateTimeOffset.UtcNow);
        await using var h = await StartAsync(time);
        await h.ListAsync();
        time.Advance(TimeSpan.FromMinutes(54));
        await h.ListAsync();
        Assert.Equal(1, h.S3.Sts.Issued);
        time.Advance(TimeSpan.FromMinutes(2));
        await h.ListAsync();
        Assert.Equal(2, h.S3.Sts.Issued);
    }

    [Fact]
    public async Task A_short_session_is_not_renewed_for_each_request()
    {
        var time = new FakeTimeProvider(DateTimeOffset.UtcNow);
        await using var h = await StartAsync(time, S3Harness.WithRole with { SessionDuration = TimeSpan.FromSeconds(8) });
        for (var second = 0; second < 60; second++)
        {
            await h.ListAsync();
            time.Advance(TimeSpan.FromSeconds(1));
        }
        Assert.InRange(h.S3.Sts.Issued, 8, 12);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_session_that_ends_early_is_replaced_once(bool asCeph)
    {
        await using var h = await StartAsync();
        if (asCeph)
            h.S3.Sts.Refusal = Fault.InvalidAccessKeyId;
        var o = await h.PutAsync("a.csv", "one");
        h.S3.Sts.ExpireAll();
        Assert.Equal("one", await h.ReadAsync(o));
        Assert.Equal(2, h.S3.Sts.Issued);

        h.S3.Faults.Enqueue(Fault.ExpiredToken, FakeOperation.List, times: 100);
        await S3Harness.FailsAsync("SessionExpired", () => h.ListAsync());
    }

    [Fact]
    public async Task Key_and_token_always_belong_together_while_sessions_change()
    {
        await using var h = await StartAsync();
        h.S3.Put("acme", "a.csv", new byte[] { 1 });
        using var stop = new CancellationTokenSource();
        var expiring = Task.Run(async () =>
        {
            while (!stop.IsCancellationRequested)
            {
                h.S3.Sts.ExpireAll();
                await Task.Delay(15);
            }
        });

        // A session may end twice in one call; what may never come is InvalidToken, a key with another's token.
        var codes = new HashSet<string>();
        await Parallel.ForAsync(0, 400, new ParallelOptions { MaxDegreeOfParallelism = 8 }, async (_, _) =>
        {
            try
            {
                await h.Source.FindAsync("a.csv", default);
            }
            catch (Errors.FeedException e)
            {
                lock (codes)
                    codes.Add(e.ServiceCode ?? $"{e}");
            }
        });
        await stop.CancelAsync();
        await expiring;
        Assert.True(h.S3.Sts.Issued > 1);
        Assert.Subset(new HashSet<string> { "ExpiredToken" }, codes);
    }

    [Fact]
    public async Task A_cap_on_chained_sessions_is_accepted_and_told()
    {
        await using var h = await StartAsync(connection: S3Harness.WithRole with { SessionDuration = TimeSpan.FromHours(4) });
        h.S3.Sts.LongestSession = TimeSpan.FromHours(1);
        await h.ListAsync();
        Assert.Equal(["14400", "3600"], h.Requests(FakeOperation.AssumeRole).Select(r => r.Query["DurationSeconds"]));
        Assert.Contains(h.Log, l => l.Contains("sessions of one hour", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Sts_that_falters_is_asked_again_and_a_session_that_lasts_is_kept()
    {
        var time = new FakeTimeProvider(DateTimeOffset.UtcNow);
        await using var h = await StartAsync(time);
        await h.ListAsync();
        time.Advance(TimeSpan.FromMinutes(56));
        h.S3.Faults.Enqueue(Fault.AccessDenied, FakeOperation.AssumeRole);
        await h.ListAsync();
        Assert.Contains(h.Log, l => l.Contains("could not be renewed", StringComparison.Ordinal));
        time.Advance(TimeSpan.FromMinutes(3));
        await h.ListAsync();
        Assert.Equal(2, h.S3.Sts.Issued);
    }

    [Fact]
    public async Task A_refusal_names_the_trust_policy()
    {
        await using var h = await StartAsync();
        h.S3.Sts.ExternalId = "another";
        var error = await S3Harness.FailsAsync("RoleRefused", () => h.ListAsync());
        Assert.Contains("sts:ExternalId", error.Hint, StringComparison.Ordinal);
        Assert.Equal(("AccessDenied", "acme"), (error.ServiceCode, error.Target));
        Assert.Empty(h.Requests(FakeOperation.List));
    }

    [Fact]
    public async Task A_profile_that_is_not_there_is_named()
    {
        await using var s3 = await FakeS3.StartAsync();
        using var clients = new AwsClients(
            S3Harness.Plain with { EndpointUrl = s3.Url, ProfileName = "no-such-profile-here" }, new SourceIdentity("x", Guid.NewGuid()), null,
            Microsoft.Extensions.Logging.Abstractions.NullLoggerFactory.Instance, TimeProvider.System);
        var error = await S3Harness.FailsAsync("ProfileNotFound", async () => await clients.GetS3Async(default));
        Assert.Contains("no-such-profile-here", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Anonymous_requests_are_not_signed()
    {
        await using var s3 = await FakeS3.StartAsync();
        s3.CreateBucket("acme");
        var connection = S3Harness.Plain with { EndpointUrl = s3.Url, Anonymous = true };
        using var clients = new AwsClients(
            connection, new SourceIdentity("x", Guid.NewGuid()), null, Microsoft.Extensions.Logging.Abstractions.NullLoggerFactory.Instance, TimeProvider.System);
        await using var source = new PeakS3Feed.Sources.S3ObjectSource(connection, clients);
        Assert.Null(await source.FindAsync("a", default));
        Assert.Null(Assert.Single(s3.Requests).AccessKeyId);
    }

    private static async Task<S3Harness> StartAsync(TimeProvider? time = null, S3Connection? connection = null)
    {
        var h = await S3Harness.StartAsync(connection ?? S3Harness.WithRole, time);
        h.S3.Sts.ExternalId = "ext-1";
        h.S3.Sts.Demanded = true;
        h.S3.Sts.Time = time ?? TimeProvider.System;
        return h;
    }
}
