using System.Globalization;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using PeakS3Feed.Integration.S3;

namespace PeakS3Feed.Integration.Redshift;

/// <summary>A client of the Data API that signs its requests itself.</summary>
internal sealed class SignedClient(string url) : IDisposable
{
    private const string Database = "peaks3feed_redshift";

    private readonly HttpClient _http = new();

    /// <summary>The secret to sign with.</summary>
    public string Secret { get; set; } = CephS3.Customer.Secret;

    /// <summary>Sends a request; an error of the API throws with its type and message.</summary>
    public async Task<JsonElement> CallAsync(string operation, object parameters)
    {
        var body = JsonSerializer.SerializeToUtf8Bytes(parameters);
        var target = operation.Contains('.', StringComparison.Ordinal) ? operation : "RedshiftData." + operation;
        var service = target.StartsWith("RedshiftData.", StringComparison.Ordinal) ? "redshift-data" : "redshift-serverless";
        var (succeeded, text) = await SendAsync(service, "application/x-amz-json-1.1", body, target);
        var answer = JsonDocument.Parse(text).RootElement;
        return succeeded
            ? answer
            : throw new InvalidOperationException($"{answer.GetProperty("__type").GetString()}: {answer.GetProperty("message").GetString()}");
    }

    /// <summary>Sends a form to the service of clusters, and returns the answer's XML.</summary>
    public async Task<string> QueryAsync(string form)
        => (await SendAsync("redshift", "application/x-www-form-urlencoded", Encoding.UTF8.GetBytes(form), target: null)).Text;

    /// <summary>Runs a statement to its end and describes it.</summary>
    public async Task<JsonElement> RunAsync(string sql, string? token = null)
        => await DescribeAsync(await CallAsync("ExecuteStatement", new { Sql = sql, WorkgroupName = "w", Database, ClientToken = token }));

    /// <summary>Runs a batch to its end and describes it.</summary>
    public async Task<JsonElement> BatchAsync(string[] sqls, string? token = null)
        => await DescribeAsync(await CallAsync("BatchExecuteStatement", new { Sqls = sqls, WorkgroupName = "w", Database, ClientToken = token }));

    public void Dispose() => _http.Dispose();

    private async Task<JsonElement> DescribeAsync(JsonElement submitted)
    {
        while (true)
        {
            var answer = await CallAsync("DescribeStatement", new { Id = submitted.GetProperty("Id").GetString(), WaitTimeSeconds = 10 });
            if (answer.GetProperty("Status").GetString() is "FINISHED" or "FAILED" or "ABORTED")
                return answer;
        }
    }

    private async Task<(bool Succeeded, string Text)> SendAsync(string service, string type, byte[] body, string? target)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, url) { Content = new ByteArrayContent(body) };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue(type);
        var date = DateTime.UtcNow.ToString("yyyyMMdd'T'HHmmss'Z'", CultureInfo.InvariantCulture);
        request.Headers.Add("x-amz-date", date);
        if (target is not null)
            request.Headers.Add("x-amz-target", target);
        request.Headers.TryAddWithoutValidation("Authorization", Authorization(service, date, target, body));
        using var response = await _http.SendAsync(request);
        return (response.IsSuccessStatusCode, await response.Content.ReadAsStringAsync());
    }

    private string Authorization(string service, string date, string? target, byte[] body)
    {
        var (day, scope) = (date[..8], $"{date[..8]}/eu-central-1/{service}/aws4_request");
        var (signed, last) = target is null ? ("host;x-amz-date", "") : ("host;x-amz-date;x-amz-target", $"x-amz-target:{target}\n");
        var canonical = $"POST\n/\n\nhost:{new Uri(url).Authority}\nx-amz-date:{date}\n{last}\n{signed}\n{Hash(body)}";
        var key = Encoding.UTF8.GetBytes("AWS4" + Secret);
        foreach (var part in (string[])[day, "eu-central-1", service, "aws4_request"])
            key = HMACSHA256.HashData(key, Encoding.UTF8.GetBytes(part));
        var text = $"AWS4-HMAC-SHA256\n{date}\n{scope}\n{Hash(Encoding.UTF8.GetBytes(canonical))}";
        var signature = Convert.ToHexStringLower(HMACSHA256.HashData(key, Encoding.UTF8.GetBytes(text)));
        return $"AWS4-HMAC-SHA256 Credential={CephS3.Customer.Id}/{scope}, SignedHeaders={signed}, Signature={signature}";
    }

    private static string Hash(byte[] bytes) => Convert.ToHexStringLower(SHA256.HashData(bytes));
}
