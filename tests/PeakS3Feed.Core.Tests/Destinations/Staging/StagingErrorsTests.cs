using Microsoft.Extensions.Logging.Abstractions;
using PeakS3Feed.Connections.Diagnosis;
using PeakS3Feed.Destinations.Staging;
using PeakS3Feed.Errors;
using PeakS3Feed.Remedies;
using PeakS3Feed.TestServers.S3;
using PeakS3Feed.Tests.Sources;

namespace PeakS3Feed.Tests.Destinations.Staging;

/// <summary>What a person reads if staged files cannot be written, read, listed or deleted.</summary>
public sealed class StagingErrorsTests
{
    private const int Always = int.MaxValue;
    private static readonly Remedy Policy = Remedy.DestinationPolicy("dwh", "Staging");

    public static TheoryData<string, Fault, string, string, string> Refusals => new()
    {
        {
            "no grant", AwsRefusals.NotAuthorizedByS3("s3:PutObject", "arn:aws:s3:::acme/stage/1", "because no identity-based policy allows the s3:PutObject action"),
            "StagingDenied", "access is denied.", "Add s3:PutObject and s3:AbortMultipartUpload on arn:aws:s3:::acme/stage/*."
        },
        {
            "a deny", AwsRefusals.NotAuthorizedByS3("s3:PutObject", "arn:aws:s3:::acme/stage/1", "with an explicit deny in a resource-based policy"),
            "StagingDenied", "access is denied.", "The bucket policy of acme is at fault"
        },
        { "no reason", Fault.AccessDenied, "StagingDenied", "access is denied.", "S3 does not name the policy at fault." },
        {
            "no key", AwsRefusals.NotAuthorizedByS3("kms:GenerateDataKey", AwsRefusals.Key, "because no identity-based policy allows the kms:GenerateDataKey action"),
            "StagingDenied", "KMS does not encrypt s3://acme/stage/1.", "Add kms:GenerateDataKey and kms:Decrypt on the key."
        },
        { "key disabled", AwsRefusals.KeyDisabled, "StagingDenied", "KMS does not encrypt s3://acme/stage/1: ", "it is disabled" },
        { "throttled", Fault.SlowDown, "S3Throttled", "S3 repeatedly asked for fewer requests.", "Try later" },
        { "elsewhere", Fault.PermanentRedirect("eu-central-1"), "WrongRegion", "The bucket acme is in eu-central-1, not in eu-west-1.", "set it to eu-central-1" },
        { "expired", Fault.ExpiredToken, "SessionExpired", "The session of the base credentials has expired.", "Sign in again" },
        { "no bucket", Fault.NoSuchBucket, "BucketNotFound", "The bucket acme does not exist.", "bucketName" },
        { "broken", Fault.InternalError, "S3Failed", "S3 answered InternalError (HTTP 500): ", "request id" },
        { "no answer", new Fault { HangUp = true }, "S3Unreachable", "cannot be reached", "firewall" },
        { "another server", new Fault { Status = 200, Page = "<html>Sign in</html>" }, "NotS3", "but not like S3", "proxy" },
    };

    [Theory]
    [MemberData(nameof(Refusals))]
    public async Task A_refused_write_names_connection_place_cause_and_fix(string name, Fault fault, string id, string message, string hint)
    {
        await using var h = await S3Harness.StartAsync();
        h.S3.Faults.Enqueue(fault, FakeOperation.Other, Always);
        var error = await FailsAsync(id, () => WriteAsync(Area(h), 1));

        Assert.StartsWith("Destination dwh could not write s3://acme/stage/1 through its staging connection acme: ", error.Message, StringComparison.Ordinal);
        Assert.Contains(message, error.Message, StringComparison.Ordinal);
        Assert.Contains(hint, error.Hint, StringComparison.Ordinal);
        Assert.Equal("acme", error.Target);
        if (fault is { HangUp: false, Page: null })
            Assert.Equal(fault.Code, error.ServiceCode);

        // A file in pieces fails in the same way.
        Assert.True(error.Message == (await FailsAsync(id, () => WriteAsync(Area(h), 9 * 1024 * 1024))).Message, name);
    }

