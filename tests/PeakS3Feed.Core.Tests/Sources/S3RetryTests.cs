using System.Globalization;
using PeakS3Feed.TestServers.S3;

namespace PeakS3Feed.Tests.Sources;

public class S3RetryTests
{
    [Theory]
    [InlineData(503)]
    [InlineData(500)]
    public async Task What_passes_is_waited_out_and_told(int status)
    {
        await using var h = await S3Harness.StartAsync();
        var o = await h.PutAsync("a.csv", "one");
        var fault = status == 503 ? Fault.SlowDown : Fault.InternalError;
        h.S3.Faults.Enqueue(fault, FakeOperation.List, times: 4);
        h.S3.Faults.Enqueue(fault, FakeOperation.Get, times: 4);
        Assert.Equal("one", await h.ReadAsync(Assert.Single(await h.ListAsync())));
        Assert.Equal(6, h.Requests(FakeOperation.List).Count());
        Assert.Equal(5, h.Requests(FakeOperation.Get).Count());
        Assert.Equal(8, h.Log.Count(l => l.Contains("follows in", StringComparison.Ordinal)));
        Assert.Contains(h.Log, l => l.StartsWith("Listing s3://acme/: ", StringComparison.Ordinal) && l.Contains("attempt 2 of 5", StringComparison.Ordinal));
        Assert.Contains(h.Log, l => l.StartsWith("Reading s3://acme/a.csv: ", StringComparison.Ordinal));
        Assert.NotNull(o);
    }

    [Fact]
    public async Task Throttling_without_end_is_S3Throttled()
    {
        await using var h = await S3Harness.StartAsync();
        var o = await h.PutAsync("a.csv", "one");
        h.S3.Faults.Enqueue(Fault.SlowDown, times: 100);
        Assert.Equal("SlowDown", (await S3Harness.FailsAsync("S3Throttled", () => h.ListAsync())).ServiceCode);
        await S3Harness.FailsAsync("S3Throttled", () => h.Source.OpenAsync(o, default));
        Assert.Equal(1 + 5, h.Requests(FakeOperation.List).Count());
        Assert.Equal(5, h.Requests(FakeOperation.Get).Count());
    }

    [Fact]
    public async Task A_server_that_hangs_up_is_called_again()
    {
        await using var h = await S3Harness.StartAsync();
        h.S3.Faults.Enqueue(new Fault { HangUp = true }, FakeOperation.List, times: 4);
        Assert.Empty(await h.ListAsync());
        h.S3.Faults.Enqueue(new Fault { HangUp = true }, FakeOperation.List, times: 1000);
        await S3Harness.FailsAsync("S3Unreachable", () => h.ListAsync());
    }

    [Fact]
    public async Task A_server_that_is_not_there_is_S3Unreachable()
    {
        await using var h = await S3Harness.StartAsync();
        await h.S3.DisposeAsync();
        var error = await S3Harness.FailsAsync("S3Unreachable", () => h.ListAsync());
        Assert.Contains(new Uri(h.S3.Url).Authority, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Refusals_are_not_repeated()
    {
        await using var h = await S3Harness.StartAsync();
        h.S3.Faults.Enqueue(Fault.PermanentRedirect("ap-south-1"));
        var region = await S3Harness.FailsAsync("WrongRegion", () => h.ListAsync());
        Assert.Contains("ap-south-1", region.Message, StringComparison.Ordinal);
        h.S3.Faults.Enqueue(Fault.AuthorizationHeaderMalformed("ap-south-1"));
        Assert.Contains("-Region ap-south-1", (await S3Harness.FailsAsync("WrongRegion", () => h.ListAsync())).Remedies[0].Cmdlet, StringComparison.Ordinal);
        h.S3.Faults.Enqueue(Fault.AccessDenied);
        await S3Harness.FailsAsync("ListDenied", () => h.ListAsync());
        h.S3.Faults.Enqueue(Fault.NoSuchBucket);
        await S3Harness.FailsAsync("BucketNotFound", () => h.ListAsync());
        h.S3.Faults.Enqueue(Fault.InvalidAccessKeyId);
        await S3Harness.FailsAsync("AccessKeyUnknown", () => h.ListAsync());
        h.S3.Faults.Enqueue(Fault.SignatureDoesNotMatch);
        await S3Harness.FailsAsync("SignatureRejected", () => h.ListAsync());
        Assert.Equal(6, h.S3.Requests.Count);
        Assert.DoesNotContain(h.S3.Requests, r => r.Operation == FakeOperation.Other); // no HeadBucket of the SDK's
    }

    [Fact]
    public async Task A_clock_that_is_off_is_made_up_for_once_and_else_named()
    {
        await using var h = await S3Harness.StartAsync();
        var server = DateTimeOffset.UtcNow.AddHours(3);
        var skewed = Fault.RequestTimeTooSkewed with
        {
            Headers = new Dictionary<string, string>(StringComparer.Ordinal) { ["Date"] = server.ToString("R", CultureInfo.InvariantCulture) },
        };
        h.S3.Faults.Enqueue(skewed);
        Assert.Empty(await h.ListAsync());
        Assert.StartsWith(server.ToString("yyyyMMdd'T'HH", CultureInfo.InvariantCulture), h.S3.Requests[1].Header("x-amz-date"), StringComparison.Ordinal);

        h.S3.Faults.Enqueue(skewed, times: 100);
        await S3Harness.FailsAsync("ClockSkewed", () => h.ListAsync());
        Assert.Equal(4, h.S3.Requests.Count);
    }
}
