using PeakS3Feed.Connections;
using PeakS3Feed.Destinations;
using PeakS3Feed.Destinations.Snowflake;
using PeakS3Feed.Engine;
using PeakS3Feed.Errors;
using PeakS3Feed.Store;
using PeakS3Feed.Tests.Connections.Policies;

namespace PeakS3Feed.Tests.Destinations.Snowflake;

/// <summary>The set-up of a Snowflake destination.</summary>
public sealed class SnowflakeSetupTests : IDisposable
{
    private const string User = "arn:aws:iam::999900001111:user/abc1-b-self1234";
    private const string Role = "arn:aws:iam::444455556666:role/copy";

    private static readonly SnowflakeDestination KeyPair = new()
    {
        Name = "dwh", Account = "acme-sales", Username = "loader", PrivateKey = "env:SFKEY", Database = "sales", StagingConnection = "acme",
        StagingPrefix = "stage/",
    };

    private static readonly SnowflakeDestination Token = KeyPair with { Username = null, PrivateKey = null, AccessToken = "file:/run/secrets/pat" };

    private readonly TemporaryFolder _folder = new();
    private readonly FeedEngine _engine;

    public SnowflakeSetupTests() => _engine = new(StorePaths.Resolve(_folder.Path));

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Each_step_comes_after_those_that_it_needs()
    {
        var steps = (await GetAsync(KeyPair)).Steps;
        Assert.Equal(Enumerable.Range(1, 12), steps.Select(s => s.Number));
        Assert.All(steps, s => Assert.Equal("dwh", s.DestinationName));
        Assert.Equal(
            [
                SetupPlace.PeakS3Feed, SetupPlace.AwsCli, SetupPlace.Database, SetupPlace.Database, SetupPlace.AwsCli, SetupPlace.Database,
                SetupPlace.Database, SetupPlace.Database, SetupPlace.Database, SetupPlace.Shell, SetupPlace.Database, SetupPlace.PeakS3Feed,
            ],
            steps.Select(s => s.RunsIn));
        Assert.Equal(
            [
                "Get-S3FeedPolicy -Name dwh -For Staging", "Set-S3FeedDestination -Name dwh -IntegrationRole '<ARN>'",
                "Get-S3FeedSetup -Name dwh -IamUserArn '<STORAGE_AWS_IAM_USER_ARN>' -ExternalId '<STORAGE_AWS_EXTERNAL_ID>'",
                "Test-S3FeedDestination -Name dwh",
            ],
            steps.SelectMany(s => s.Remedies).Select(r => r.Cmdlet));
    }

    [Fact]
    public async Task The_statements_grant_no_more_than_a_load_needs()
    {
        var sql = (await GetAsync(KeyPair with { IntegrationRole = Role, Role = "load", Warehouse = "\"wh\"", Schema = "raw" })).Steps
            .Where(s => s.RunsIn == SetupPlace.Database).Select(s => s.Text!).ToList();
        Assert.Equal(
            [
                """
                USE ROLE ACCOUNTADMIN;
                CREATE STORAGE INTEGRATION IF NOT EXISTS "PEAKS3FEED_DWH"
                  TYPE = EXTERNAL_STAGE
                  STORAGE_PROVIDER = 'S3'
                  ENABLED = TRUE
                  STORAGE_AWS_ROLE_ARN = 'arn:aws:iam::444455556666:role/copy'
                  STORAGE_ALLOWED_LOCATIONS = ('s3://acme-data/incoming/stage/');
                """,
                """
                DESC INTEGRATION "PEAKS3FEED_DWH";
                """,
                """
                USE ROLE ACCOUNTADMIN;
                CREATE ROLE IF NOT EXISTS "LOAD";
                GRANT ROLE "LOAD" TO ROLE SYSADMIN;
                """,
                """
                CREATE WAREHOUSE IF NOT EXISTS "wh"
                  WAREHOUSE_SIZE = XSMALL AUTO_SUSPEND = 60 AUTO_RESUME = TRUE INITIALLY_SUSPENDED = TRUE;
                GRANT USAGE ON WAREHOUSE "wh" TO ROLE "LOAD";
                """,
                """
                CREATE DATABASE IF NOT EXISTS "SALES";
                CREATE SCHEMA IF NOT EXISTS "SALES"."RAW";
                GRANT USAGE ON DATABASE "SALES" TO ROLE "LOAD";
                GRANT USAGE, CREATE TABLE ON SCHEMA "SALES"."RAW" TO ROLE "LOAD";
                -- Each role that reads the tables needs these grants. The last one covers all tables that are created in the schema from then on.
                -- GRANT USAGE ON DATABASE "SALES" TO ROLE <READER>;
                -- GRANT USAGE ON SCHEMA "SALES"."RAW" TO ROLE <READER>;
                -- GRANT SELECT ON FUTURE TABLES IN SCHEMA "SALES"."RAW" TO ROLE <READER>;
                """,
                """
                CREATE STAGE IF NOT EXISTS "SALES"."RAW"."PEAKS3FEED_STAGE"
                  URL = 's3://acme-data/incoming/stage/'
                  STORAGE_INTEGRATION = "PEAKS3FEED_DWH";
                GRANT USAGE ON STAGE "SALES"."RAW"."PEAKS3FEED_STAGE" TO ROLE "LOAD";
                GRANT USAGE ON INTEGRATION "PEAKS3FEED_DWH" TO ROLE "LOAD";
                """,
                """
                CREATE USER IF NOT EXISTS "LOADER"
                  TYPE = SERVICE
                  DEFAULT_ROLE = "LOAD"
                  DEFAULT_WAREHOUSE = "wh"
                  AUTOCOMMIT = TRUE
                  ROWS_PER_RESULTSET = 0
                  TIMESTAMP_INPUT_FORMAT = 'AUTO'
                  RSA_PUBLIC_KEY = '<PUBLIC_KEY>';
                GRANT ROLE "LOAD" TO USER "LOADER";
                """,
            ],
            sql.Select(s => s.ReplaceLineEndings("\n")), StringComparer.Ordinal);
    }