    [Fact]
    public async Task The_suggested_commands_are_those_of_the_destination()
    {
        await using var h = await S3Harness.StartAsync();
        h.S3.Faults.Enqueue(Fault.AccessDenied, FakeOperation.Other);
        Assert.Equal([Policy], (await FailsAsync("StagingDenied", () => WriteAsync(Area(h), 1))).Remedies);
        h.S3.Faults.Enqueue(AwsRefusals.NotAuthorizedByS3("kms:GenerateDataKey", AwsRefusals.Key, ""), FakeOperation.Other);
        Assert.Equal(
            [Remedy.SetConnection("acme", "KmsKeyArn", AwsRefusals.Key), Policy],
            (await FailsAsync("StagingDenied", () => WriteAsync(Area(h), 1))).Remedies);
        h.S3.Faults.Enqueue(Fault.PermanentRedirect("eu-central-1"), FakeOperation.Other);
        Assert.Equal(
            [Remedy.SetConnection("acme", "Region", "eu-central-1")], (await FailsAsync("WrongRegion", () => WriteAsync(Area(h), 1))).Remedies);
    }

    [Fact]
    public async Task Files_that_a_successful_answer_says_were_not_deleted_are_an_error()
    {
        await using var h = await S3Harness.StartAsync();
        const string Answer = """
            <?xml version="1.0" encoding="UTF-8"?>
            <DeleteResult xmlns="http://s3.amazonaws.com/doc/2006-03-01/">
              <Error><Key>stage/2</Key><Code>AccessDenied</Code><Message>Access Denied</Message></Error></DeleteResult>
            """;
        h.S3.Faults.Enqueue(new Fault { Status = 200, Page = Answer }, FakeOperation.Delete);
        var error = await FailsAsync("StagingDenied", () => Area(h).DeleteAsync(["1", "2"], default));
        Assert.Contains("could not delete files of s3://acme/stage/ through", error.Message, StringComparison.Ordinal);
        Assert.Contains("s3:DeleteObject on arn:aws:s3:::acme/stage/*", error.Hint, StringComparison.Ordinal);
        Assert.Equal("AccessDenied", error.ServiceCode);
    }

