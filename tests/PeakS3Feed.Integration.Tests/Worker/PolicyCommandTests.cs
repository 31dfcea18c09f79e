using System.Text.Json.Nodes;

namespace PeakS3Feed.Integration.Worker;

public class PolicyCommandTests
{
    private const string Principal = "arn:aws:iam::111122223333:user/platform";

    [Fact]
    public async Task A_draft_has_a_policy_in_every_form_and_the_output_is_nothing_else()
    {
        using var store = new WorkerStore();
        (await store.RunAsync(["import", "-"], Document("in/é/"))).Exits(0);
        var json = (await store.RunAsync("policy", "acme", "--trusted-principal", Principal)).Exits(0);
        Assert.Equal("", json.Error);
        var policies = JsonNode.Parse(json.Output)!;
        Assert.Equal("in/é/*", (string?)policies["permissionPolicy"]!["Statement"]![0]!["Condition"]!["StringLike"]!["s3:prefix"]);
        var trust = policies["trustPolicy"]!["Statement"]![0]!;
        Assert.Equal(Principal, (string?)trust["Principal"]!["AWS"]);
        Assert.Matches("^[0-9a-f]{32}$", (string?)trust["Condition"]!["StringEquals"]!["sts:ExternalId"]);

        var template = JsonNode.Parse((await store.RunAsync("policy", "acme", "--as", "cloudformation", "--trusted-principal", Principal)).Exits(0).Output)!;
        Assert.True(JsonNode.DeepEquals(policies["trustPolicy"], template["Resources"]!["Role"]!["Properties"]!["AssumeRolePolicyDocument"]));
        Assert.StartsWith("resource ", (await store.RunAsync("policy", "acme", "--as", "Terraform", "--trusted-principal", Principal)).Exits(0).Output, StringComparison.Ordinal);

        var session = (await store.RunAsync("policy", "acme", "--as", "AwsCli", "--trusted-principal", "arn:aws:sts::111122223333:assumed-role/etl/run")).Exits(0);
        Assert.All(session.Output.TrimEnd('\n').Split('\n'), l => Assert.StartsWith("aws iam ", l, StringComparison.Ordinal));
        Assert.StartsWith("note: The principal arn:aws:iam::111122223333:role/etl ", session.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_destination_has_a_policy_for_each_purpose()
    {
        using var store = new WorkerStore();
        (await store.RunAsync(["import", "-"], Warehouse)).Exits(0);
        var staging = (await store.RunAsync("policy", "dwh", "--for", "staging", "--trusted-principal", Principal)).Exits(0);
        Assert.Equal("", staging.Error);
        var statements = JsonNode.Parse(staging.Output)!["permissionPolicy"]!["Statement"]!;
        Assert.Equal("arn:aws:s3:::acme-data/in/stage/*", (string?)statements[1]!["Resource"]);
        Assert.Equal(Principal, (string?)JsonNode.Parse(staging.Output)!["trustPolicy"]!["Statement"]![0]!["Principal"]!["AWS"]);

        var copy = (await store.RunAsync("policy", "dwh", "--for", "Copy", "--as", "AwsCli")).Exits(0);
        Assert.Contains("aws iam create-role --role-name 'peaks3feed-copy-dwh' ", copy.Output, StringComparison.Ordinal);
        Assert.StartsWith("note: The destination names no role, ", copy.Error, StringComparison.Ordinal);

        var services = (await store.RunAsync("policy", "dwh", "--for", "DataApi")).Exits(0);
        Assert.Equal(["permissionPolicy"], JsonNode.Parse(services.Output)!.AsObject().Select(m => m.Key));
        Assert.Contains("note: The ARN of a workgroup ", services.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_name_that_does_not_fit_the_purpose_is_an_error_that_says_what_does()
    {
        using var store = new WorkerStore();
        (await store.RunAsync(["import", "-"], Warehouse)).Exits(0);
        Assert.Contains("    peaks3feed policy dwh --for Staging\n", (await store.RunAsync("policy", "dwh")).Exits(2).Error, StringComparison.Ordinal);
        Assert.Contains("    peaks3feed policy dwh --for Copy\n", (await store.RunAsync("policy", "acme", "--for", "Copy")).Exits(2).Error, StringComparison.Ordinal);
        (await store.RunAsync("policy", "local", "--for", "Copy")).Exits(2);
        Assert.Contains("Leave the trusted principal out.", (await store.RunAsync("policy", "dwh", "--for", "Copy", "--trusted-principal", Principal)).Exits(2).Error, StringComparison.Ordinal);
        var purpose = (await store.RunAsync("policy", "dwh", "--for", "x")).Exits(2);
        Assert.Contains("\"x\" is not a purpose of a policy. The purposes are Source, Staging, Copy, DataApi, Table, Queue.", purpose.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_is_wrong_is_said()
    {
        using var store = new WorkerStore();
        (await store.RunAsync(["import", "-"], Document("in/"))).Exits(0);
        var form = (await store.RunAsync("policy", "acme", "--as", "7")).Exits(2);
        Assert.Contains("\"7\" is not a form. The forms are Json, CloudFormation, Terraform, AwsCli.", form.Error, StringComparison.Ordinal);
        (await store.RunAsync("policy", "acme", "--trusted-principal", "*")).Exits(2);
        (await store.RunAsync("policy", "nobody")).Exits(2);
        (await store.RunAsync(["import", "-"], store.Document())).Exits(0);
        Assert.Contains("reads a folder, which needs no policy", (await store.RunAsync("policy", "lake")).Exits(2).Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_edit_that_outdates_the_policy_says_so()
    {
        using var store = new WorkerStore();
        Assert.DoesNotContain("policy", (await store.RunAsync(["import", "-"], Document("in/"))).Exits(0).Output, StringComparison.Ordinal);
        Assert.Contains("    peaks3feed policy acme\n", (await store.RunAsync(["import", "-"], Document("out/"))).Exits(0).Output, StringComparison.Ordinal);
        Assert.DoesNotContain("policy", (await store.RunAsync(["import", "-"], Document("out/"))).Exits(0).Output, StringComparison.Ordinal);
    }

    private const string Warehouse = """
        { "connections": [ { "name": "acme", "bucketName": "acme-data", "region": "eu-west-1", "rootPath": "in/" } ],
          "destinations": [ { "kind": "Redshift", "name": "dwh", "workgroupName": "sales-wg", "region": "eu-west-1", "database": "dev",
            "stagingConnection": "acme", "stagingPrefix": "stage/" } ] }
        """;

    private static string Document(string root)
        => $$"""{ "connections": [ { "name": "acme", "bucketName": "acme-data", "region": "eu-west-1", "rootPath": "{{root}}" } ] }""";
}
