using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using PeakS3Feed.Connections.Policies;
using PeakS3Feed.Destinations.Redshift;
using PeakS3Feed.Tests.Connections.Policies;

namespace PeakS3Feed.Tests.Destinations.Redshift;

/// <summary>The policies of a Redshift destination in each form.</summary>
public sealed class RedshiftPolicyFormsTests
{
    private const string First = "arn:aws:iam::111111111111:role/a";
    private const string Last = "arn:aws:iam::222222222222:role/x/b";

    private static S3FeedPolicy Copy { get; } = RedshiftPolicies.ForCopy(PolicyStore.Cluster, new(TestPolicy.WithKey, []));

    private static S3FeedPolicy Chain { get; }
        = RedshiftPolicies.ForCopy(PolicyStore.Cluster with { IamRole = $"{First},{Last}" }, new(TestPolicy.WithKey, []));

    private static S3FeedPolicy Services { get; } = RedshiftPolicies.ForServices(PolicyStore.Cluster);

    [Fact]
    public void Json_has_the_documents_of_each_role()
    {
        var one = JsonNode.Parse(Copy.ToString())!.AsObject();
        Assert.Equal(["permissionPolicy", "trustPolicy", "keyPolicyStatement"], one.Select(m => m.Key));
        AssertSame(Copy.TrustPolicy!, one["trustPolicy"]);

        var chain = JsonNode.Parse(Chain.ToString())!.AsObject();
        Assert.Equal(["roles", "keyPolicyStatement"], chain.Select(m => m.Key));
        Assert.Equal([First, Last], chain["roles"]!.AsArray().Select(r => (string?)r!["roleArn"]));
        AssertSame(Chain.Roles[0].PermissionPolicy, chain["roles"]![0]!["permissionPolicy"]);
        AssertSame(Chain.Roles[1].TrustPolicy, chain["roles"]![1]!["trustPolicy"]);

        var services = JsonNode.Parse(Services.ToString())!.AsObject();
        Assert.Equal(["permissionPolicy"], services.Select(m => m.Key));
        AssertSame(Services.PermissionPolicy, services["permissionPolicy"]);
    }

    [Fact]
    public void CloudFormation_creates_a_role_or_a_policy()
    {
        var role = JsonNode.Parse(Copy.Render(PolicyForm.CloudFormation))!;
        Assert.Equal("peaks3feed-copy-dwh", (string?)role["Resources"]!["Role"]!["Properties"]!["Policies"]![0]!["PolicyName"]);
        Assert.Null(role["Conditions"]);

        var policy = JsonNode.Parse(Services.Render(PolicyForm.CloudFormation))!;
        var resource = policy["Resources"]!["Policy"]!;
        Assert.Equal("AWS::IAM::ManagedPolicy", (string?)resource["Type"]);
        Assert.Equal("peaks3feed-dwh", (string?)resource["Properties"]!["ManagedPolicyName"]);
        AssertSame(Services.PermissionPolicy, resource["Properties"]!["PolicyDocument"]);
        Assert.Equal("Policy", (string?)policy["Outputs"]!["PolicyArn"]!["Value"]!["Ref"]);
    }

    [Fact]
    public void CloudFormation_creates_in_each_account_its_own_roles_of_a_chain()
    {
        var template = JsonNode.Parse(Chain.Render(PolicyForm.CloudFormation))!;
        Assert.Equal(["In111111111111", "In222222222222"], template["Conditions"]!.AsObject().Select(c => c.Key));
        Assert.Equal("""{"Fn::Equals":[{"Ref":"AWS::AccountId"},"222222222222"]}""", template["Conditions"]!["In222222222222"]!.ToJsonString());
        Assert.Equal(["Role1", "Role2"], template["Resources"]!.AsObject().Select(r => r.Key));
        Assert.Equal("In111111111111", (string?)template["Resources"]!["Role1"]!["Condition"]);
        Assert.Equal("In222222222222", (string?)template["Outputs"]!["Role2Arn"]!["Condition"]);
        var last = template["Resources"]!["Role2"]!["Properties"]!;
        Assert.Equal(("b", "/x/"), ((string?)last["RoleName"], (string?)last["Path"]));
        AssertSame(Chain.Roles[1].PermissionPolicy, last["Policies"]![0]!["PolicyDocument"]);

        var single = RedshiftPolicies.ForCopy(PolicyStore.Cluster with { IamRole = $"{First},{First}2" }, new(TestPolicy.Draft, []));
        var own = JsonNode.Parse(single.Render(PolicyForm.CloudFormation))!;
        Assert.Null(own["Conditions"]);
        Assert.Null(own["Resources"]!["Role1"]!["Condition"]);
    }

