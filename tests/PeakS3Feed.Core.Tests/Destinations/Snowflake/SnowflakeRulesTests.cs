using PeakS3Feed.Connections;
using PeakS3Feed.Destinations;
using PeakS3Feed.Destinations.BuiltIn;
using PeakS3Feed.Destinations.Loading;
using PeakS3Feed.Destinations.Snowflake;
using PeakS3Feed.Errors;

namespace PeakS3Feed.Tests.Destinations.Snowflake;

public sealed class SnowflakeRulesTests
{
    private const string Role = "arn:aws:iam::123456789012:role/copy";

    private static readonly SnowflakeDestination KeyPair = new()
    {
        Name = "dwh", Account = "acme-sales", Username = "LOADER", PrivateKey = "file:/run/secrets/key", Database = "SALES", StagingConnection = "lake",
    };

    private static readonly SnowflakeDestination OAuth = KeyPair with { Username = null, PrivateKey = null, OAuthToken = "env:TOKEN" };

    private static readonly SnowflakeDestination Token = KeyPair with { Username = null, PrivateKey = null, AccessToken = "vault:Work/pat" };

    public static TheoryData<string, SnowflakeDestination> Valid => new()
    {
        { "a key pair", KeyPair },
        { "an encrypted key", KeyPair with { PrivateKeyPassphrase = "env:P" } },
        { "a user that is an e-mail address", KeyPair with { Username = "ann.lee@example.org" } },
        { "an OAuth token", OAuth },
        { "a programmatic access token", Token },
        { "another address", Token with { EndpointUrl = "https://proxy.example.org:8443" } },
        { "this machine", Token with { EndpointUrl = "http://127.0.0.1:8080" } },
        { "a session", Token with { Role = "loader", Warehouse = "load_wh", Schema = "raw" } },
        { "names in quotes", Token with { Database = "\"Sales.2026\"", Schema = "\"a\"\"b\"", Role = "\"Ann Lee\"", Warehouse = "\"wh\"" } },
        { "names of 255 characters", Token with { Database = new string('d', 255), Schema = $"\"{new string('s', 255)}\"" } },
        { "a name with a hyphen and a space", Token with { Database = "sales-eu west" } },
        { "a stage of another schema", Token with { Stage = "loading.stage" } },
        { "objects that Snowflake loads itself", Token with { SourceStage = "ops.objects", LoadPath = LoadPath.Direct } },
        { "a stage of another database", Token with { Stage = "ops.\"Load.ing\".stage" } },
        { "a role of the integration", Token with { IntegrationRole = "arn:aws-us-gov:iam::123456789012:role/a/b,c" } },
        { "limits", Token with { PartSizeMiB = 1024, StagingPrefix = "" } },
    };

