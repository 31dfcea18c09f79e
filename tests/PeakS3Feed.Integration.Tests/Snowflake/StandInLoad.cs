using System.Globalization;
using System.IO.Compression;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Amazon.Runtime;
using Amazon.S3;
using Amazon.S3.Model;
using PeakS3Feed.Integration.S3;
using PeakS3Feed.SnowflakeServer;
using PeakS3Feed.SnowflakeServer.Account;

namespace PeakS3Feed.Integration.Snowflake;

/// <summary>An answer of the SQL API.</summary>
internal sealed record Answer(HttpStatusCode Status, JsonElement Body)
{
    public string Handle => Body.GetProperty("statementHandle").GetString()!;

    public string Code => Body.GetProperty("code").GetString()!;

    public string Message => Body.GetProperty("message").GetString()!;

    /// <summary>The rows, with a vertical bar between two values.</summary>
    public IReadOnlyList<string> Rows
        => [.. Body.GetProperty("data").EnumerateArray().Select(r => string.Join('|', r.EnumerateArray().Select(v => v.GetString() ?? "NULL")))];
}

/// <summary>A stand-in for Snowflake of this test's own, with a client, a schema, and a stage in Ceph.</summary>
internal sealed class StandInLoad : IAsyncDisposable
{
    public const string Database = "PEAKS3FEED";
    public const string Format = """
        FILE_FORMAT = (TYPE = CSV COMPRESSION = GZIP FIELD_DELIMITER = ',' RECORD_DELIMITER = '\n' FIELD_OPTIONALLY_ENCLOSED_BY = '"'
            ESCAPE = NONE ESCAPE_UNENCLOSED_FIELD = NONE NULL_IF = ('@null@') EMPTY_FIELD_AS_NULL = FALSE
            TRIM_SPACE = FALSE SKIP_HEADER = 0 SKIP_BLANK_LINES = FALSE REPLACE_INVALID_CHARACTERS = FALSE ENCODING = 'UTF8'
            ERROR_ON_COLUMN_COUNT_MISMATCH = TRUE DATE_FORMAT = 'YYYY-MM-DD')
        """;

    private static readonly RSA Key = RSA.Create(2048);

    private const string Bucket = "snowflake-stage";

    private readonly AmazonS3Client _s3;
    private readonly HttpClient _http = new();

    private StandInLoad(SnowflakeStandIn server, AmazonS3Client s3) => (Server, _s3) = (server, s3);

    public SnowflakeStandIn Server { get; }

    /// <summary>The schema of this test.</summary>
    public string Schema { get; } = string.Create(CultureInfo.InvariantCulture, $"S{Guid.NewGuid():N}").ToUpperInvariant();

    /// <summary>Starts it; without the servers, the test is skipped by name.</summary>
    public static async Task<StandInLoad> OpenAsync(Func<SnowflakeStandInOptions, SnowflakeStandInOptions>? change = null)
    {
        var postgres = Environment.GetEnvironmentVariable("PEAKS3FEED_TEST_POSTGRES");
        var s3 = Environment.GetEnvironmentVariable("PEAKS3FEED_TEST_S3");
        Skip.If(
            string.IsNullOrEmpty(postgres) || string.IsNullOrEmpty(s3),
            "PEAKS3FEED_TEST_POSTGRES or PEAKS3FEED_TEST_S3 is not set: no stand-in for Snowflake");
        var client = new AmazonS3Client(
            new BasicAWSCredentials(CephS3.Customer.Id, CephS3.Customer.Secret),
            new AmazonS3Config { ServiceURL = s3, ForcePathStyle = true, AuthenticationRegion = "us-east-1" });
        await client.PutBucketAsync(Bucket);
        var options = new SnowflakeStandInOptions(postgres!, s3!);
        var load = new StandInLoad(await SnowflakeStandIn.StartAsync(change?.Invoke(options) ?? options), client);
        load.Server.Account.Logins.AddKey("TESTER", Key.ExportSubjectPublicKeyInfoPem());
        load.Server.Account.Add(new SnowflakeStage($"{Database}.{load.Schema}.STAGE", $"s3://{Bucket}/{load.Schema}/", "S3_INTEGRATION"));
        await load.Server.CreateSchemaAsync(Database, load.Schema);
        return load;
    }

    /// <summary>Puts a gzip file into the stage.</summary>
    public async Task PutAsync(string name, string content)
    {
        using var bytes = new MemoryStream();
        await using (var gzip = new GZipStream(bytes, CompressionLevel.Fastest, leaveOpen: true))
            await gzip.WriteAsync(Encoding.UTF8.GetBytes(content));
        bytes.Position = 0;
        await _s3.PutObjectAsync(new PutObjectRequest
        {
            BucketName = Bucket, Key = $"{Schema}/{name}", InputStream = bytes, AutoCloseStream = false, UseChunkEncoding = false,
        });
    }

