namespace PeakS3Feed.Integration.Worker;

public class SetupCommandTests
{
    private const string User = "arn:aws:iam::999900001111:user/abc1-b-self1234";

    private const string Warehouse = """
        { "connections": [ { "name": "acme", "bucketName": "acme-data", "region": "eu-west-1" } ],
          "destinations": [ { "kind": "Snowflake", "name": "dwh", "account": "acme-sales", "accessToken": "env:T", "database": "SALES", "stagingConnection": "acme" } ] }
        """;

    [Fact]
    public async Task The_output_is_sql_and_comments_and_nothing_else()
    {
        using var store = new WorkerStore();
        (await store.RunAsync(["import", "-"], Warehouse)).Exits(0);
        var setup = (await store.RunAsync("setup", "dwh")).Exits(0);
        Assert.Equal("", setup.Error);
        var statements = setup.Output.Split('\n').Where(l => l.Length > 0 && l[0] is not ('-' or ' ')).ToList();
        Assert.All(statements, s => Assert.Matches("^(USE ROLE|CREATE [A-Z ]+ IF NOT EXISTS|DESC INTEGRATION|GRANT|ALTER USER) ", s));
        Assert.Contains("DESC INTEGRATION \"PEAKS3FEED_DWH\";", statements);
        Assert.Contains("--   peaks3feed set dwh integrationRole='<ARN>'", setup.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_values_of_the_integration_are_in_the_trust_policy()
    {
        using var store = new WorkerStore();
        (await store.RunAsync(["import", "-"], Warehouse)).Exits(0);
        var setup = (await store.RunAsync("setup", "dwh", "--iam-user-arn", User, "--external-id", "ext-1")).Exits(0);
        Assert.Contains($$"""-- aws iam update-assume-role-policy --role-name 'peaks3feed-copy-dwh' --policy-document '{"Version":"2012-10-17",""", setup.Output, StringComparison.Ordinal);
        Assert.Contains($"\"AWS\":\"{User}\"", setup.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("<STORAGE_AWS_IAM_USER_ARN>", setup.Output, StringComparison.Ordinal);
        var half = (await store.RunAsync("setup", "dwh", "--iam-user-arn", User)).Exits(2);
        Assert.Contains("needs both values", half.Error.ReplaceLineEndings(" "), StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_it_suggests_names_the_store()
    {
        using var store = new WorkerStore();
        (await store.RunAsync(["import", "-"], Warehouse)).Exits(0);
        var setup = (await store.RunAsync("--store", store.Store, "setup", "dwh")).Exits(0);
        Assert.Contains($"--   peaks3feed --store {store.Store} test dwh", setup.Output, StringComparison.Ordinal);
        Assert.All(setup.Output.Split('\n').Where(l => l.StartsWith("--   ", StringComparison.Ordinal)), l => Assert.Contains("--store", l, StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_destination_without_a_set_up_is_an_error_that_names_the_commands_that_help()
    {
        using var store = new WorkerStore();
        (await store.RunAsync(["import", "-"], Warehouse)).Exits(0);
        var refused = (await store.RunAsync("setup", "local")).Exits(2);
        Assert.Contains("needs no set-up of its own", refused.Error.ReplaceLineEndings(" "), StringComparison.Ordinal);
        Assert.Contains("    peaks3feed test local\n", refused.Error, StringComparison.Ordinal);
        Assert.Empty(refused.Output);
        (await store.RunAsync("setup", "acme")).Exits(2);
    }
}
