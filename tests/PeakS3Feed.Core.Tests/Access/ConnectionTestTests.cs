using PeakS3Feed.Connections;
using PeakS3Feed.TestServers.S3;
using PeakS3Feed.Tests.Sources;
using static PeakS3Feed.Connections.CheckOutcome;

namespace PeakS3Feed.Tests.Access;

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
        _s3.Put("acme", FakeObject.Create("in/0.csv", new byte[] { 1 }) with { StorageClass = "GLACIER" });
        Assert.Equal([Passed, Passed, Passed, Passed, Passed, Skipped], (await RunAsync(Connection)).Select(c => c.Outcome));
        _s3.Remove("acme", "in/a b.csv");
        Assert.Equal([Passed, Passed, Passed, Passed, Skipped, Skipped], (await RunAsync(Connection)).Select(c => c.Outcome));
    }

    [Fact]
    public async Task An_archive_is_no_failure_and_says_what_to_do()
    {
        _s3.Remove("acme", "in/a b.csv");
        _s3.Put("acme", FakeObject.Create("in/0.csv", new byte[] { 1 }) with { StorageClass = "DEEP_ARCHIVE" });
        _s3.Put("acme", "in/1.csv", new byte[] { 1 });
        _s3.Faults.Enqueue(Fault.InvalidObjectState, FakeOperation.Get); // of Intelligent-Tiering, which no listing shows
        var checks = await RunAsync(Connection);
        Assert.Equal("PPPPSS", Checks.Letters(checks));
        Assert.Contains("all archived", checks[4].Message, StringComparison.Ordinal);
        Assert.Contains("storage class is at fault", checks[4].Hint, StringComparison.Ordinal);
        Assert.Contains("restore", checks[4].Hint, StringComparison.OrdinalIgnoreCase);
    }

    [Theory]
    [InlineData(403)]
    [InlineData(404)]
    public async Task An_object_that_is_gone_is_told_from_one_that_is_denied_and_another_is_read(int status)
    {
        _s3.Put("acme", "in/z.csv", new byte[] { 1 });
        var gone = status == 403 ? Fault.AccessDenied : Fault.NoSuchKey;
        _s3.Faults.Enqueue(gone with { Then = () => _s3.Remove("acme", "in/a b.csv") }, FakeOperation.Get, when: r => r.Key == "in/a b.csv");
        var checks = await RunAsync(Connection);
        Assert.Equal("PPPPPS", Checks.Letters(checks));
        Assert.Contains("in/z.csv", checks[4].Tried, StringComparison.Ordinal);

        _s3.Faults.Enqueue(gone with { Then = () => _s3.Remove("acme", "in/z.csv") }, FakeOperation.Get);
        Assert.Contains("no longer exist", (await RunAsync(Connection))[4].Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task One_object_that_is_denied_among_others_is_told_and_no_failure()
    {
        _s3.Put("acme", "in/z.csv", new byte[] { 1 });
        _s3.Faults.Enqueue(AwsRefusals.KeyDisabled, FakeOperation.Get, times: 100, when: r => r.Key == "in/a b.csv");
        var checks = await RunAsync(Connection);
        Assert.Equal("PPPPPS", Checks.Letters(checks));
        Assert.StartsWith("Can read some objects, but not all: KMS does not decrypt s3://acme/in/a b.csv", checks[4].Message, StringComparison.Ordinal);
        Assert.Contains("disabled", checks[4].Hint, StringComparison.Ordinal);

        _s3.Faults.Enqueue(Fault.AccessDenied, FakeOperation.Get, times: 100);
        Assert.Equal("PPPPFF", Checks.Letters(await RunAsync(Connection)));
    }

    [Fact]
    public async Task A_shorter_session_than_was_asked_for_is_told()
    {
        _s3.Sts.LongestSession = TimeSpan.FromHours(1);
        foreach (var words in new[] { _s3.Sts.TooLong, "The requested DurationSeconds exceeds the MaxSessionDuration set for this role." })
        {
            _s3.Sts.TooLong = words;
            var checks = await RunAsync(Connection with { SessionDuration = TimeSpan.FromHours(4) });
            Assert.Equal("PPPPPS", Checks.Letters(checks));
            Assert.StartsWith("STS granted a session of 1 h, not of 4 h", checks[1].Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task A_profile_that_is_missing_stops_at_once()
    {
        var checks = await RunAsync(Connection with { ProfileName = "no-such-profile-here" }, useKey: false);
        Assert.Equal([Failed, Skipped, Skipped, Skipped, Skipped, Skipped], checks.Select(c => c.Outcome));
        Assert.Equal("profile no-such-profile-here", checks[0].Tried);
    }

    [Fact]
    public async Task A_server_that_is_not_there_fails_the_first_step_that_needs_it()
    {
        await _s3.DisposeAsync();
        Assert.Equal([Passed, Failed, Skipped, Skipped, Skipped, Skipped], (await RunAsync(Connection)).Select(c => c.Outcome));
        Assert.Equal([Passed, Skipped, Failed, Skipped, Skipped, Skipped], (await RunAsync(Connection with { RoleArn = null })).Select(c => c.Outcome));
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

    private static Task<List<ConnectionCheck>> RunAsync(S3Connection connection, bool useKey = true) => Checks.RunAsync(connection, useKey: useKey);
}