    public static TheoryData<SnowflakeDestination, string, string> Invalid => new()
    {
        { KeyPair with { Account = " " }, "Account", "missing" },
        { KeyPair with { Account = "https://proxy.example.org" }, "Account", "not a host of Snowflake" },
        { KeyPair with { EndpointUrl = "http://example.org" }, "EndpointUrl", "https://" },
        { KeyPair with { EndpointUrl = "https://example.org/api" }, "EndpointUrl", "https://" },
        { KeyPair with { Username = null }, "Username", "user name is missing" },
        { KeyPair with { Username = " " }, "Username", "user name is missing" },
        { KeyPair with { Username = new string('u', 256) }, "Username", "too long" },
        { KeyPair with { PrivateKey = null }, "PrivateKey", "private key is missing" },
        { KeyPair with { PrivateKey = null, Username = null }, "Username", "login is missing" },
        { KeyPair with { PrivateKey = null, PrivateKeyPassphrase = "env:P" }, "PrivateKey", "private key is missing" },
        { KeyPair with { PrivateKey = "hunter2" }, "PrivateKey", "secret" },
        { KeyPair with { PrivateKeyPassphrase = "hunter2" }, "PrivateKeyPassphrase", "secret" },
        { KeyPair with { OAuthToken = "env:T" }, "OAuthToken", "2 logins: PrivateKey and OAuthToken" },
        { KeyPair with { OAuthToken = "env:T", AccessToken = "env:T" }, "OAuthToken", "3 logins" },
        { OAuth with { AccessToken = "env:T" }, "AccessToken", "2 logins: OAuthToken and AccessToken" },
        { OAuth with { OAuthToken = "hunter2" }, "OAuthToken", "secret" },
        { OAuth with { Username = "u" }, "Username", "has OAuthToken" },
        { Token with { AccessToken = "hunter2" }, "AccessToken", "secret" },
        { Token with { Username = "u" }, "Username", "has AccessToken" },
        { Token with { PrivateKeyPassphrase = "env:P" }, "PrivateKeyPassphrase", "has AccessToken" },
        { Token with { Database = "" }, "Database", "missing" },
        { Token with { Database = "sales.raw" }, "Database", "not one name" },
        { Token with { Database = new string('d', 256) }, "Database", "256 characters" },
        { Token with { Database = "\"sales" }, "Database", "not the name of a database" },
        { Token with { Database = "sa\"les" }, "Database", "not the name of a database" },
        { Token with { Database = "\"\"" }, "Database", "not the name of a database" },
        { Token with { Database = " sales" }, "Database", "not the name of a database" },
        { Token with { Schema = "" }, "Schema", "blank" },
        { Token with { Schema = "a\nb" }, "Schema", "not the name of a schema" },
        { Token with { Role = " " }, "Role", "blank" },
        { Token with { Role = "\"a\"b" }, "Role", "not the name of a role" },
        { Token with { Warehouse = "" }, "Warehouse", "blank" },
        { Token with { LoadPath = LoadPath.Direct }, "LoadPath", "needs the external stage of the objects" },
        { Token with { SourceStage = "a..b" }, "SourceStage", "not the name of a stage" },
        { Token with { Stage = "" }, "Stage", "blank" },
        { Token with { Stage = "@stage\"" }, "Stage", "not the name of a stage" },
        { Token with { Stage = "a..b" }, "Stage", "not the name of a stage" },
        { Token with { Stage = "a.b." }, "Stage", "not the name of a stage" },
        { Token with { Stage = "a.b.c.d" }, "Stage", "more than three names" },
        { Token with { Stage = $"a.{new string('s', 256)}" }, "Stage", "256 characters" },
        { Token with { StagingConnection = " " }, "StagingConnection", "missing" },
        { Token with { StagingPrefix = "a" }, "StagingPrefix", "not a folder" },
        { Token with { StagingPrefix = new string('a', 512) + "/" }, "StagingPrefix", "not a folder" },
        { Token with { PartSizeMiB = 0 }, "PartSizeMiB", "0 MiB" },
        { Token with { PartSizeMiB = 1025 }, "PartSizeMiB", "1025 MiB" },
        { Token with { IntegrationRole = "copy" }, "IntegrationRole", "not the ARN" },
        { Token with { IntegrationRole = Role + "' X = '" }, "IntegrationRole", "not the ARN" },
        { Token with { IntegrationRole = "arn:aws:iam::123:role/x" }, "IntegrationRole", "not the ARN" },
    };

    [Theory]
    [MemberData(nameof(Valid))]
    public void Each_login_and_each_form_of_a_name_is_valid(string what, SnowflakeDestination destination)
        => Assert.True(Check(destination).Count == 0, $"{what}: {string.Join(" ", Check(destination))}");

