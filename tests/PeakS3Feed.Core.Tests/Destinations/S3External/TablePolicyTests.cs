using System.Text.Json.Nodes;
using PeakS3Feed.Connections;
using PeakS3Feed.Connections.Policies;
using PeakS3Feed.Destinations.S3External;
using PeakS3Feed.Errors;
using PeakS3Feed.Tests.Connections.Policies;

namespace PeakS3Feed.Tests.Destinations.S3External;

/// <summary>What the writer of tables needs, what a reader needs, and what protects the logs.</summary>
public sealed class TablePolicyTests : IDisposable
{
    private const string List = """
        { "Sid": "List", "Effect": "Allow", "Action": "s3:ListBucket", "Resource": "arn:aws:s3:::acme-data",
          "Condition": { "StringLike": { "s3:prefix": "incoming/lake/*" } } }
        """;

    private readonly TableStore _store = new();

    public void Dispose() => _store.Dispose();

    [Fact]
    public async Task The_writer_lists_writes_reads_and_deletes_below_the_folder()
    {
        var policy = await GetAsync();
        AssertJson(
            $$"""
            [ {{List}},
              { "Sid": "Stage", "Effect": "Allow",
                "Action": [ "s3:PutObject", "s3:AbortMultipartUpload", "s3:GetObject", "s3:DeleteObject" ],
                "Resource": "arn:aws:s3:::acme-data/incoming/lake/*" } ]
            """,
            Statements(policy.PermissionPolicy));
        Assert.Equal((await TestPolicy.ConnectionAsync(TestPolicy.Draft)).TrustPolicy, policy.TrustPolicy);
        Assert.Equal(("acme", "lake", PolicyPurpose.Table), (policy.ConnectionName, policy.DestinationName, policy.For));
    }

    [Fact]
    public async Task A_reader_lists_and_reads()
        => AssertJson(
            $$"""
            [ {{List}}, { "Sid": "Read", "Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::acme-data/incoming/lake/*" } ]
            """,
            Statements((await GetAsync()).ReaderPolicy!));

    // As AWS documents the enforcement of conditional writes.
    [Fact]
    public async Task The_bucket_denies_to_overwrite_an_entry_of_a_log()
        => AssertJson(
            """
            { "Sid": "ProtectTableLogs", "Effect": "Deny", "Principal": { "AWS": "*" }, "Action": "s3:PutObject",
              "Resource": "arn:aws:s3:::acme-data/incoming/lake/*/_delta_log/*.json",
              "Condition": { "Null": { "s3:if-none-match": "true" }, "Bool": { "s3:ObjectCreationOperation": "true" } } }
            """,
            JsonNode.Parse((await GetAsync()).BucketPolicyStatement!)!);

    [Theory]
    [InlineData("incoming/lake/orders/_delta_log/00000000000000000000.json", true)]
    [InlineData("incoming/lake/orders/_delta_log/00000000000000000010.checkpoint.parquet", false)]
    [InlineData("incoming/lake/orders/_delta_log/_last_checkpoint", false)]
    [InlineData("incoming/lake/orders/part-1.parquet", false)]
    [InlineData("incoming/lake/orders/_spectrum_manifest/manifest", false)]
    [InlineData("incoming/other/_delta_log/00000000000000000000.json", false)]
    public async Task What_is_replaced_stays_allowed(string key, bool isProtected)
    {
        var resource = (string)JsonNode.Parse((await GetAsync()).BucketPolicyStatement!)!["Resource"]!;
        var pattern = resource["arn:aws:s3:::acme-data/".Length..];
        Assert.Equal(isProtected, System.IO.Enumeration.FileSystemName.MatchesSimpleExpression(pattern, key));
    }

    [Fact]
    public async Task The_key_of_the_destination_counts_before_that_of_the_connection()
    {
        const string Own = "arn:aws:kms:eu-west-1:444455556666:key/lake";
        var policy = await GetAsync(TableStore.Lake with { KmsKeyArn = Own }, TestPolicy.WithKey with { RoleArn = "arn:aws:iam::444455556666:role/lake" });
        var encrypt = Statements(policy.PermissionPolicy)[2]!;
        Assert.Equal(("Encrypt", Own), ((string?)encrypt["Sid"], (string?)encrypt["Resource"]));
        Assert.Equal(Own, (string?)Statements(policy.ReaderPolicy!)[2]!["Resource"]);
        Assert.NotNull(policy.KeyPolicyStatement);
        policy = await GetAsync(connection: TestPolicy.WithKey);
        Assert.Equal(TestPolicy.WithKey.KmsKeyArn, (string?)Statements(policy.PermissionPolicy)[2]!["Resource"]);
    }