    [Fact]
    public async Task Reading_names_what_is_denied_gone_or_dropped()
    {
        await using var h = await S3Harness.StartAsync();
        await h.PutAsync("stage/1", new string('x', 100_000));
        await using var area = Area(h);
        h.S3.Faults.Enqueue(Fault.AccessDenied, FakeOperation.Get);
        Assert.Contains("s3:GetObject on ", (await FailsAsync("StagingDenied", () => area.OpenAsync("1", default))).Hint, StringComparison.Ordinal);
        await FailsAsync("StagedFileMissing", () => area.OpenAsync("2", default));
        h.S3.Faults.Enqueue(AwsRefusals.KeyDisabled, FakeOperation.Get);
        Assert.Contains("KMS does not decrypt", (await FailsAsync("StagingDenied", () => area.OpenAsync("1", default))).Message, StringComparison.Ordinal);

        h.S3.Faults.Enqueue(Fault.Drop(50_000), FakeOperation.Get);
        await using var content = await area.OpenAsync("1", default);
        var dropped = await FailsAsync("S3Unreachable", () => content.CopyToAsync(Stream.Null));
        Assert.StartsWith("Destination dwh could not read s3://acme/stage/1 through ", dropped.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Listing_names_the_prefix()
    {
        await using var h = await S3Harness.StartAsync();
        h.S3.Faults.Enqueue(Fault.AccessDenied, FakeOperation.List);
        var error = await FailsAsync("StagingDenied", async () => await Area(h).ListAsync("run/", default).ToListAsync());
        Assert.Contains("could not list s3://acme/stage/run/ through", error.Message, StringComparison.Ordinal);
        Assert.Contains("s3:ListBucket on the bucket for the prefix stage/*", error.Hint, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Cancelling_is_no_error_of_staging()
    {
        await using var h = await S3Harness.StartAsync();
        h.S3.Faults.Enqueue(new Fault { Delay = TimeSpan.FromHours(1) }, FakeOperation.Other, Always);
        using var stop = new CancellationTokenSource();
        var writing = WriteAsync(Area(h), 1, stop.Token);
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => writing);
    }

    [Fact]
    public async Task A_folder_that_denies_or_lacks_a_file()
    {
        using var folder = new TemporaryFolder();
        await using var area = new FolderStagingArea(folder.Path);
        // A folder in the place of a file is "access denied" for everyone, also for an administrator.
        Directory.CreateDirectory(folder["1.unfinished"]);
        var denied = await FailsAsync("StagingDenied", () => WriteAsync(area, 1));
        Assert.Equal($"Could not write the staged file or folder {folder["1"]}: access is denied.", denied.Message);
        Assert.Equal(FeedErrorCategory.PermissionDenied, denied.Category);
        Directory.CreateDirectory(folder["2"]);
        await FailsAsync("StagingDenied", () => area.OpenAsync("2", default));
        await FailsAsync("StagedFileMissing", () => area.OpenAsync("3", default));
        await File.WriteAllTextAsync(folder["file"], "");
        await FailsAsync("StagingFailed", () => Task.FromResult(area.Create("file/1")));
    }

    [SkippableFact]
    public async Task A_disk_that_is_full_is_said_to_be_full()
    {
        Skip.IfNot(OperatingSystem.IsLinux(), "only Linux has /dev/full");
        using var folder = new TemporaryFolder();
        await using var area = new FolderStagingArea(folder.Path);
        File.CreateSymbolicLink(folder["1.unfinished"], "/dev/full");
        var full = await FailsAsync("StagingFull", () => WriteAsync(area, 1024 * 1024));
        Assert.Equal($"Could not write the staged file or folder {folder["1"]}: the disk is full.", full.Message);
        File.CreateSymbolicLink(folder["1.unfinished"], "/dev/full");
        await FailsAsync("StagingFull", () => WriteAsync(area, 1)); // only the end of the file reaches the disk
    }

    [Fact]
    public void An_error_about_credentials_keeps_its_id_and_names_the_place()
    {
        var known = new FeedException("CredentialsMissing", FeedErrorCategory.AuthenticationError, "None were found.")
        {
            Target = "acme", Hint = "h",
            Remedies =
            [
                Remedy.SetConnection("acme", "ProfileName", "<PROFILE>"), Remedy.SetConnection("acme", "Anonymous", "true"), Remedy.ShowPolicy("acme"),
                Remedy.TestConnection("acme"),
            ],
        };
        var error = StagingErrors.Failed(S3Harness.Plain, new StagingUse("dwh", StagingAction.Write, "stage/"), "s3://acme/stage/1", known);
        Assert.Equal(("CredentialsMissing", "h"), (error.Id, error.Hint));
        Assert.Equal("Destination dwh could not write s3://acme/stage/1 through its staging connection acme: None were found.", error.Message);
        // Only what also helps a connection that writes.
        Assert.Equal([Remedy.SetConnection("acme", "ProfileName", "<PROFILE>"), Policy], error.Remedies);
    }

    [Fact]
    public async Task Files_of_tables_have_words_and_ids_of_their_own()
    {
        await using var h = await S3Harness.StartAsync();
        await using var area = new S3StagingArea(h.Connection, "lake/", h.Clients, NullLogger.Instance, "lake", new() { IsTable = true });
        await using var table = area.Below("orders/");
        h.S3.Faults.Enqueue(Fault.AccessDenied, FakeOperation.Other);
        var denied = await FailsAsync("TableFilesDenied", () => table.TryCreateAsync("1", new byte[1], default));
        Assert.Equal("Destination lake could not write s3://acme/lake/orders/1 through its connection acme: access is denied.", denied.Message);
        Assert.Contains("s3:PutObject and s3:AbortMultipartUpload on arn:aws:s3:::acme/lake/*", denied.Hint, StringComparison.Ordinal);
        Assert.Equal([Remedy.DestinationPolicy("lake", "Table")], denied.Remedies);
        await FailsAsync("TableFileMissing", () => table.OpenAsync("2", default));
        h.S3.Faults.Enqueue(AwsRefusals.KeyDisabled, FakeOperation.Other);
        await FailsAsync("TableFilesDenied", () => table.PutAsync("1", new byte[1], default));

        using var folder = new TemporaryFolder();
        await using var local = new FolderStagingArea(folder.Path, new() { IsTable = true }).Below("orders/");
        var missing = await FailsAsync("TableFileMissing", () => local.OpenAsync("2", default));
        Assert.Equal($"Could not read the file or folder of a table {folder["orders/2"]}: it does not exist.", missing.Message);
        Directory.CreateDirectory(folder["orders/1.unfinished"]);
        await FailsAsync("TableFilesDenied", () => WriteAsync(local, 1));
        await File.WriteAllTextAsync(folder["orders/file"], "");
        await FailsAsync("TableFilesFailed", () => local.PutAsync("file/1", new byte[1], default));
    }

    private static S3StagingArea Area(S3Harness h) => new(h.Connection, "stage/", h.Clients, NullLogger.Instance, "dwh");

    private static async Task WriteAsync(IStagingArea area, int bytes, CancellationToken cancellationToken = default)
    {
        await using var file = area.Create("1");
        await file.WriteAsync(new byte[bytes], cancellationToken);
        await file.CompleteAsync(cancellationToken);
    }

    private static async Task<FeedException> FailsAsync(string id, Func<Task> call)
    {
        var error = await Assert.ThrowsAsync<FeedException>(call);
        Assert.True(error.Id == id, error.ToString());
        return error;
    }
}
