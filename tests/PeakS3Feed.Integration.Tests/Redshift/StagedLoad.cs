using System.IO.Compression;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.Json;
using Amazon.Runtime;
using Amazon.S3;
using Amazon.S3.Model;
using Npgsql;
using PeakS3Feed.Integration.S3;
using PeakS3Feed.RedshiftServer;

namespace PeakS3Feed.Integration.Redshift;

/// <summary>A stand-in for Redshift of this test's own, a bucket in Ceph to stage files in, and a schema that goes with the test.</summary>
internal sealed class StagedLoad : IAsyncDisposable
{
    public const string Role = "arn:aws:iam::123456789012:role/copy";

    private const string Bucket = "redshift-stage";
    private const string Settings = "Pooling=false;Server Compatibility Mode=NoTypeLoading;GSS Encryption Mode=Disable";

    private readonly AmazonS3Client _s3;
    private readonly List<NpgsqlConnection> _connections = [];

    private StagedLoad(RedshiftStandIn server, AmazonS3Client s3) => (Server, _s3) = (server, s3);

    public RedshiftStandIn Server { get; }

    /// <summary>The schema of this test.</summary>
    public string Schema { get; } = $"s{Guid.NewGuid():N}";

    /// <summary>Starts it; without the servers, the test is skipped by name.</summary>
    public static async Task<StagedLoad> OpenAsync(X509Certificate2? certificate = null)
    {
        var postgres = Environment.GetEnvironmentVariable("PEAKS3FEED_TEST_POSTGRES");
        var s3 = Environment.GetEnvironmentVariable("PEAKS3FEED_TEST_S3");
        Skip.If(
            string.IsNullOrEmpty(postgres) || string.IsNullOrEmpty(s3),
            "PEAKS3FEED_TEST_POSTGRES or PEAKS3FEED_TEST_S3 is not set: no stand-in for Redshift");
        var client = new AmazonS3Client(
            new BasicAWSCredentials(CephS3.Customer.Id, CephS3.Customer.Secret),
            new AmazonS3Config { ServiceURL = s3, ForcePathStyle = true, AuthenticationRegion = "us-east-1" });
        await client.PutBucketAsync(Bucket);
        var options = new RedshiftStandInOptions(postgres!, s3!) { Certificate = certificate };
        var load = new StagedLoad(await RedshiftStandIn.StartAsync(options), client);
        await load.ExecuteAsync($"CREATE SCHEMA {load.Schema}");
        return load;
    }

    /// <summary>A further session.</summary>
    public async Task<NpgsqlConnection> ConnectAsync()
    {
        var connection = new NpgsqlConnection($"{Server.ConnectionString};{Settings};Search Path={Schema}");
        _connections.Add(connection);
        await connection.OpenAsync();
        return connection;
    }

    /// <summary>Runs a statement in a session of its own.</summary>
    public async Task<int> ExecuteAsync(string sql)
    {
        await using var connection = new NpgsqlConnection($"{Server.ConnectionString};{Settings}");
        await connection.OpenAsync();
        return await ExecuteAsync(connection, sql);
    }

    public static async Task<int> ExecuteAsync(NpgsqlConnection connection, string sql)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        return await command.ExecuteNonQueryAsync();
    }

    /// <summary>The rows of a query as text, with a vertical bar between two values.</summary>
    public static async Task<IReadOnlyList<string>> RowsAsync(NpgsqlConnection connection, string sql)
    {
        await using var command = new NpgsqlCommand(sql, connection) { AllResultTypesAreUnknown = true };
        await using var reader = await command.ExecuteReaderAsync();
        var rows = new List<string>();
        while (await reader.ReadAsync())
            rows.Add(string.Join('|', Enumerable.Range(0, reader.FieldCount).Select(i => reader.IsDBNull(i) ? "NULL" : reader.GetString(i))));
        return rows;
    }

    /// <summary>Puts a file, compressed if its name ends in .gz.</summary>
    public async Task<StagedFile> PutAsync(string name, string content)
    {
        var plain = Encoding.UTF8.GetBytes(content);
        var stored = name.EndsWith(".gz", StringComparison.Ordinal) ? Compress(plain) : plain;
        var key = $"{Schema}/{name}";
        using var body = new MemoryStream(stored);
        await _s3.PutObjectAsync(new PutObjectRequest { BucketName = Bucket, Key = key, InputStream = body, UseChunkEncoding = false });
        return new StagedFile($"s3://{Bucket}/{key}", stored.Length);
    }

    /// <summary>Puts a manifest of files and returns its URL.</summary>
    public async Task<string> ManifestAsync(params StagedFile[] files)
    {
        var entries = files.Select(f => new { url = f.Url, mandatory = f.Mandatory, meta = new { content_length = f.Length } });
        return (await PutAsync($"{Guid.NewGuid():N}.manifest", JsonSerializer.Serialize(new { entries }))).Url;
    }

    /// <summary>A COPY of a manifest.</summary>
    public string Copy(string table, string manifest, string columns = "", string gzip = "GZIP", string role = Role)
        => $"""
            COPY {Schema}.{table} {columns} FROM '{manifest}' IAM_ROLE '{role}'
            MANIFEST FORMAT AS CSV {gzip} NULL AS '@null@' COMPUPDATE OFF STATUPDATE OFF
            """;

    public async ValueTask DisposeAsync()
    {
        foreach (var connection in _connections)
            await connection.DisposeAsync();
        await ExecuteAsync($"DROP SCHEMA {Schema} CASCADE");
        await Server.DisposeAsync();
        _s3.Dispose();
    }

    private static byte[] Compress(byte[] plain)
    {
        using var bytes = new MemoryStream();
        using (var gzip = new GZipStream(bytes, CompressionLevel.Fastest))
            gzip.Write(plain);
        return bytes.ToArray();
    }
}

/// <summary>A staged file.</summary>
internal sealed record StagedFile(string Url, long Length, bool Mandatory = true);
