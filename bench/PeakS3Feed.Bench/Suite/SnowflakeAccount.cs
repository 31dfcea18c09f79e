using Amazon.S3;
using Npgsql;
using PeakS3Feed.Bench.S3;
using PeakS3Feed.SnowflakeServer;
using PeakS3Feed.SnowflakeServer.Account;
using PeakS3Feed.SnowflakeServer.Api;
using PeakS3Feed.TestServers.Control;

namespace PeakS3Feed.Bench.Suite;

/// <summary>The tests' stand-in for Snowflake in this process, with one schema, and a bucket for staged files.</summary>
internal sealed class SnowflakeAccount : IAsyncDisposable
{
    public const string Database = "BENCH";
    public const string Schema = "LOADS";
    public const string StagingPrefix = "snowflake/";

    private const string Token = "token-of-the-benchmark";
    private const string Stall = "staged";

    private readonly SnowflakeStandIn _server;
    private readonly AmazonS3Client _s3;
    private Task<long> _staged = Task.FromResult(0L);
    private (long Requests, long Polls, long Bytes, int Statements) _before;

    private SnowflakeAccount(SnowflakeStandIn server, AmazonS3Client s3, string tokenFile) => (_server, _s3, TokenFile) = (server, s3, tokenFile);

    public static string Bucket => CephBucket.Name + "-snowflake";

    public string Url => _server.Url;

    /// <summary>The file with the access token.</summary>
    public string TokenFile { get; }

    /// <param name="context">The benchmark.</param>
    /// <param name="s3Endpoint">The S3 server of staged files and stages; it has <see cref="Bucket"/>.</param>
    public static async Task<SnowflakeAccount> StartAsync(BenchContext context, string s3Endpoint)
    {
        var s3 = S3Access.Client(s3Endpoint);
        var server = await SnowflakeStandIn.StartAsync(new SnowflakeStandInOptions(context.Postgres.ConnectionString, s3Endpoint)
        {
            AccessKey = S3Access.KeyId, SecretKey = S3Access.Secret,
        });
        server.Account.Logins.AddAccessToken("PEAKS3FEED", Token);
        server.Account.Add(new SnowflakeStage($"{Database}.{Schema}.PEAKS3FEED_STAGE", $"s3://{Bucket}/{StagingPrefix}", "S3_INTEGRATION"));
        var file = context.Place("snowflake-token");
        await File.WriteAllTextAsync(file, Token);
        return new(server, s3, file);
    }

    /// <summary>Adds an external stage of the schema.</summary>
    public void AddStage(string name, string url) => _server.Account.Add(new SnowflakeStage($"{Database}.{Schema}.{name}", url, "S3_INTEGRATION"));

    /// <summary>Empties the schema, and begins to count.</summary>
    /// <param name="table">The table of a staged load to come; null for a direct one.</param>
    public async Task BeginAsync(string? table)
    {
        await _server.DropSchemaAsync(Database, Schema);
        await _server.CreateSchemaAsync(Database, Schema);
        _before = Count();
        if (table is null)
            return;
        // The load deletes its files at its end: they are looked at before its rows are inserted.
        _server.Controls.Add(new ControlRule(Stall, $"^INSERT INTO \"{table.ToUpperInvariant()}\"", ControlAction.Stall));
        _staged = MeasureStagedAsync();
    }

    /// <summary>Returns what was counted since.</summary>
    public IReadOnlyDictionary<string, long> Counts()
    {
        return new Dictionary<string, long>(CountRequests(), StringComparer.Ordinal)
        {
            ["bytes staged"] = _staged.IsCompletedSuccessfully ? _staged.Result : throw new BenchException("No staged rows were inserted."),
        };
    }

    /// <summary>Returns what was counted since, without what was staged.</summary>
    public Dictionary<string, long> CountRequests()
    {
        var now = Count();
        return new(StringComparer.Ordinal)
        {
            ["requests without polls"] = now.Requests - _before.Requests,
            ["polls"] = now.Polls - _before.Polls,
            ["statements"] = now.Statements - _before.Statements,
            ["bytes sent to the API"] = now.Bytes - _before.Bytes,
        };
    }

    /// <summary>Returns the number of rows in a table.</summary>
    public async Task<long> CountRowsAsync(string table)
    {
        await using var connection = new NpgsqlConnection(_server.PostgresConnectionString);
        await connection.OpenAsync();
        await using var command = connection.CreateCommand();
        command.CommandText = $"SELECT COUNT(*) FROM \"{SnowflakeStandIn.SchemaName(Database, Schema)}\".\"{table.ToUpperInvariant()}\"";
        return (long)(await command.ExecuteScalarAsync())!;
    }

    public async ValueTask DisposeAsync()
    {
        await _server.DisposeAsync();
        _s3.Dispose();
    }

    private async Task<long> MeasureStagedAsync()
    {
        await _server.Controls.ReachedAsync(Stall, CancellationToken.None);
        try
        {
            var bytes = 0L;
            var files = _s3.Paginators.ListObjectsV2(new() { BucketName = Bucket, Prefix = StagingPrefix });
            await foreach (var page in files.Responses)
                bytes += (page.S3Objects ?? []).Sum(o => o.Size ?? 0);
            return bytes;
        }
        finally
        {
            _server.Controls.Release(Stall);
        }
    }

    // Without what begins, holds and commits a transaction, which is part of its request.
    private (long Requests, long Polls, long Bytes, int Statements) Count() => (
        _server.Requests.Where(r => r.Key != RequestKind.Poll).Sum(r => r.Value),
        _server.Requests[RequestKind.Poll],
        _server.RequestBytes,
        _server.Controls.Statements.Count(
            s => !s.StartsWith("COMMIT", StringComparison.Ordinal) && !s.StartsWith("EXECUTE IMMEDIATE", StringComparison.Ordinal)));
}