    [Theory]
    [InlineData("accountadmin")]
    [InlineData("SECURITYADMIN")]
    [InlineData("\"SYSADMIN\"")]
    public async Task A_role_of_Snowflakes_own_is_granted_to_no_other_role(string role)
    {
        var step = Find(await GetAsync(KeyPair with { Role = role }), "CREATE ROLE");
        Assert.DoesNotContain("TO ROLE SYSADMIN", step.Text, StringComparison.Ordinal);
        var own = Find(await GetAsync(KeyPair with { Role = "\"SysAdmin\"" }), "CREATE ROLE");
        Assert.EndsWith("GRANT ROLE \"SysAdmin\" TO ROLE SYSADMIN;", own.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_user_that_exists_must_have_the_parameters_of_one_that_the_set_up_creates()
    {
        foreach (var (destination, user) in new[]
        {
            (KeyPair, "LOADER"), (Token, "PEAKS3FEED_DWH"), (Token with { AccessToken = null, OAuthToken = "env:T" }, "<USER>"),
        })
        {
            var step = Find(await GetAsync(destination), "TO USER \"");
            Assert.EndsWith(
                "AUTOCOMMIT = TRUE, ROWS_PER_RESULTSET = 0 and TIMESTAMP_INPUT_FORMAT = AUTO, which are Snowflake's defaults: "
                    + $"SHOW PARAMETERS IN USER \"{user}\";",
                step.Replace, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Names_are_quoted_and_texts_are_literals()
    {
        var odd = KeyPair with { Database = "\"a\"\"; DROP --\"", Schema = "\"x.y\"", Stage = "\"s t\"", Username = "o'neil@example.org", StagingPrefix = "it's/" };
        var text = (await GetAsync(odd)).Render(SetupForm.Sql, r => r.Cmdlet);
        Assert.Contains("""CREATE SCHEMA IF NOT EXISTS "a""; DROP --"."x.y";""", text, StringComparison.Ordinal);
        Assert.Contains("""CREATE STAGE IF NOT EXISTS "a""; DROP --"."x.y"."s t" """.TrimEnd(), text, StringComparison.Ordinal);
        Assert.Contains("URL = 's3://acme-data/incoming/it''s/'", text, StringComparison.Ordinal);
        Assert.Contains("""CREATE USER IF NOT EXISTS "O'NEIL@EXAMPLE.ORG" """.TrimEnd(), text, StringComparison.Ordinal);
        Assert.Equal(@"'a\\b''c'", SnowflakeText.Literal(@"a\b'c"));
    }

    [Fact]
    public async Task A_stage_of_another_schema_or_database_needs_grants_there()
    {
        var schema = await StageAsync("ops.stage");
        Assert.StartsWith("CREATE SCHEMA IF NOT EXISTS \"SALES\".\"OPS\";\nGRANT USAGE ON SCHEMA \"SALES\".\"OPS\" TO ROLE \"PEAKS3FEED_DWH\";\nCREATE STAGE", schema, StringComparison.Ordinal);
        var database = await StageAsync("lake.ops.stage");
        Assert.StartsWith(
            "CREATE DATABASE IF NOT EXISTS \"LAKE\";\nGRANT USAGE ON DATABASE \"LAKE\" TO ROLE \"PEAKS3FEED_DWH\";\nCREATE SCHEMA IF NOT EXISTS \"LAKE\".\"OPS\";\n",
            database, StringComparison.Ordinal);
        Assert.Contains("CREATE STAGE IF NOT EXISTS \"LAKE\".\"OPS\".\"STAGE\"\n", database, StringComparison.Ordinal);

        async Task<string> StageAsync(string stage) => Find(await GetAsync(KeyPair with { Stage = stage }), "CREATE STAGE").Text!;
    }

    [Fact]
    public async Task The_role_is_created_first_and_trusts_nobody_until_the_integration_exists()
    {
        var setup = await GetAsync(KeyPair);
        Assert.StartsWith("aws iam create-role --role-name 'peaks3feed-copy-dwh'", setup.Steps[1].Text, StringComparison.Ordinal);
        Assert.Contains("\"Deny\"", setup.Steps[1].Text, StringComparison.Ordinal);
        Assert.Contains("STORAGE_AWS_ROLE_ARN = 'arn:aws:iam::<ACCOUNT>:role/peaks3feed-copy-dwh'", setup.Steps[2].Text, StringComparison.Ordinal);
        Assert.Contains("<ACCOUNT>", setup.Steps[2].Replace, StringComparison.Ordinal);
        Assert.Contains("\"AWS\":\"STORAGE_AWS_IAM_USER_ARN\"", setup.Steps[4].Text, StringComparison.Ordinal);
        Assert.NotNull(setup.Steps[4].Replace);
    }

    [Fact]
    public async Task With_a_role_and_the_values_of_the_integration_nothing_is_left_to_replace_there()
    {
        var setup = await GetAsync(KeyPair with { IntegrationRole = Role }, trusted: (User, "ext"));
        Assert.DoesNotContain("Deny", setup.Steps[1].Text, StringComparison.Ordinal);
        Assert.Equal(
            "aws iam update-assume-role-policy --role-name 'copy' --policy-document "
                + "'{\"Version\":\"2012-10-17\",\"Statement\":[{\"Sid\":\"Assume\",\"Effect\":\"Allow\",\"Principal\":{\"AWS\":\"" + User + "\"},"
                + "\"Action\":\"sts:AssumeRole\",\"Condition\":{\"StringEquals\":{\"sts:ExternalId\":\"ext\"}}}]}'",
            setup.Steps[4].Text);
        Assert.All(setup.Steps.Take(5), s => Assert.True(s.Replace is null && s.PasteBack is null, s.Title));
        Assert.Equal(["Get-S3FeedPolicy", "Test-S3FeedDestination"], setup.Steps.SelectMany(s => s.Remedies).Select(r => r.Cmdlet.Split(' ')[0]));
        var error = await Assert.ThrowsAsync<FeedException>(() => _engine.SetupAsync("dwh", User, null, default));
        Assert.Equal("PrincipalUnusable", error.Id);
    }

    [Theory]
    [InlineData("cn-north-1", "s3china", "S3CHINA")]
    [InlineData("us-gov-west-1", "s3gov", "S3GOV")]
    public async Task Other_partitions_have_a_provider_of_their_own(string region, string scheme, string provider)
    {
        var setup = await GetAsync(KeyPair, TestPolicy.Draft with { Region = region, TrustedPrincipal = null });
        Assert.Contains($"STORAGE_PROVIDER = '{provider}'", setup.Steps[2].Text, StringComparison.Ordinal);
        Assert.Contains($"('{scheme}://acme-data/incoming/stage/')", setup.Steps[2].Text, StringComparison.Ordinal);
        Assert.Contains($"arn:aws-{(region[0] == 'c' ? "cn" : "us-gov")}:iam::<ACCOUNT>", setup.Steps[2].Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_bucket_of_another_provider_is_read_with_a_key_of_the_stage()
    {
        var setup = await GetAsync(KeyPair, TestPolicy.Draft with { EndpointUrl = "https://minio.example.org:9000", ForcePathStyle = true });
        Assert.DoesNotContain(setup.Steps, s => s.RunsIn == SetupPlace.AwsCli || s.Text?.Contains("INTEGRATION", StringComparison.Ordinal) == true);
        var stage = Find(setup, "CREATE STAGE");
        Assert.Contains("URL = 's3compat://acme-data/incoming/stage/'\n  ENDPOINT = 'minio.example.org:9000' CREDENTIALS", stage.Text, StringComparison.Ordinal);
        Assert.Contains("replace <ACCESS_KEY_ID>", stage.Replace, StringComparison.Ordinal);
        var endpoint = await GetAsync(KeyPair, TestPolicy.Draft with { EndpointUrl = "https://bucket.vpce-1.s3.eu-west-1.vpce.amazonaws.com" });
        Assert.Contains("STORAGE_INTEGRATION", Find(endpoint, "CREATE STAGE").Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("env:SFKEY", null, "peaks3feed-dwh.p8", "delete the file.")]
    [InlineData("file:/run/secrets/key", "env:PASS", "/run/secrets/key", "Store the passphrase where env:PASS says.")]
    public async Task A_key_pair_goes_where_the_definition_says(string key, string? passphrase, string file, string note)
    {
        var step = Find(await GetAsync(KeyPair with { PrivateKey = key, PrivateKeyPassphrase = passphrase }), "openssl genpkey");
        Assert.Equal(SetupPlace.Shell, step.RunsIn);
        Assert.Equal(
            $"openssl genpkey -algorithm RSA -pkeyopt rsa_keygen_bits:3072{(passphrase is null ? "" : " -aes-256-cbc")} -out {file}\n"
                + $"openssl pkey -in {file} -pubout -outform DER | openssl base64 -A",
            step.Text);
        Assert.Contains(note, step.PasteBack, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_token_needs_a_network_policy_and_is_limited_to_the_role()
    {
        var setup = await GetAsync(Token);
        Assert.DoesNotContain(setup.Steps, s => s.RunsIn == SetupPlace.Shell);
        var user = Find(setup, "CREATE USER");
        Assert.StartsWith("CREATE NETWORK POLICY IF NOT EXISTS \"PEAKS3FEED_DWH\" ALLOWED_IP_LIST = ('<ADDRESS>');\n", user.Text, StringComparison.Ordinal);
        Assert.Contains("  NETWORK_POLICY = \"PEAKS3FEED_DWH\";\n", user.Text, StringComparison.Ordinal);
        var token = Find(setup, "ADD PROGRAMMATIC");
        Assert.Equal(
            "ALTER USER \"PEAKS3FEED_DWH\" ADD PROGRAMMATIC ACCESS TOKEN \"PEAKS3FEED_DWH\"\n  ROLE_RESTRICTION = 'PEAKS3FEED_DWH' DAYS_TO_EXPIRY = 90;", token.Text);
        Assert.Contains("file:/run/secrets/pat", token.PasteBack, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_user_of_an_OAuth_token_exists_already()
    {
        var setup = await GetAsync(Token with { AccessToken = null, OAuthToken = "env:T" });
        Assert.DoesNotContain(setup.Steps, s => s.Text?.Contains("CREATE USER", StringComparison.Ordinal) == true);
        Assert.Equal("GRANT ROLE \"PEAKS3FEED_DWH\" TO USER \"<USER>\";", Find(setup, "TO USER").Text);
    }

    /// <summary>A worksheet must be able to run the text: what is not SQL is a comment, and nothing of a definition ends the comment.</summary>
    [Fact]
    public async Task As_Sql_only_the_statements_are_no_comments()
    {
        var setup = await GetAsync(KeyPair with { PrivateKey = "file:/run/\u2028DROP TABLE x;/key" });
        var text = setup.Render(SetupForm.Sql, r => r.Shell!);

        // The step of the schema has comments of its own: the grants that readers need.
        Assert.Equal(
            Statements(string.Join('\n', setup.Steps.Where(s => s.RunsIn == SetupPlace.Database).Select(s => s.Text))), Statements(text));
        Assert.DoesNotContain('\u2028', text);
        Assert.Contains("--   peaks3feed set dwh integrationRole='<ARN>'\n", text, StringComparison.Ordinal);
        Assert.Contains("--   peaks3feed setup dwh --iam-user-arn '<STORAGE_AWS_IAM_USER_ARN>' --external-id '<STORAGE_AWS_EXTERNAL_ID>'\n", text, StringComparison.Ordinal);
        Assert.EndsWith("-- 12. Test the destination (in PeakS3Feed)\n--   peaks3feed test dwh", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_name_does_not_end_the_comment_that_contains_it()
    {
        var step = Find(await GetAsync(KeyPair with { Database = "\"a\u2028DROP TABLE x;\"" }), "FUTURE TABLES");
        var comments = step.Text!.Split('\n').Where(l => l.StartsWith("--", StringComparison.Ordinal)).ToList();
        Assert.Equal(4, comments.Count);
        Assert.All(comments, c => Assert.DoesNotContain('\u2028', c));
    }

    private async Task<S3FeedSetup> GetAsync(SnowflakeDestination destination, S3Connection? connection = null, (string User, string Id)? trusted = null)
    {
        await _engine.Store.UpdateAsync(d => d.With(connection ?? TestPolicy.Draft).With(destination));
        return await _engine.SetupAsync("dwh", trusted?.User, trusted?.Id, default);
    }

    private static List<string> Statements(string text)
        => [.. text.Split('\n').Where(l => l.Length > 0 && !l.StartsWith("--", StringComparison.Ordinal))];

    private static S3FeedSetupStep Find(S3FeedSetup setup, string text)
        => Assert.Single(setup.Steps, s => s.Text?.Contains(text, StringComparison.Ordinal) == true);
}
