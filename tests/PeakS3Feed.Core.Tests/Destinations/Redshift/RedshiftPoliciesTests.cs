using System.Text.Json.Nodes;
using PeakS3Feed.Connections.Policies;
using PeakS3Feed.Destinations.Redshift;
using PeakS3Feed.Errors;
using PeakS3Feed.Feeds;
using PeakS3Feed.Tests.Connections.Policies;

namespace PeakS3Feed.Tests.Destinations.Redshift;

/// <summary>What the policies of a Redshift destination allow.</summary>
public sealed class RedshiftPoliciesTests : IDisposable
{
    private const string Follow = """
        { "Sid": "Follow", "Effect": "Allow",
          "Action": [ "redshift-data:DescribeStatement", "redshift-data:GetStatementResult", "redshift-data:CancelStatement" ], "Resource": "*",
          "Condition": { "StringEquals": { "redshift-data:statement-owner-iam-userid": "${aws:userid}" } } }
        """;

    private readonly PolicyStore _store = new();

    public void Dispose() => _store.Dispose();

    [Fact]
    public async Task Staging_may_list_write_read_and_delete_below_the_prefix_only()
    {
        var policy = await _store.GetAsync(PolicyStore.Workgroup, PolicyPurpose.Staging);
        AssertJson(
            """
            [ { "Sid": "List", "Effect": "Allow", "Action": "s3:ListBucket", "Resource": "arn:aws:s3:::acme-data",
                "Condition": { "StringLike": { "s3:prefix": "incoming/stage/*" } } },
              { "Sid": "Stage", "Effect": "Allow",
                "Action": [ "s3:PutObject", "s3:AbortMultipartUpload", "s3:GetObject", "s3:DeleteObject" ],
                "Resource": "arn:aws:s3:::acme-data/incoming/stage/*" } ]
            """,
            Statements(policy.PermissionPolicy));
        Assert.Equal((await TestPolicy.ConnectionAsync(TestPolicy.Draft)).TrustPolicy, policy.TrustPolicy);
        Assert.Equal(("acme", "dwh", PolicyPurpose.Staging), (policy.ConnectionName, policy.DestinationName, policy.For));
        Assert.Equal("arn:aws:iam::111122223333:user/platform", policy.TrustedPrincipal);
        Assert.Empty(policy.Notes);
    }

    [Fact]
    public async Task Staging_with_a_key_may_encrypt_and_decrypt_through_S3()
    {
        var connection = TestPolicy.WithKey with { RoleArn = "arn:aws:iam::444455556666:role/stage" };
        var policy = await _store.GetAsync(PolicyStore.Workgroup, PolicyPurpose.Staging, connection);
        const string Body = """
            "Action": [ "kms:GenerateDataKey", "kms:Decrypt" ],
            "Condition": { "StringEquals": { "kms:ViaService": "s3.eu-west-1.amazonaws.com" },
              "StringLike": { "kms:EncryptionContext:aws:s3:arn": [ "arn:aws:s3:::acme-data", "arn:aws:s3:::acme-data/incoming/stage/*" ] } }
            """;
        AssertJson(
            $$"""{ "Sid": "Encrypt", "Effect": "Allow", "Resource": "{{connection.KmsKeyArn}}", {{Body}} }""",
            Statements(policy.PermissionPolicy)[2]!);
        AssertJson(
            $$"""{ "Sid": "Encrypt", "Effect": "Allow", "Principal": { "AWS": "{{connection.RoleArn}}" }, "Resource": "*", {{Body}} }""",
            JsonNode.Parse(policy.KeyPolicyStatement!)!);
    }