    [Theory]
    [MemberData(nameof(Invalid))]
    public void A_setting_that_breaks_a_rule_is_named_alone(SnowflakeDestination destination, string field, string message)
    {
        var problem = Assert.Single(Check(destination));
        Assert.Equal(field, problem.Field);
        Assert.Contains(message, problem.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("hunter2", problem.Message + problem.Hint, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("sales", "SALES")]
    [InlineData("größe", "GRößE")]
    [InlineData("\"Sales\"", "Sales")]
    [InlineData("\"a\"\"b.c\"", "a\"b.c")]
    [InlineData("ann.lee@example.org", "ANN.LEE@EXAMPLE.ORG")]
    public void A_name_is_folded_to_upper_case_unless_it_is_quoted(string written, string name)
        => Assert.Equal(name, SnowflakeIdentifier.Read(written));

    [Fact]
    public void A_path_has_names_of_both_forms()
    {
        Assert.Equal(["OPS", "Load.ing", "STAGE"], SnowflakeIdentifier.ReadPath("ops.\"Load.ing\".stage"));
        Assert.Equal("\"a\"\"b\"", SnowflakeIdentifier.Quote("\"a\"\"b\""));
    }

    [Theory]
    [InlineData("ACME.SALES")]
    [InlineData("https://acme-sales.snowflakecomputing.com/")]
    [InlineData("acme-sales.privatelink.snowflakecomputing.com")]
    public void The_same_account_database_and_schema_are_one_database(string account)
    {
        var other = KeyPair with { Account = account, Database = "\"SALES\"", Schema = "public" };
        Assert.True(AreSame(KeyPair, other));
        Assert.True(AreSame(KeyPair, Token with { Role = "other", Warehouse = "other", EndpointUrl = "https://proxy.example.org", Stage = "s" }));
        Assert.False(AreSame(KeyPair, other with { Database = "\"sales\"" }));
        Assert.False(AreSame(KeyPair, other with { Schema = "raw" }));
        Assert.False(AreSame(KeyPair, other with { Account = "acme-hr" }));
    }

    [Fact]
    public void Locators_of_two_regions_are_two_accounts()
        => Assert.False(AreSame(KeyPair with { Account = "xy12345.eu-central-1" }, KeyPair with { Account = "xy12345.us-east-1" }));

    [Fact]
    public void A_connection_to_a_folder_or_without_credentials_cannot_stage()
    {
        var lake = new S3Connection { Name = "lake", BucketName = "acme", Region = "eu-west-1" };
        Assert.Empty(BuiltInDestinations.Kinds.CheckConnection(KeyPair, lake));
        Assert.Equal("Anonymous", Assert.Single(BuiltInDestinations.Kinds.CheckConnection(KeyPair, lake with { Anonymous = true })).Field);
        Assert.Equal("EndpointUrl", Assert.Single(BuiltInDestinations.Kinds.CheckConnection(KeyPair, lake with { EndpointUrl = Path.GetTempPath() })).Field);
    }

    [Fact]
    public void What_a_login_needs_is_a_secret_and_the_staging_connection_a_reference()
    {
        Assert.Equal(["file:/run/secrets/key", "env:P"], BuiltInDestinations.Kinds.Secrets(KeyPair with { PrivateKeyPassphrase = "env:P" }));
        Assert.Equal(["env:TOKEN"], BuiltInDestinations.Kinds.Secrets(OAuth));
        Assert.Equal(["vault:Work/pat"], BuiltInDestinations.Kinds.Secrets(Token));
        Assert.Equal([new ConnectionReference("StagingConnection", "lake", "peaks3feed-staging/")], BuiltInDestinations.Kinds.Connections(Token));
    }

    [Fact]
    public void The_place_names_account_database_and_schema()
    {
        Assert.Equal("acme-sales/SALES, schema PUBLIC", KeyPair.Place);
        Assert.Equal("acme-sales/SALES, schema PUBLIC", (KeyPair with { Account = "https://app.snowflake.com/acme/sales/" }).Place);
    }

    private static IReadOnlyList<DefinitionProblem> Check(S3FeedDestination destination) => BuiltInDestinations.Kinds.Check(destination);

    private static bool AreSame(SnowflakeDestination left, SnowflakeDestination right)
        => BuiltInDestinations.Kinds.AreSame(left, right, Path.GetTempPath());
}
