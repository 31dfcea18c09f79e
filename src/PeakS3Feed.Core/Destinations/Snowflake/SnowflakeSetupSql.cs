using System.Collections.Frozen;
using PeakS3Feed.Connections;
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
    private const string Reader = "<READER>";

    // Snowflake's own roles have their places in the hierarchy: SYSADMIN must not get the rights of a higher one.
    private static readonly FrozenSet<string> SystemRoles = FrozenSet.Create(
        StringComparer.Ordinal, "ACCOUNTADMIN", "GLOBALORGADMIN", "ORGADMIN", "PUBLIC", "SECURITYADMIN", "SYSADMIN", "USERADMIN");

    /// <summary>The storage integration.</summary>
    /// <param name="roleArn">The IAM role that it assumes.</param>
    public string CreateIntegration(string roleArn) => $"""
        CREATE STORAGE INTEGRATION IF NOT EXISTS {objects.Integration}
          TYPE = EXTERNAL_STAGE
          STORAGE_PROVIDER = {SnowflakeText.Literal(objects.Provider)}
          ENABLED = TRUE
          STORAGE_AWS_ROLE_ARN = {SnowflakeText.Literal(roleArn)}
          STORAGE_ALLOWED_LOCATIONS = ({Locations});
        """;

    /// <summary>Shows the values of the integration.</summary>
    public string DescribeIntegration() => $"DESC INTEGRATION {objects.Integration};";

    /// <summary>The role of the session. It owns the tables that it creates; SYSADMIN gets it, so that administrators can manage them.</summary>
    public string CreateRole()
    {
        var create = $"CREATE ROLE IF NOT EXISTS {objects.Role};";
        return SystemRoles.Contains(objects.RoleName) ? create : $"{create}\nGRANT ROLE {objects.Role} TO ROLE SYSADMIN;";
    }

    /// <summary>The smallest warehouse, which suspends itself after a minute without work.</summary>
    public string CreateWarehouse() => $"""
        CREATE WAREHOUSE IF NOT EXISTS {objects.Warehouse}
          WAREHOUSE_SIZE = XSMALL AUTO_SUSPEND = {SuspendSeconds} AUTO_RESUME = TRUE INITIALLY_SUSPENDED = TRUE;
        GRANT USAGE ON WAREHOUSE {objects.Warehouse} TO ROLE {objects.Role};
        """;

    /// <summary>Database and schema, what the role may do there, and, as comments, what roles need that read the tables.</summary>
    public string CreateSchema() => $"""
        CREATE DATABASE IF NOT EXISTS {objects.Database};
        CREATE SCHEMA IF NOT EXISTS {objects.Schema};
        GRANT USAGE ON DATABASE {objects.Database} TO ROLE {objects.Role};
        GRANT USAGE, CREATE TABLE ON SCHEMA {objects.Schema} TO ROLE {objects.Role};
        -- Each role that reads the tables needs these grants. The last one covers all tables that are created in the schema from then on.
        {Comment($"GRANT USAGE ON DATABASE {objects.Database} TO ROLE {Reader};")}
        {Comment($"GRANT USAGE ON SCHEMA {objects.Schema} TO ROLE {Reader};")}
        {Comment($"GRANT SELECT ON FUTURE TABLES IN SCHEMA {objects.Schema} TO ROLE {Reader};")}
        """;

    /// <summary>The external stage with the storage integration, and what the role may do with both.</summary>
    /// <remarks>
    /// Snowflake's pages differ about whether a role that only reads the stage needs USAGE on its integration. The right allows only to create stages
    /// with the integration, which the role cannot do without CREATE STAGE.
    /// </remarks>
    public string CreateStage() => $"""
        {CreateStageWith(objects.Stage, objects.Location, $"STORAGE_INTEGRATION = {objects.Integration}")}
        GRANT USAGE ON INTEGRATION {objects.Integration} TO ROLE {objects.Role};
        """;

    /// <summary>The external stage of another provider than Amazon, with an access key, and what the role may do with it.</summary>
    public string CreateStageWithKey() => CreateStageWith(
        objects.Stage, objects.Location,
        $"ENDPOINT = {SnowflakeText.Literal(objects.EndpointHost ?? "")} "
            + "CREDENTIALS = (AWS_KEY_ID = '<ACCESS_KEY_ID>' AWS_SECRET_KEY = '<SECRET_ACCESS_KEY>')");

    /// <summary>The external stage of the objects of a connection, which Snowflake loads itself.</summary>
    public string CreateSourceStage(S3Connection source)
    {
        var alter = $"ALTER STORAGE INTEGRATION {objects.Integration} SET STORAGE_ALLOWED_LOCATIONS = ({Locations});";
        return $"""
            {CreateStageWith(objects.SourceStage, SnowflakeObjects.GetLocation(source), $"STORAGE_INTEGRATION = {objects.Integration}")}
            -- If the storage integration was created before, it must allow the objects, too. This statement replaces the locations that it allows:
            {Comment(alter)}
            """;
    }

    private string Locations => string.Join(", ", objects.Locations.Select(SnowflakeText.Literal));

    // A name must not end the comment.
    private static string Comment(string statement) => "-- " + statement.ReplaceLineEndings(" ");

    private string CreateStageWith(IReadOnlyList<string> path, string location, string access)
    {
        var (inDatabase, inSchema, stage) = (path[0], $"{path[0]}.{path[1]}", string.Join('.', path));
        string[] database = inDatabase == objects.Database ? [] :
        [
            $"CREATE DATABASE IF NOT EXISTS {inDatabase};",
            $"GRANT USAGE ON DATABASE {inDatabase} TO ROLE {objects.Role};",
        ];
        string[] schema = inSchema == objects.Schema ? [] :
        [
            $"CREATE SCHEMA IF NOT EXISTS {inSchema};",
            $"GRANT USAGE ON SCHEMA {inSchema} TO ROLE {objects.Role};",
        ];
        return string.Join('\n', [
            .. database,
            .. schema,
            $"CREATE STAGE IF NOT EXISTS {stage}",
            $"  URL = {SnowflakeText.Literal(location)}",
            $"  {access};",
            $"GRANT USAGE ON STAGE {stage} TO ROLE {objects.Role};",
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

    /// <summary>Shows the parameters of a user's sessions.</summary>
    /// <param name="user">The user; null for that of the feeds.</param>
    public string ShowParameters(string? user) => $"SHOW PARAMETERS IN USER {(user is null ? objects.User : SqlIdentifier.Quote(user))};";

    /// <summary>The programmatic access token, which is valid for the role only.</summary>
    public string CreateToken() => $"""
        ALTER USER {objects.User} ADD PROGRAMMATIC ACCESS TOKEN {objects.Token}
          ROLE_RESTRICTION = {SnowflakeText.Literal(objects.RoleName)} DAYS_TO_EXPIRY = {TokenDays};
        """;

    // The session's parameters keep the account's own values from loads: without AUTOCOMMIT, Snowflake rolls a request back at its end.
    private string CreateUserWith(string login) => $"""
        CREATE USER IF NOT EXISTS {objects.User}
          TYPE = SERVICE
          DEFAULT_ROLE = {objects.Role}
          DEFAULT_WAREHOUSE = {objects.Warehouse}
          AUTOCOMMIT = TRUE
          ROWS_PER_RESULTSET = 0
          TIMESTAMP_INPUT_FORMAT = 'AUTO'
          {login};
        GRANT ROLE {objects.Role} TO USER {objects.User};
        """;
}
