using System.Data.Common;
using System.Net.Http.Json;
using System.Text.RegularExpressions;
using Amazon.S3;
using Npgsql;
using PeakS3Feed.Destinations;
using PeakS3Feed.Destinations.Loading;
using PeakS3Feed.Destinations.Snowflake;
using PeakS3Feed.SnowflakeServer;
using PeakS3Feed.SnowflakeServer.Account;
using PeakS3Feed.TestServers.Control;
using PeakS3Feed.Testing;

namespace PeakS3Feed.Integration.ExactlyOnce;

/// <summary>A schema in a stand-in for Snowflake of the test's own.</summary>
public sealed partial class SnowflakeDatabase : WarehouseDatabase
{
    public const string DatabaseName = "PEAKS3FEED";

    private const string Token = "token-of-the-tests";

    private SnowflakeDatabase(SnowflakeStandIn server, AmazonS3Client s3, string endpoint, string tokenFile)
        : base(s3, endpoint)
    {
        Server = server;
        File.WriteAllText(tokenFile, Token);
        server.Account.Logins.AddAccessToken("PEAKS3FEED", Token);
        server.Account.Add(new SnowflakeStage($"{DatabaseName}.{SchemaName}.PEAKS3FEED_STAGE", $"s3://{Bucket}/{StagingFolder}", "S3_INTEGRATION"));
        Definition = new SnowflakeDestination
        {
            Name = "warehouse", Account = "peaks3feed-test", EndpointUrl = server.Url, AccessToken = "file:" + tokenFile,
            Database = DatabaseName, Schema = Schema, StagingConnection = "staging", StagingPrefix = StagingFolder,
        };
    }

    public SnowflakeStandIn Server { get; }

    public override SnowflakeDestination Definition { get; }

    public override TestControls Controls => Server.Controls;

    public override TokenMode Tokens
    {
        get => Server.Tokens;
        set => Server.Tokens = value;
    }

    public override string LockPattern => "^UPDATE \"PEAKS3FEED_LOCK_[^\"]*\" SET epoch = epoch$";

    public override bool ClaimsWithLock => false;

    public override string CommitCall => "^SnowflakeApi.Submit EXECUTE IMMEDIATE";

    /// <summary>The schema's name in Snowflake.</summary>
    public string SchemaName => Schema.ToUpperInvariant();

    private string PostgresSchema => SnowflakeStandIn.SchemaName(DatabaseName, SchemaName);

    /// <summary>Starts a stand-in; without the servers, the test is skipped by name.</summary>
    public static async Task<SnowflakeDatabase> StartAsync(TestFolder folder, string? endpoint = null)
    {
        var (client, s3, postgres) = await ConnectAsync(endpoint);
        var server = await SnowflakeStandIn.StartAsync(new SnowflakeStandInOptions(postgres, s3));
        var database = new SnowflakeDatabase(server, client, s3, folder.File("token"));
        await server.CreateSchemaAsync(DatabaseName, database.SchemaName);
        return database;
    }

    public override S3FeedDestination LoadDirectly(string bucket, LoadPath path)
    {
        Server.Account.Add(new SnowflakeStage($"{DatabaseName}.{SchemaName}.OBJECTS", $"s3://{bucket}/", "S3_INTEGRATION"));
        return Definition with { LoadPath = path, SourceStage = "OBJECTS" };
    }

    // As Snowflake answers a statement that waits for a lock in a deadlock.
    public override ControlRule Conflict(string match, int times = 1) => new(
        "conflict", match, ControlAction.Fail, Times: times, State: "57014", Code: "000625",
        Message: "Statement '01b2c3d4' has locked table 'PEAKS3FEED_LOAD' in transaction 1 and this lock has not yet been released.");

    public override ControlRule Denial(string match) => new(
        "denied", match, ControlAction.Fail, State: "42501", Code: "003001",
        Message: "SQL access control error: Insufficient privileges to operate on table 'PEAKS3FEED_LOAD'");

    public override async Task<DbConnection> OpenAsync()
    {
        var settings = new NpgsqlConnectionStringBuilder(Server.PostgresConnectionString)
        {
            Pooling = false, GssEncryptionMode = GssEncryptionMode.Disable, SearchPath = $"\"{PostgresSchema}\"",
        };
        var connection = new NpgsqlConnection(settings.ConnectionString);
        await connection.OpenAsync();
        return connection;
    }

