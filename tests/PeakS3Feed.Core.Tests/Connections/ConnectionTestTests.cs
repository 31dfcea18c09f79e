using Microsoft.Extensions.Logging.Abstractions;
using PeakS3Feed.Connections;
using PeakS3Feed.TestServers.S3;
using PeakS3Feed.Tests.Sources;
using static PeakS3Feed.Connections.CheckOutcome;

namespace PeakS3Feed.Tests.Connections;

public sealed class ConnectionTestTests : IAsyncLifetime
{
    private FakeS3 _s3 = null!;

    public async Task InitializeAsync()
    {
        _s3 = await FakeS3.StartAsync();
        _s3.Sts.Demanded = true;
        _s3.Sts.ExternalId = "ext-1";
        _s3.Put("acme", "in/a b.csv", new byte[] { 1, 2 });
    }

    public async Task DisposeAsync() => await _s3.DisposeAsync();

    [Fact]
    public async Task All_is_well()
    {
        var checks = await RunAsync(Connection);
        Assert.Equal(Enum.GetValues<ConnectionStep>(), checks.Select(c => c.Step));
        Assert.Equal([Passed, Passed, Passed, Passed, Passed, Skipped], checks.Select(c => c.Outcome));
        Assert.Equal("bytes=0-0", _s3.Requests.Single(r => r.Operation == FakeOperation.Get).Header("Range"));
        Assert.Equal(("10", "in/"), (List.Query["max-keys"], List.Key));
        Assert.DoesNotContain(_s3.Requests, r => r.Operation is FakeOperation.Other or FakeOperation.GetCallerIdentity);
        Assert.DoesNotContain(checks, c => c.ToString().Contains("hush", StringComparison.Ordinal));
    }

    [Fact]
    public async Task An_empty_folder_leaves_nothing_to_read()
    {
        _s3.Remove("acme", "in/a b.csv");
        Assert.Equal([Passed, Passed, Passed, Passed, Skipped, Skipped], (await RunAsync(Connection)).Select(c => c.Outcome));
    }

    [Fact]
    public async Task An_archived_object_is_passed_over_for_one_that_can_be_read()
    {
        _s3.Put("acme", FakeObject.Of("in/0.csv", new byte[] { 1 }) with { StorageClass = "GLACIER" });
        Assert.Equal([Passed, Passed, Passed, Passed, Passed, Skipped], (await RunAsync(Connection)).Select(c => c.Outcome));
        _s3.Remove("acme", "in/a b.csv");
        Assert.Equal([Passed, Passed, Passed, Passed, Skipped, Skipped], (await RunAsync(Connection)).Select(c => c.Outcome));
    }

    [Fact]
    public async Task The_wrong_external_id_stops_at_the_role()
    {
        var checks = await RunAsync(Connection with { ExternalId = "ext-2" });
        Assert.Equal([Passed, Failed, Skipped, Skipped, Skipped, Skipped], checks.Select(c => c.Outcome));
        Assert.Contains("sts:ExternalId", checks[1].Hint, StringComparison.Ordinal);
        Assert.Equal(("AccessDenied", "4442587FB7D0A2F9"), (checks[1].ServiceCode, checks[1].RequestId));
    }

    [Fact]
    public async Task A_profile_that_is_missing_stops_at_once()
    {
        var checks = await RunAsync(Connection with { ProfileName = "no-such-profile-here" }, useKey: false);
        Assert.Equal([Failed, Skipped, Skipped, Skipped, Skipped, Skipped], checks.Select(c => c.Outcome));
        Assert.Equal("profile no-such-profile-here", checks[0].Tried);
    }

    [Fact]
    public async Task The_wrong_region_names_the_right_one()
    {
        _s3.Faults.Enqueue(Fault.PermanentRedirect("eu-central-1"), FakeOperation.List);
        var checks = await RunAsync(Connection);
        Assert.Equal([Passed, Passed, Failed, Skipped, Skipped, Skipped], checks.Select(c => c.Outcome));
        Assert.Contains("eu-central-1", checks[2].Hint, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_prefix_outside_the_policy_is_a_matter_of_listing()
    {
        _s3.Faults.Enqueue(Fault.AccessDenied, FakeOperation.List);
        var checks = await RunAsync(Connection);
        Assert.Equal([Passed, Passed, Passed, Failed, Skipped, Skipped], checks.Select(c => c.Outcome));
        Assert.Contains("s3:ListBucket on the bucket for the prefix in/*", checks[3].Hint, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_key_that_may_not_be_used_is_told_from_an_object_that_may_not_be_read()
    {
        _s3.Faults.Enqueue(Fault.AccessDenied, FakeOperation.Get);
        Assert.Equal([Passed, Passed, Passed, Passed, Failed, Skipped], (await RunAsync(Connection)).Select(c => c.Outcome));
        _s3.Faults.Enqueue(Fault.KmsDenied, FakeOperation.Get);
        var checks = await RunAsync(Connection);
        Assert.Equal([Passed, Passed, Passed, Passed, Failed, Failed], checks.Select(c => c.Outcome));
        Assert.Contains("aws/s3", checks[5].Hint, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_server_that_is_not_there_fails_the_first_step_that_needs_it()
    {
        await _s3.DisposeAsync();
        Assert.Equal([Passed, Failed, Skipped, Skipped, Skipped, Skipped], (await RunAsync(Connection)).Select(c => c.Outcome));
        Assert.Equal([Passed, Skipped, Skipped, Failed, Skipped, Skipped], (await RunAsync(Connection with { RoleArn = null })).Select(c => c.Outcome));
    }

    [Fact]
    public async Task A_folder_is_listed_and_read()
    {
        var folder = Directory.CreateTempSubdirectory("peaks3feed-test-");
        try
        {
            var connection = new S3Connection { Name = "local", BucketName = "local", EndpointUrl = new Uri(folder.FullName).AbsoluteUri };
            Assert.Equal([Skipped, Skipped, Skipped, Passed, Skipped, Skipped], (await RunAsync(connection)).Select(c => c.Outcome));
            await File.WriteAllTextAsync(Path.Combine(folder.FullName, "a.csv"), "");
            Assert.Equal([Skipped, Skipped, Skipped, Passed, Passed, Skipped], (await RunAsync(connection)).Select(c => c.Outcome));
            Assert.Equal([Skipped, Skipped, Skipped, Failed, Skipped, Skipped], (await RunAsync(connection with { RootPath = "nowhere/" })).Select(c => c.Outcome));
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private S3Connection Connection => S3Harness.WithRole with { EndpointUrl = _s3.Url, RootPath = "in/" };

    private FakeRequest List => _s3.Requests.Single(r => r.Operation == FakeOperation.List);

    private static async Task<List<ConnectionCheck>> RunAsync(S3Connection connection, bool useKey = true)
    {
        var checks = new List<ConnectionCheck>();
        await foreach (var check in ConnectionTest.RunAsync(connection, useKey ? S3Harness.Key : null, NullLoggerFactory.Instance, TimeProvider.System, default))
            checks.Add(check);
        return checks;
    }
}