    /// <summary>A COPY of files below <c>path/</c>.</summary>
    public static string Copy(string table, string end, params string[] files)
        => $"COPY INTO {table} FROM @\"STAGE\"/path/ FILES = ({string.Join(", ", files.Select(f => $"'{f}'"))}) {Format} {end.Replace("ABORT_STATEMENT", "ABORT_STATEMENT PURGE = FALSE FORCE = FALSE TRUNCATECOLUMNS = FALSE", StringComparison.Ordinal)}";

    /// <summary>Submits a statement.</summary>
    public Task<Answer> SubmitAsync(string statement, string query = "", params IReadOnlyList<string?> values)
        => SubmitAsync(statement, query, new Dictionary<string, object>(StringComparer.Ordinal), values);

    /// <summary>Submits a statement, with other members of the body.</summary>
    public Task<Answer> SubmitAsync(string statement, string query, IReadOnlyDictionary<string, object> members, params IReadOnlyList<string?> values)
    {
        var body = new Dictionary<string, object>(StringComparer.Ordinal)
        {
            ["statement"] = statement, ["database"] = Database, ["schema"] = Schema, ["warehouse"] = "PEAKS3FEED_WH", ["timeout"] = 0,
            ["parameters"] = new { TIMEZONE = "UTC", QUERY_TAG = "test" },
        };
        if (values.Count > 0)
        {
            body["bindings"] = values.Index().ToDictionary(
                v => (v.Index + 1).ToString(CultureInfo.InvariantCulture), v => new { type = "TEXT", value = v.Item }, StringComparer.Ordinal);
        }
        foreach (var (name, value) in members)
            body[name] = value;
        return SendAsync(HttpMethod.Post, "/api/v2/statements" + query, body, Jwt());
    }

    /// <summary>Submits a statement, which must succeed, and returns its rows.</summary>
    public async Task<IReadOnlyList<string>> RunAsync(string statement, params IReadOnlyList<string?> values)
    {
        var answer = await SubmitAsync(statement, "", values);
        Assert.True(answer.Status is HttpStatusCode.OK, answer.Body.ToString());
        return answer.Rows;
    }

    /// <summary>Submits a statement, which must fail, and returns its code and message.</summary>
    public async Task<(string Code, string Message)> FailAsync(string statement, params IReadOnlyList<string?> values)
    {
        var answer = await SubmitAsync(statement, "", values);
        Assert.True(answer.Status is HttpStatusCode.UnprocessableEntity, answer.Body.ToString());
        return (answer.Code, answer.Message);
    }

    /// <summary>Asks for the state of a statement, or for a partition of its result.</summary>
    public Task<Answer> GetAsync(string handle, string query = "") => SendAsync(HttpMethod.Get, $"/api/v2/statements/{handle}{query}", null, Jwt());

    /// <summary>Cancels a statement.</summary>
    public Task<Answer> CancelAsync(string handle) => SendAsync(HttpMethod.Post, $"/api/v2/statements/{handle}/cancel", null, Jwt());

    /// <summary>Asks for the state until the statement has ended.</summary>
    public async Task<Answer> WaitAsync(string handle)
    {
        while (true)
        {
            var answer = await GetAsync(handle);
            if (answer.Status is not HttpStatusCode.Accepted)
                return answer;
            await Task.Delay(20);
        }
    }

    /// <summary>Sends a request with a token.</summary>
    public async Task<Answer> SendAsync(HttpMethod method, string path, object? body, string token, string type = "KEYPAIR_JWT")
    {
        using var request = new HttpRequestMessage(method, Server.Url + path);
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        request.Headers.Add("X-Snowflake-Authorization-Token-Type", type);
        request.Headers.Add("User-Agent", "tests/1");
        request.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue("application/json"));
        if (body is not null)
            request.Content = JsonContent.Create(body);
        using var response = await _http.SendAsync(request);
        Stream content = await response.Content.ReadAsStreamAsync();
        if (response.Content.Headers.ContentEncoding.Contains("gzip", StringComparer.Ordinal))
            content = new GZipStream(content, CompressionMode.Decompress);
        await using (content)
            return new Answer(response.StatusCode, await JsonSerializer.DeserializeAsync<JsonElement>(content));
    }

    /// <summary>A JWT of the test's user.</summary>
    public string Jwt()
    {
        var now = DateTimeOffset.UtcNow.ToUnixTimeSeconds();
        var fingerprint = Convert.ToBase64String(SHA256.HashData(Key.ExportSubjectPublicKeyInfo()));
        var head = Part(new { alg = "RS256", typ = "JWT" });
        var body = Part(new { iss = $"PEAKS3FEED-TEST.TESTER.SHA256:{fingerprint}", sub = "PEAKS3FEED-TEST.TESTER", iat = now, exp = now + 600 });
        var signature = Key.SignData(Encoding.ASCII.GetBytes($"{head}.{body}"), HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        return $"{head}.{body}.{System.Buffers.Text.Base64Url.EncodeToString(signature)}";
    }

    public async ValueTask DisposeAsync()
    {
        await Server.DropSchemaAsync(Database, Schema);
        await Server.DisposeAsync();
        _s3.Dispose();
        _http.Dispose();
    }

    private static string Part(object value) => System.Buffers.Text.Base64Url.EncodeToString(JsonSerializer.SerializeToUtf8Bytes(value));
}