    public override string LedgerName(string table) => table.ToUpperInvariant();

    // Names in the tests' SQL are in lower case, and everything else is in upper case.
    protected override string Translate(string sql)
        => WordPattern().Replace(sql, m => m.Value[0] is '\'' or '"' ? m.Value : $"\"{m.Value.ToUpperInvariant()}\"");

    public override async Task<List<string>> FindTablesAsync(string pattern)
    {
        await using var connection = await OpenAsync();
        return
        [
            .. (await QueryAsync(
                connection,
                "SELECT CAST(c.relname AS VARCHAR) FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace "
                + $"WHERE n.nspname = '{PostgresSchema}' AND c.relkind = 'r' AND lower(c.relname) LIKE '{pattern}'"))
                .Select(r => ((string)r[0]!).ToLowerInvariant()),
        ];
    }

    public override async Task<List<string>> RowsAsync(string sql)
    {
        await using var connection = (NpgsqlConnection)await OpenAsync();
        return [.. (await Redshift.StagedLoad.RowsAsync(connection, Translate(sql))).Select(r => r.Replace("NULL", "∅", StringComparison.Ordinal))];
    }

    /// <summary>Runs a statement of Snowflake's.</summary>
    public async Task SendAsync(string statement)
    {
        using var http = new HttpClient();
        http.DefaultRequestHeaders.Authorization = new("Bearer", Token);
        http.DefaultRequestHeaders.Add("X-Snowflake-Authorization-Token-Type", "PROGRAMMATIC_ACCESS_TOKEN");
        http.DefaultRequestHeaders.UserAgent.ParseAdd("tests/1.0");
        http.DefaultRequestHeaders.Accept.ParseAdd("application/json");
        using var answer = await http.PostAsJsonAsync(
            $"{Server.Url}/api/v2/statements", new { statement, timeout = 60, database = DatabaseName, schema = SchemaName });
        Assert.True(answer.StatusCode == System.Net.HttpStatusCode.OK, await answer.Content.ReadAsStringAsync());
    }

    /// <summary>Creates a table; unquoted names are folded to upper case.</summary>
    public Task CreateTableAsync(string table, string columns) => SendAsync($"CREATE TABLE {table} ({columns})");

    /// <summary>The columns of a table with their types, in Snowflake's words.</summary>
    public async Task<List<string>> ColumnsAsync(string table)
    {
        await using var connection = await OpenAsync();
        var rows = await QueryAsync(connection, $"""
            SELECT "COLUMN_NAME", "DATA_TYPE", "CHARACTER_MAXIMUM_LENGTH", "NUMERIC_PRECISION", "NUMERIC_SCALE" FROM snowflake_account."COLUMNS"
            WHERE "TABLE_SCHEMA" = '{SchemaName}' AND "TABLE_NAME" = '{table.ToUpperInvariant()}' ORDER BY "ORDINAL_POSITION"
            """);
        return rows.ConvertAll(r => $"{r[0]} {Type(r)}");

        static string Type(object?[] row) => (string)row[1]! switch
        {
            "TEXT" => $"VARCHAR({row[2]})",
            "NUMBER" => $"NUMBER({row[3]},{row[4]})",
            var type => type,
        };
    }

    protected override async Task<string?> FindLockLedgerAsync(DbConnection connection)
        => await FindLockAsync() is { } name ? $"LOCK TABLE {Translate(name)} IN SHARE ROW EXCLUSIVE MODE" : null;

    protected override string FindTable(string name)
        => $"SELECT 1 FROM pg_tables WHERE schemaname = '{PostgresSchema}' AND tablename = '{name.ToUpperInvariant()}'";

    protected override async Task DropAsync()
    {
        await Server.DropSchemaAsync(DatabaseName, SchemaName);
        await Server.DisposeAsync();
    }

    [GeneratedRegex("'[^']*'|\"[^\"]*\"|\\b[a-z_][a-z0-9_]*\\b", RegexOptions.CultureInvariant, 1000)]
    private static partial Regex WordPattern();
}
