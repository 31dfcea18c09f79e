using PeakS3Feed.Destinations.Sql;

namespace PeakS3Feed.Destinations.Snowflake;

/// <summary>
/// The statements that create what a destination needs in Snowflake. They can run again: an object that exists stays as it is, because others may
/// use it, too. Only the token is refused the second time.
/// </summary>
/// <param name="objects">The objects.</param>
internal sealed class SnowflakeSetupSql(SnowflakeObjects objects)
{
    /// <summary>The role that may create all of the objects.</summary>
    public const string UseAdministrator = "USE ROLE ACCOUNTADMIN;";

    // A warehouse costs by the second, and at least a minute each time that it resumes.
    private const int SuspendSeconds = 60;
    private const int TokenDays = 90;

    /// <summary>The storage integration.</summary>
    /// <param name="roleArn">The IAM role that it assumes.</param>
    public string CreateIntegration(string roleArn) => $"""
        CREATE STORAGE INTEGRATION IF NOT EXISTS {objects.Integration}
          TYPE = EXTERNAL_STAGE
          STORAGE_PROVIDER = {SnowflakeText.Literal(objects.Provider)}
          ENABLED = TRUE
          STORAGE_AWS_ROLE_ARN = {SnowflakeText.Literal(roleArn)}
          STORAGE_ALLOWED_LOCATIONS = ({SnowflakeText.Literal(objects.Location)});
        """;

    /// <summary>Shows the values of the integration.</summary>
    public string DescribeIntegration() => $"DESC INTEGRATION {objects.Integration};";

    /// <summary>The role of the session.</summary>
    public string CreateRole() => $"CREATE ROLE IF NOT EXISTS {objects.Role};";

    /// <summary>The smallest warehouse, which suspends itself after a minute without work.</summary>
    public string CreateWarehouse() => $"""
        CREATE WAREHOUSE IF NOT EXISTS {objects.Warehouse}
          WAREHOUSE_SIZE = XSMALL AUTO_SUSPEND = {SuspendSeconds} AUTO_RESUME = TRUE INITIALLY_SUSPENDED = TRUE;
        GRANT USAGE ON WAREHOUSE {objects.Warehouse} TO ROLE {objects.Role};
        """;

    /// <summary>Database and schema, and what the role may do there.</summary>
    public string CreateSchema() => $"""
        CREATE DATABASE IF NOT EXISTS {objects.Database};
        CREATE SCHEMA IF NOT EXISTS {objects.Schema};
        GRANT USAGE ON DATABASE {objects.Database} TO ROLE {objects.Role};
        GRANT USAGE, CREATE TABLE ON SCHEMA {objects.Schema} TO ROLE {objects.Role};
        """;

    /// <summary>The external stage, and what the role may do with it.</summary>
    /// <param name="compatible">The host of another provider than Amazon; null for a stage with the storage integration.</param>
    public string CreateStage(string? compatible)
    {
        var access = compatible is null
            ? $"STORAGE_INTEGRATION = {objects.Integration}"
            : $"ENDPOINT = {SnowflakeText.Literal(compatible)} CREDENTIALS = (AWS_KEY_ID = '<ACCESS_KEY_ID>' AWS_SECRET_KEY = '<SECRET_ACCESS_KEY>')";
        string[] database = objects.StageDatabase == objects.Database ? [] :
        [
            $"CREATE DATABASE IF NOT EXISTS {objects.StageDatabase};",
            $"GRANT USAGE ON DATABASE {objects.StageDatabase} TO ROLE {objects.Role};",
        ];
        string[] schema = objects.StageSchema == objects.Schema ? [] :
        [
            $"CREATE SCHEMA IF NOT EXISTS {objects.StageSchema};",
            $"GRANT USAGE ON SCHEMA {objects.StageSchema} TO ROLE {objects.Role};",
        ];
        return string.Join('\n', [
            .. database,
            .. schema,
            $"CREATE STAGE IF NOT EXISTS {objects.Stage}",
            $"  URL = {SnowflakeText.Literal(objects.Location)}",
            $"  {access};",
            $"GRANT USAGE ON STAGE {objects.Stage} TO ROLE {objects.Role};",
        ]);
    }

    /// <summary>The user of the feeds, with the public key of its key pair.</summary>
    public string CreateUser(string publicKey) => CreateUserWith($"RSA_PUBLIC_KEY = {SnowflakeText.Literal(publicKey)}");

    /// <summary>The user of the feeds, and the network policy without which Snowflake accepts no programmatic access token.</summary>
    /// <param name="addresses">The addresses that feeds come from.</param>
    public string CreateUserForToken(string addresses) => $"""
        CREATE NETWORK POLICY IF NOT EXISTS {objects.NetworkPolicy} ALLOWED_IP_LIST = ({SnowflakeText.Literal(addresses)});
        {CreateUserWith($"NETWORK_POLICY = {objects.NetworkPolicy}")}
        """;

    /// <summary>Lets a user that exists take the role.</summary>
    public string GrantRole(string user) => $"GRANT ROLE {objects.Role} TO USER {SqlIdentifier.Quote(user)};";

    /// <summary>The programmatic access token, which is valid for the role only.</summary>
    public string CreateToken() => $"""
        ALTER USER {objects.User} ADD PROGRAMMATIC ACCESS TOKEN {objects.Token}
          ROLE_RESTRICTION = {SnowflakeText.Literal(objects.RoleName)} DAYS_TO_EXPIRY = {TokenDays};
        """;

    private string CreateUserWith(string login) => $"""
        CREATE USER IF NOT EXISTS {objects.User}
          TYPE = SERVICE
          DEFAULT_ROLE = {objects.Role}
          DEFAULT_WAREHOUSE = {objects.Warehouse}
          {login};
        GRANT ROLE {objects.Role} TO USER {objects.User};
        """;
}