    [Fact]
    public void Terraform_creates_a_role_or_a_policy_and_expands_nothing()
    {
        var chain = Chain.Render(PolicyForm.Terraform);
        Assert.Equal(
            [Chain.Roles[0].TrustPolicy, Chain.Roles[0].PermissionPolicy, Chain.Roles[1].TrustPolicy, Chain.Roles[1].PermissionPolicy],
            Heredocs(chain));
        Assert.Contains("resource \"aws_iam_role\" \"peaks3feed_dwh_copy_2\" {", chain, StringComparison.Ordinal);
        Assert.Contains("# In the account of " + Last, chain, StringComparison.Ordinal);

        var services = Services.Render(PolicyForm.Terraform);
        Assert.DoesNotContain("${", services, StringComparison.Ordinal);
        Assert.StartsWith("resource \"aws_iam_policy\" \"peaks3feed_dwh_dataapi\" {", services, StringComparison.Ordinal);
        AssertSame(Services.PermissionPolicy, JsonNode.Parse(Assert.Single(Heredocs(services))));
        Assert.Contains("value = aws_iam_policy.peaks3feed_dwh_dataapi.arn", services, StringComparison.Ordinal);
    }

    [SkippableFact]
    public async Task The_commands_pass_every_document_to_the_aws_cli_whole()
    {
        var policy = Assert.Single(await AwsShell.RunAsync(Services.Render(PolicyForm.AwsCli)));
        Assert.Equal(["iam", "create-policy", "--policy-name", "peaks3feed-dwh", "--policy-document"], policy[..5]);
        AssertSame(Services.PermissionPolicy, JsonNode.Parse(policy[5]));
        Assert.Equal(["--query", "Policy.Arn", "--output", "text"], policy[6..]);

        var chain = await AwsShell.RunAsync(Chain.Render(PolicyForm.AwsCli));
        Assert.Equal(
            [("update-assume-role-policy", "a"), ("put-role-policy", "a"), ("update-assume-role-policy", "b"), ("put-role-policy", "b")],
            chain.Select(c => (c[1], c[3])));
        AssertSame(Chain.Roles[0].TrustPolicy, JsonNode.Parse(chain[0][^1]));
        AssertSame(Chain.Roles[1].PermissionPolicy, JsonNode.Parse(chain[3][^1]));
        Assert.Equal("peaks3feed-copy-dwh", chain[3][5]);
        AssertSame(Chain.KeyPolicyStatement!, JsonNode.Parse(Chain.Render(PolicyForm.AwsCli).Split('\n')[^1][2..]));
    }

    private static IEnumerable<string> Heredocs(string hcl) => Regex
        .Matches(hcl, @"= <<-POLICY\n(?<text>.*?)\n  POLICY\n", RegexOptions.Singleline | RegexOptions.ExplicitCapture, TimeSpan.FromSeconds(5))
        .Select(m => m.Groups["text"].Value.Replace("\n    ", "\n", StringComparison.Ordinal).TrimStart());

    private static void AssertSame(string document, JsonNode? actual)
        => Assert.True(JsonNode.DeepEquals(JsonNode.Parse(document), actual), $"expected {document}\nbut was {actual}");
}
