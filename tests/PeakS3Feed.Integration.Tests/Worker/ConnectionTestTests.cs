using PeakS3Feed.TestServers.S3;

namespace PeakS3Feed.Integration.Worker;

/// <summary>What a person sees of <c>peaks3feed test</c> when the way into a bucket is broken.</summary>
public sealed class ConnectionTestTests : IAsyncLifetime
{
    private const string Role = "arn:aws:iam::444455556666:role/ingest";
    private readonly string _folder = Directory.CreateTempSubdirectory("peaks3feed-worker-").FullName;
    private FakeS3 _s3 = null!;

    public async Task InitializeAsync()
    {
        _s3 = await FakeS3.StartAsync();
        _s3.Put("acme", "in/a.csv", "id\n1\n"u8.ToArray());
    }

    public async Task DisposeAsync()
    {
        await _s3.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public async Task The_wrong_region_is_mended_by_the_command_that_is_shown()
    {
        await ImportAsync();
        _s3.Faults.Enqueue(Fault.PermanentRedirect("eu-central-1"), FakeOperation.List);
        Assert.Equal(
            """
            connection acme
              passed   BaseCredentials: Found the access key AKIAFAKE.
              passed   AssumeRole: STS granted a session.
              failed   Region: The bucket acme is in eu-central-1, not in eu-west-1. (PermanentRedirect, request id 4442587FB7D0A2F9)
                       The connection's region is at fault: set it to eu-central-1.
                         peaks3feed set acme region=eu-central-1
              skipped  List: Needs the right region.
              skipped  Read: No object was listed.
              skipped  Kms: No object needed KMS.

            """.ReplaceLineEndings("\n"),
            (await RunAsync("test", "acme")).Exits(1).Output);

        Assert.Equal(
            """
            acme: region: "eu-west-1" -> "eu-central-1"
              The policy of its role is out of date; replace it with the new one:
                peaks3feed policy acme

            """.ReplaceLineEndings("\n"),
            (await RunAsync("set", "acme", "region=eu-central-1")).Exits(0).Output);
        Assert.Contains("The bucket answers in eu-central-1.", (await RunAsync("test", "acme")).Exits(0).Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_role_and_the_key_of_kms_are_named_with_what_to_type_next()
    {
        await ImportAsync();
        _s3.Faults.Enqueue(AwsRefusals.NotAuthorized(AwsRefusals.User, "sts:AssumeRole", Role), FakeOperation.AssumeRole);
        var role = (await RunAsync("test", "acme")).Exits(1).Output;
        Assert.Contains($"failed   AssumeRole: {AwsRefusals.User} may not assume {Role}. (AccessDenied, request id 4442587FB7D0A2F9)", role, StringComparison.Ordinal);
        Assert.Contains("             peaks3feed policy acme\n", role, StringComparison.Ordinal);

        _s3.Faults.Enqueue(AwsRefusals.NotAuthorizedByS3("kms:Decrypt", AwsRefusals.Key, "because no identity-based policy allows the kms:Decrypt action"), FakeOperation.Get);
        var kms = (await RunAsync("test", "acme")).Exits(1).Output;
        Assert.Contains("failed   Read: S3 allows reading the object, but KMS does not decrypt it. (AccessDenied, ", kms, StringComparison.Ordinal);
        Assert.Contains("failed   Kms: KMS does not decrypt s3://acme/in/a.csv. (AccessDenied, ", kms, StringComparison.Ordinal);
        Assert.Contains($"             peaks3feed set acme kmsKeyArn={AwsRefusals.Key}\n             peaks3feed policy acme\n", kms, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_run_of_a_connection_that_is_not_verified_carries_what_failed()
    {
        await ImportAsync();
        (await RunAsync(["import", "-"], """{ "feeds": [ { "name": "orders", "connectionName": "acme", "fileType": "Csv" } ] }""")).Exits(0);
        _s3.Faults.Enqueue(Fault.PermanentRedirect("eu-central-1"), FakeOperation.List, times: 2);
        foreach (var command in new[] { "run", "preview" })
        {
            var failed = (await RunAsync(command, "orders")).Exits(1);
            Assert.Contains("error: Connection acme failed its test: Region: The bucket acme is in eu-central-1, not in eu-west-1.\n", failed.Error, StringComparison.Ordinal);
            Assert.Contains("    peaks3feed set acme region=eu-central-1\n    peaks3feed test acme\n", failed.Error, StringComparison.Ordinal);
        }
        (await RunAsync("run", "orders")).Exits(0);
    }

    [Fact]
    public async Task Without_any_credentials_it_says_where_they_may_come_from()
    {
        await ImportAsync("", role: null);
        var none = (await RunAsync(["test", "acme"], NoCredentials)).Exits(1).Output;
        Assert.Contains("failed   BaseCredentials: No AWS credentials were found", none, StringComparison.Ordinal);
        Assert.Contains("             peaks3feed set acme profileName='<PROFILE>'\n             peaks3feed set acme anonymous=true\n", none, StringComparison.Ordinal);
        (await RunAsync("set", "acme", "anonymous=true")).Exits(0);
        Assert.Contains("passed   Read", (await RunAsync(["test", "acme"], NoCredentials)).Exits(0).Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Profiles_that_are_missing_or_not_signed_in_are_named()
    {
        await ImportAsync(""", "profileName": "corp" """, role: null);
        var missing = (await RunAsync(["test", "acme"], NoCredentials)).Exits(1).Output;
        Assert.Contains("The account that runs this has no AWS profile named corp.", missing, StringComparison.Ordinal);
        Assert.Contains("             aws configure list-profiles\n             peaks3feed set acme profileName=default\n", missing, StringComparison.Ordinal);

        var config = Path.Combine(_folder, "config");
        await File.WriteAllTextAsync(
            config, "[profile corp]\nsso_start_url = https://corp.awsapps.com/start\nsso_region = eu-west-1\nsso_account_id = 111122223333\nsso_role_name = reader\nregion = eu-west-1\n");
        var signedOut = (await RunAsync(["test", "acme"], NoCredentials.And("AWS_CONFIG_FILE", config))).Exits(1).Output;
        Assert.Contains("The AWS profile corp is not signed in", signedOut, StringComparison.Ordinal);
        Assert.Contains("             aws sso login --profile corp\n", signedOut, StringComparison.Ordinal);

        (await RunAsync("set", "acme", "profileName=")).Exits(0);
        Assert.Contains(
            "The account that runs this has no AWS profile named gone", (await RunAsync(["test", "acme"], NoCredentials.And("AWS_PROFILE", "gone"))).Exits(1).Output, StringComparison.Ordinal);
        Assert.Contains(
            "aws sso login --profile corp",
            (await RunAsync(["test", "acme"], NoCredentials.And("AWS_PROFILE", "corp").And("AWS_CONFIG_FILE", config))).Exits(1).Output, StringComparison.Ordinal);
    }

    [SkippableTheory]
    [InlineData("127.0.0.1", -1, 1, "passed   Read: Can read objects.")]
    [InlineData("other.example", -1, 1, "The host name is at fault: the certificate is for another host.")]
    [InlineData("127.0.0.1", -10, -1, "The certificate's validity is at fault")]
    public async Task A_certificate_of_a_trusted_authority_may_still_be_the_wrong_one(string name, int from, int to, string expected)
    {
        Skip.If(!OperatingSystem.IsLinux(), "SSL_CERT_FILE is read on Linux alone");
        using var certificate = TestCertificate.Create(name, from, to);
        var authority = Path.Combine(_folder, "authority.pem");
        await File.WriteAllTextAsync(authority, certificate.ExportCertificatePem());
        await using var tls = await FakeS3.StartAsync(certificate);
        tls.Put("acme", "in/a.csv", "id\n1\n"u8.ToArray());
        await ImportAsync(url: tls.Url);
        Assert.Contains(expected, (await RunAsync(["test", "acme"], Credentials.And("SSL_CERT_FILE", authority))).Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_proxy_that_refuses_is_named()
    {
        // An S3 server is no proxy: it refuses CONNECT, as a strict proxy does.
        await ImportAsync(role: null, url: "https://s3.acme.invalid");
        var refused = (await RunAsync(["test", "acme"], Credentials.And("HTTPS_PROXY", _s3.Url))).Exits(1).Output;
        Assert.Contains("failed   Region: The proxy does not allow connections to s3.acme.invalid: ", refused, StringComparison.Ordinal);
        Assert.Contains("The proxy is at fault", refused, StringComparison.Ordinal);
    }

    private static Dictionary<string, string?> Credentials => new(StringComparer.Ordinal) { ["AWS_ACCESS_KEY_ID"] = "AKIAFAKE", ["AWS_SECRET_ACCESS_KEY"] = "hushhush", ["AWS_SESSION_TOKEN"] = null, ["AWS_PROFILE"] = null };

    private Dictionary<string, string?> NoCredentials => new(StringComparer.Ordinal)
    {
        ["AWS_ACCESS_KEY_ID"] = null, ["AWS_SECRET_ACCESS_KEY"] = null, ["AWS_SESSION_TOKEN"] = null, ["AWS_PROFILE"] = null, ["AWS_EC2_METADATA_DISABLED"] = "true",
        ["AWS_CONFIG_FILE"] = Path.Combine(_folder, "none"), ["AWS_SHARED_CREDENTIALS_FILE"] = Path.Combine(_folder, "none"), ["HOME"] = _folder,
    };

    private async Task ImportAsync(string more = "", string? role = Role, string? url = null)
    {
        var arn = role is null ? "" : $", \"roleArn\": \"{role}\", \"externalId\": \"ext-1\"";
        (await RunAsync(
            ["import", "-"],
            $$"""{ "connections": [ { "name": "acme", "bucketName": "acme", "rootPath": "in/", "region": "eu-west-1", "endpointUrl": "{{url ?? _s3.Url}}", "forcePathStyle": true{{arn}}{{more}} } ] }""")).Exits(0);
    }

    private Task<WorkerResult> RunAsync(params string[] arguments) => RunAsync(arguments, Credentials);

    private Task<WorkerResult> RunAsync(string[] arguments, string input) => WorkerProcess.RunAsync(Path.Combine(_folder, "store"), arguments, input, Credentials);

    private Task<WorkerResult> RunAsync(string[] arguments, Dictionary<string, string?> environment)
        => WorkerProcess.RunAsync(Path.Combine(_folder, "store"), arguments, environment: environment);
}