    [Fact]
    public async Task Staging_takes_another_principal_and_says_if_feeds_read_through_the_connection()
    {
        await _store.Engine.Store.UpdateAsync(d => d.With(TestPolicy.Draft).With(new S3Feed { Name = "orders", ConnectionName = "acme", Path = "incoming/orders/" }));
        var policy = await _store.GetAsync(PolicyStore.Workgroup, PolicyPurpose.Staging, principal: "111122223333");
        Assert.Equal("111122223333", policy.TrustedPrincipal);
        Assert.Contains("Feeds also read", Assert.Single(policy.Notes), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Copy_may_list_and_read_and_the_warehouse_may_assume_its_role()
    {
        var policy = await _store.GetAsync(PolicyStore.Cluster, PolicyPurpose.Copy);
        AssertJson(
            """
            [ { "Sid": "List", "Effect": "Allow", "Action": "s3:ListBucket", "Resource": "arn:aws:s3:::acme-data",
                "Condition": { "StringLike": { "s3:prefix": "incoming/stage/*" } } },
              { "Sid": "Read", "Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::acme-data/incoming/stage/*" } ]
            """,
            Statements(policy.PermissionPolicy));
        AssertJson(
            """[ { "Sid": "Assume", "Effect": "Allow", "Principal": { "Service": "redshift.amazonaws.com" }, "Action": "sts:AssumeRole" } ]""",
            Statements(policy.TrustPolicy!));
        Assert.Null(policy.TrustedPrincipal);
        Assert.Empty(policy.Roles);
        Assert.Empty(policy.Notes);
    }

    [Fact]
    public void A_workgroup_and_a_host_may_be_served_by_either_service()
    {
        foreach (var destination in new[] { PolicyStore.Workgroup, PolicyStore.Workgroup with { WorkgroupName = null, Host = "h", Username = "u" } })
        {
            AssertJson(
                """
                [ { "Sid": "Assume", "Effect": "Allow",
                    "Principal": { "Service": [ "redshift.amazonaws.com", "redshift-serverless.amazonaws.com" ] }, "Action": "sts:AssumeRole" } ]
                """,
                Statements(RedshiftPolicies.ForCopy(destination, new(TestPolicy.Draft, [])).TrustPolicy!));
        }
    }

    [Fact]
    public async Task Copy_without_a_role_creates_one_and_says_how_the_warehouse_gets_it()
    {
        var policy = await _store.GetAsync(PolicyStore.Workgroup with { IamRole = null }, PolicyPurpose.Copy, TestPolicy.WithKey);
        Assert.Collection(
            policy.Notes,
            n => Assert.Contains("default role of the warehouse", n, StringComparison.Ordinal),
            n => Assert.Contains("once the destination names its role", n, StringComparison.Ordinal));
        Assert.Contains("aws iam create-role --role-name 'peaks3feed-copy-dwh' ", policy.Render(PolicyForm.AwsCli), StringComparison.Ordinal);
        Assert.Equal("kms:Decrypt", (string?)Statements(policy.PermissionPolicy)[2]!["Action"]);
        Assert.Null(policy.KeyPolicyStatement);
    }

    [Fact]
    public async Task In_a_chain_each_role_assumes_the_next_one_and_the_last_one_reads()
    {
        const string First = "arn:aws:iam::111111111111:role/a";
        const string Second = "arn:aws:iam::111111111111:role/x/b";
        const string Last = "arn:aws:iam::222222222222:role/c";
        var policy = await _store.GetAsync(
            PolicyStore.Cluster with { IamRole = $"{First}, {Second},{Last}" }, PolicyPurpose.Copy, TestPolicy.WithKey);
        Assert.Equal([First, Second, Last], policy.Roles.Select(r => r.RoleArn));
        AssertJson(AssumesNext(Second), Statements(policy.Roles[0].PermissionPolicy));
        AssertJson(AssumesNext(Last), Statements(policy.Roles[1].PermissionPolicy));
        Assert.Equal(["s3:ListBucket", "s3:GetObject", "kms:Decrypt"], Statements(policy.Roles[2].PermissionPolicy).Select(s => (string?)s!["Action"]));
        Assert.Equal("redshift.amazonaws.com", (string?)Statements(policy.Roles[0].TrustPolicy)[0]!["Principal"]!["Service"]);
        Assert.Equal(First, (string?)Statements(policy.Roles[1].TrustPolicy)[0]!["Principal"]!["AWS"]);
        Assert.Equal(Second, (string?)Statements(policy.Roles[2].TrustPolicy)[0]!["Principal"]!["AWS"]);
        Assert.Equal(policy.Roles[2].PermissionPolicy, policy.PermissionPolicy);
        Assert.Equal(Last, (string?)JsonNode.Parse(policy.KeyPolicyStatement!)!["Principal"]!["AWS"]);

        static string AssumesNext(string role) => $$"""[ { "Sid": "Assume", "Effect": "Allow", "Action": "sts:AssumeRole", "Resource": "{{role}}" } ]""";
    }

    [Fact]
    public async Task The_Data_API_of_a_workgroup()
    {
        var policy = await _store.GetAsync(PolicyStore.Workgroup, PolicyPurpose.DataApi);
        AssertJson(
            $$"""
            [ { "Sid": "Run", "Effect": "Allow", "Action": [ "redshift-data:ExecuteStatement", "redshift-data:BatchExecuteStatement" ],
                "Resource": "arn:aws:redshift-serverless:eu-west-1:444455556666:workgroup/*" },
              {{Follow}},
              { "Sid": "Login", "Effect": "Allow", "Action": "redshift-serverless:GetCredentials",
                "Resource": "arn:aws:redshift-serverless:eu-west-1:444455556666:workgroup/*" } ]
            """,
            Statements(policy.PermissionPolicy));
        Assert.Null(policy.TrustPolicy);
        Assert.Null(policy.ConnectionName);
        Assert.Collection(
            policy.Notes,
            n => Assert.Contains("default chain", n, StringComparison.Ordinal),
            n => Assert.Contains("get-workgroup --workgroup-name wg ", n, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("eu-west-1", "aws")]
    [InlineData("cn-north-1", "aws-cn")]
    [InlineData("us-gov-west-1", "aws-us-gov")]
    public async Task The_Data_API_of_a_cluster(string region, string partition)
    {
        var policy = await _store.GetAsync(PolicyStore.Cluster with { Region = region, ProfileName = "dw" }, PolicyPurpose.DataApi);
        var arn = $"arn:{partition}:redshift:{region}:444455556666";
        AssertJson(
            $$"""
            [ { "Sid": "Run", "Effect": "Allow", "Action": [ "redshift-data:ExecuteStatement", "redshift-data:BatchExecuteStatement" ],
                "Resource": "{{arn}}:cluster:c1" },
              {{Follow}},
              { "Sid": "Login", "Effect": "Allow", "Action": "redshift:GetClusterCredentialsWithIAM", "Resource": "{{arn}}:dbname:c1/dev" } ]
            """,
            Statements(policy.PermissionPolicy));
        Assert.Contains("AWS profile dw", Assert.Single(policy.Notes), StringComparison.Ordinal);

        var user = await _store.GetAsync(PolicyStore.Cluster with { Region = region, DbUser = "loader" }, PolicyPurpose.DataApi);
        AssertJson(
            $$"""
            { "Sid": "Login", "Effect": "Allow", "Action": "redshift:GetClusterCredentials",
              "Resource": [ "{{arn}}:dbuser:c1/loader", "{{arn}}:dbname:c1/dev" ] }
            """,
            Statements(user.PermissionPolicy)[2]!);
    }

    [Fact]
    public async Task A_secret_replaces_the_login_and_names_the_account()
    {
        const string Secret = "arn:aws:secretsmanager:eu-west-1:777788889999:secret:dwh-AbCdEf";
        var policy = await _store.GetAsync(PolicyStore.Cluster with { IamRole = null, SecretArn = Secret }, PolicyPurpose.DataApi);
        AssertJson(
            $$"""{ "Sid": "Login", "Effect": "Allow", "Action": "secretsmanager:GetSecretValue", "Resource": "{{Secret}}" }""",
            Statements(policy.PermissionPolicy)[2]!);
        Assert.Equal("arn:aws:redshift:eu-west-1:777788889999:cluster:c1", (string?)Statements(policy.PermissionPolicy)[0]!["Resource"]);
        Assert.Contains("kms:Decrypt", policy.Notes[^1], StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_unknown_account_is_any_and_that_is_said()
    {
        var policy = await _store.GetAsync(PolicyStore.Cluster with { IamRole = null }, PolicyPurpose.DataApi);
        Assert.Equal("arn:aws:redshift:eu-west-1:*:cluster:c1", (string?)Statements(policy.PermissionPolicy)[0]!["Resource"]);
        Assert.Contains("account's number", policy.Notes[^1], StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_wire_needs_no_more_than_the_login()
    {
        var policy = await _store.GetAsync(PolicyStore.Cluster with { Host = "dw.example.com", DbUser = "loader" }, PolicyPurpose.DataApi);
        Assert.Equal("redshift:GetClusterCredentials", (string?)Assert.Single(Statements(policy.PermissionPolicy))!["Action"]);
        var none = Assert.Throws<FeedException>(
            () => RedshiftPolicies.ForServices(PolicyStore.Workgroup with { WorkgroupName = null, Host = "h", Username = "loader", Password = "env:PW" }));
        Assert.Equal("PolicyNotNeeded", none.Id);
    }

    [Fact]
    public void Names_with_wildcards_and_variables_are_taken_as_written()
    {
        var staged = RedshiftPolicies.ForCopy(PolicyStore.Workgroup with { StagingPrefix = "s*/?$/" }, new(TestPolicy.Draft, []));
        Assert.Equal("incoming/s${*}/${?}${$}/*", (string?)Statements(staged.PermissionPolicy)[0]!["Condition"]!["StringLike"]!["s3:prefix"]);
        Assert.Equal("arn:aws:s3:::acme-data/incoming/s${*}/${?}${$}/*", (string?)Statements(staged.PermissionPolicy)[1]!["Resource"]);
        var login = RedshiftPolicies.ForServices(PolicyStore.Cluster with { Database = "d*" });
        Assert.Equal("arn:aws:redshift:eu-west-1:444455556666:dbname:c1/d${*}", (string?)Statements(login.PermissionPolicy)[2]!["Resource"]);
    }

    /// <summary>The policy is compared with the calls that the program makes to a server that records them.</summary>
    [Theory]
    [InlineData("workgroup")]
    [InlineData("cluster")]
    [InlineData("user")]
    public async Task The_actions_are_those_of_the_calls_that_are_made(string login)
    {
        await using var h = await ApiHarness.StartAsync();
        var (destination, target, temporary) = login switch
        {
            "workgroup" => (PolicyStore.Workgroup, DataApiTarget.Workgroup("wg", "dev"), (RedshiftLogin.Temporary)new RedshiftLogin.Workgroup("wg", "dev")),
            "cluster" => (PolicyStore.Cluster, DataApiTarget.Cluster("c1", "dev"), new RedshiftLogin.ClusterIam("c1", "dev")),
            _ => (PolicyStore.Cluster with { DbUser = "u" }, DataApiTarget.ClusterUser("c1", "dev", "u"), new RedshiftLogin.ClusterUser("c1", "dev", "u")),
        };
        using var credentials = h.LogIn(temporary);
        await credentials.GetAsync(default);
        var granted = Actions(await _store.GetAsync(destination with { Host = "h" }, PolicyPurpose.DataApi));
        Assert.Equal(granted, Called(h));

        // The Data API logs in itself, with the caller's permissions, in the way of the target.
        var data = h.For(target);
        h.Api.Data.Next.Enqueue(new() { Rows = [["""{"longValue":1}"""]] });
        var id = await data.ExecuteStatementAsync(new ExecuteStatementRequest("SELECT 1"), default);
        await data.DescribeStatementAsync(new StatementRequest(id), default);
        await data.GetStatementResultAsync(new StatementRequest(id), default);
        await data.BatchExecuteStatementAsync(new BatchExecuteStatementRequest(["SELECT 1"]), default);
        await Record.ExceptionAsync(() => data.CancelStatementAsync(id, default));
        Assert.Equal(
            typeof(DataApiClient).GetMethods().Where(m => m.DeclaringType == typeof(DataApiClient) && m.Name.EndsWith("Async", StringComparison.Ordinal)).Select(m => "redshift-data:" + m.Name[..^5]).Order(StringComparer.Ordinal),
            Called(h).Where(c => c.StartsWith("redshift-data:", StringComparison.Ordinal)));
        Assert.Equal(Called(h), Actions(await _store.GetAsync(destination, PolicyPurpose.DataApi)));
    }

    private static JsonArray Statements(string document) => JsonNode.Parse(document)!["Statement"]!.AsArray();

    private static IEnumerable<string> Actions(S3FeedPolicy policy) => Statements(policy.PermissionPolicy)
        .SelectMany(s => s!["Action"] is JsonArray all ? all.Select(a => (string)a!) : [(string)s["Action"]!])
        .Order(StringComparer.Ordinal);

    // The service is that of the signature.
    private static IEnumerable<string> Called(ApiHarness h) => h.Api.Requests
        .Select(r => $"{r.Header("Authorization")!.Split('/')[3]}:{r.Operation}")
        .Distinct(StringComparer.Ordinal)
        .Order(StringComparer.Ordinal);

    private static void AssertJson(string expected, JsonNode actual)
        => Assert.True(JsonNode.DeepEquals(JsonNode.Parse(expected), actual), $"expected {expected}\nbut was {actual}");
}