    [Fact]
    public async Task Each_form_has_the_writer_and_the_reader()
    {
        var policy = await GetAsync();
        var json = JsonNode.Parse(policy.Render(PolicyForm.Json))!.AsObject();
        Assert.Equal(["permissionPolicy", "trustPolicy", "readerPolicy", "bucketPolicyStatement"], json.Select(m => m.Key));
        AssertJson(policy.ReaderPolicy!, json["readerPolicy"]!);
        AssertJson(policy.BucketPolicyStatement!, json["bucketPolicyStatement"]!);

        var template = JsonNode.Parse(policy.Render(PolicyForm.CloudFormation))!;
        Assert.Equal(["Role", "ReaderPolicy"], template["Resources"]!.AsObject().Select(r => r.Key));
        AssertJson(policy.ReaderPolicy!, template["Resources"]!["ReaderPolicy"]!["Properties"]!["PolicyDocument"]!);
        Assert.Equal("ReaderPolicy", (string?)template["Outputs"]!["ReaderPolicyArn"]!["Value"]!["Ref"]);

        var terraform = policy.Render(PolicyForm.Terraform);
        Assert.Contains("resource \"aws_iam_role\" \"peaks3feed_lake_table\" {", terraform, StringComparison.Ordinal);
        Assert.Contains("resource \"aws_iam_policy\" \"peaks3feed_lake_table_reader\" {", terraform, StringComparison.Ordinal);
    }

    [SkippableFact]
    public async Task The_commands_pass_the_readers_document_to_the_aws_cli_whole()
    {
        var policy = await GetAsync();
        var text = policy.Render(PolicyForm.AwsCli);
        var commands = await AwsShell.RunAsync(text);
        Assert.Equal(["create-role", "put-role-policy", "create-policy"], commands.Select(c => c[1]));
        Assert.Equal("peaks3feed-read-lake", commands[2][3]);
        AssertJson(policy.ReaderPolicy!, JsonNode.Parse(commands[2][5])!);
        AssertJson(policy.BucketPolicyStatement!, JsonNode.Parse(text.Split('\n')[^1][2..])!);
    }

    [Fact]
    public async Task Notes_say_that_a_bucket_has_one_policy_and_a_source_its_own()
    {
        var policy = await GetAsync();
        Assert.Contains(policy.Notes, n => n.StartsWith("A bucket has one policy: add the statement", StringComparison.Ordinal));
        Assert.Contains(policy.Notes, n => n.StartsWith("Feeds also read through the connection", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_folder_needs_none_and_a_wrong_purpose_is_named()
    {
        await _store.StoreAsync(connection: new() { Name = "acme", BucketName = "acme-data", EndpointUrl = Path.GetTempPath(), RootPath = "incoming/" });
        var error = await FailAsync("PolicyNotNeeded", "lake", PolicyPurpose.Table);
        Assert.Equal("Destination lake has its tables in connection acme, which is a folder and needs no policy.", error.Message);
        await FailAsync("PolicyNotNeeded", "lake", PolicyPurpose.Staging);
        await _store.StoreAsync();
        error = await FailAsync("PolicyPurposeUnclear", "lake", PolicyPurpose.Source);
        Assert.Equal("Table is for the role of its connection and for engines that read its tables.", error.Hint);
        Assert.Equal("Get-S3FeedPolicy -Name lake -For Table", Assert.Single(error.Remedies).Cmdlet);
        error = await FailAsync("PolicyPurposeUnclear", "acme", PolicyPurpose.Table);
        Assert.Equal("Get-S3FeedPolicy -Name lake -For Table", error.Remedies[0].Cmdlet);
    }

    [Fact]
    public async Task The_principal_can_be_chosen_as_for_a_connection()
    {
        await _store.StoreAsync(connection: TestPolicy.Draft with { TrustedPrincipal = null });
        var policy = await _store.Engine.PolicyAsync("lake", PolicyPurpose.Table, "arn:aws:iam::999988887777:role/other", accessKey: null, default);
        Assert.Equal("arn:aws:iam::999988887777:role/other", policy.TrustedPrincipal);
    }

    private async Task<S3FeedPolicy> GetAsync(S3ExternalDestination? destination = null, S3Connection? connection = null)
    {
        await _store.StoreAsync(destination, connection: connection);
        return await _store.Engine.PolicyAsync("lake", PolicyPurpose.Table, null, accessKey: null, default);
    }

    private async Task<FeedException> FailAsync(string id, string name, PolicyPurpose purpose)
        => await TableStore.FailsAsync(id, () => _store.Engine.PolicyAsync(name, purpose, null, accessKey: null, default));

    private static JsonArray Statements(string document) => JsonNode.Parse(document)!["Statement"]!.AsArray();

    private static void AssertJson(string expected, JsonNode actual)
        => Assert.True(JsonNode.DeepEquals(JsonNode.Parse(expected), actual), $"expected {expected}\nbut was {actual}");
}
