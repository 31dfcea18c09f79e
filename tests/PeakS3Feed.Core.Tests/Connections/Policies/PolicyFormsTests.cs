using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using PeakS3Feed.Connections;
using PeakS3Feed.Connections.Policies;

namespace PeakS3Feed.Tests.Connections.Policies;

public class PolicyFormsTests
{
    public static TheoryData<string> Roots => ["/", "incoming/", "a/b/c/", TestPolicy.OddRoot];

    private static S3Connection Full { get; } = TestPolicy.WithKey with
    {
        ExternalId = "a_+=,.@:/-9", RoleArn = "arn:aws:iam::777788889999:role/team/data/ingest", SessionDuration = TimeSpan.FromHours(12),
    };

    [Theory]
    [MemberData(nameof(Roots))]
    public async Task Json_holds_all_three_documents(string root)
    {
        var policy = await TestPolicy.ConnectionAsync(Full with { RootPath = root });
        var all = JsonNode.Parse(policy.ToString())!.AsObject();
        Assert.Equal(["permissionPolicy", "trustPolicy", "keyPolicyStatement"], all.Select(m => m.Key));
        AssertSame(policy.PermissionPolicy, all["permissionPolicy"]);
        AssertSame(policy.TrustPolicy!, all["trustPolicy"]);
        AssertSame(policy.KeyPolicyStatement!, all["keyPolicyStatement"]);
        Assert.Equal(["permissionPolicy", "trustPolicy"], JsonNode.Parse((await TestPolicy.ConnectionAsync(TestPolicy.Draft)).ToString())!.AsObject().Select(m => m.Key));
    }

    [Theory]
    [MemberData(nameof(Roots))]
    public async Task CloudFormation_makes_the_role(string root)
    {
        var policy = await TestPolicy.ConnectionAsync(Full with { RootPath = root });
        var template = JsonNode.Parse(policy.Render(PolicyForm.CloudFormation))!;
        var role = template["Resources"]!["Role"]!;
        Assert.Equal("AWS::IAM::Role", (string?)role["Type"]);
        var properties = role["Properties"]!;
        Assert.Equal(("ingest", "/team/data/", 43200), ((string?)properties["RoleName"], (string?)properties["Path"], (int)properties["MaxSessionDuration"]!));
        AssertSame(policy.TrustPolicy!, properties["AssumeRolePolicyDocument"]);
        AssertSame(policy.PermissionPolicy, Assert.Single(properties["Policies"]!.AsArray())!["PolicyDocument"]);
        Assert.Equal("""["Role","Arn"]""", template["Outputs"]!["RoleArn"]!["Value"]!["Fn::GetAtt"]!.ToJsonString());

        var draft = JsonNode.Parse((await TestPolicy.ConnectionAsync(TestPolicy.Draft)).Render(PolicyForm.CloudFormation))!["Resources"]!["Role"]!["Properties"]!;
        Assert.Equal(("peaks3feed-acme", "/"), ((string?)draft["RoleName"], (string?)draft["Path"]));
        Assert.Null(draft["MaxSessionDuration"]);
    }

    [Theory]
    [MemberData(nameof(Roots))]
    public async Task Terraform_makes_the_role_and_no_template_is_in_it(string root)
    {
        var policy = await TestPolicy.ConnectionAsync(Full with { RootPath = root });
        var hcl = policy.Render(PolicyForm.Terraform);
        Assert.DoesNotContain("${", hcl, StringComparison.Ordinal);
        Assert.DoesNotContain("%{", hcl, StringComparison.Ordinal);
        var heredocs = Regex.Matches(hcl, @"= <<-POLICY\n(?<text>.*?)\n  POLICY\n", RegexOptions.Singleline | RegexOptions.ExplicitCapture, TimeSpan.FromSeconds(5));
        Assert.Equal(2, heredocs.Count);
        AssertSame(policy.TrustPolicy!, JsonNode.Parse(heredocs[0].Groups["text"].Value));
        AssertSame(policy.PermissionPolicy, JsonNode.Parse(heredocs[1].Groups["text"].Value));
        Assert.Contains("\n  max_session_duration = 43200\n", hcl, StringComparison.Ordinal);
        Assert.Contains("\n  path                 = \"/team/data/\"\n", hcl, StringComparison.Ordinal);

        var draft = (await TestPolicy.ConnectionAsync(TestPolicy.Draft)).Render(PolicyForm.Terraform);
        Assert.Contains("resource \"aws_iam_role\" \"peaks3feed_acme\" {\n  name                 = \"peaks3feed-acme\"\n", draft, StringComparison.Ordinal);
        Assert.DoesNotContain("max_session_duration", draft, StringComparison.Ordinal);
    }

    [SkippableTheory]
    [MemberData(nameof(Roots))]
    public async Task The_commands_hand_every_document_to_the_aws_cli_whole(string root)
    {
        var draft = await TestPolicy.ConnectionAsync(TestPolicy.Draft with { RootPath = root, SessionDuration = TimeSpan.FromHours(2) });
        var made = await AwsShell.RunAsync(draft.Render(PolicyForm.AwsCli));
        Assert.Equal(2, made.Count);
        Assert.Equal(
            ["iam", "create-role", "--role-name", "peaks3feed-acme", "--max-session-duration", "7200", "--assume-role-policy-document"], made[0][..7]);
        Assert.Equal(["--query", "Role.Arn", "--output", "text"], made[0][8..]);
        AssertSame(draft.TrustPolicy!, JsonNode.Parse(made[0][7]));
        Assert.Equal(["iam", "put-role-policy", "--role-name", "peaks3feed-acme", "--policy-name", "peaks3feed", "--policy-document"], made[1][..7]);
        AssertSame(draft.PermissionPolicy, JsonNode.Parse(Assert.Single(made[1][7..])));

        var policy = await TestPolicy.ConnectionAsync(Full with { RootPath = root });
        var renewed = await AwsShell.RunAsync(policy.Render(PolicyForm.AwsCli));
        Assert.Equal(["update-assume-role-policy", "update-role", "put-role-policy"], renewed.Select(c => c[1]));
        AssertSame(policy.TrustPolicy!, JsonNode.Parse(renewed[0][^1]));
        Assert.Equal(["iam", "update-role", "--role-name", "ingest", "--max-session-duration", "43200"], renewed[1]);
        AssertSame(policy.PermissionPolicy, JsonNode.Parse(renewed[2][^1]));
        AssertSame(policy.KeyPolicyStatement!, JsonNode.Parse(policy.Render(PolicyForm.AwsCli).Split('\n')[^1][2..]));
    }

    private static void AssertSame(string document, JsonNode? actual)
        => Assert.True(JsonNode.DeepEquals(JsonNode.Parse(document), actual), $"expected {document}\nbut was {actual}");
}
