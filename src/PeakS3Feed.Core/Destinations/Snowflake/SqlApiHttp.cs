using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using PeakS3Feed.Connections.Diagnosis;

namespace PeakS3Feed.Destinations.Snowflake;

/// <summary>
/// The connections of one destination to the SQL API: one HTTP client, with the proxy of the environment (HTTPS_PROXY, NO_PROXY). Makes one attempt a
/// call. Safe for concurrent use.
/// </summary>
/// <param name="address">The address of the SQL API, without a path.</param>
/// <param name="silence">The maximum time without a byte of an answer's body.</param>
/// <param name="maxAnswerBytes">The maximum size of an answer, decompressed.</param>
internal sealed class SqlApiHttp(Uri address, TimeSpan silence, int maxAnswerBytes = SqlApiHttp.MaxAnswerBytes) : IDisposable
{
    /// <summary>The maximum size of an answer, decompressed: 256 MiB. Snowflake ends a partition at 160 MB.</summary>
    public const int MaxAnswerBytes = 256 * 1024 * 1024;

    private const int FirstBufferBytes = 64 * 1024;

    private static readonly TimeSpan ConnectTimeout = TimeSpan.FromSeconds(15);
    private static readonly TimeSpan ConnectionLifetime = TimeSpan.FromMinutes(5);

    /// <summary>The limit for the beginning of an answer. A statement that takes longer than 45 seconds is answered with 202.</summary>
    private static readonly TimeSpan HeaderTimeout = TimeSpan.FromSeconds(90);

    private static readonly ProductInfoHeaderValue Agent = new(
        "PeakS3Feed", typeof(SqlApiHttp).Assembly.GetName().Version?.ToString(3) ?? "0");

    private readonly HttpClient _http = new(new SocketsHttpHandler
    {
        AllowAutoRedirect = false, // the token is only for the account's host
        AutomaticDecompression = DecompressionMethods.GZip | DecompressionMethods.Deflate,
        ConnectTimeout = ConnectTimeout,
        PooledConnectionLifetime = ConnectionLifetime,
        UseCookies = false,
    })
    {
        Timeout = HeaderTimeout,
    };

    /// <summary>Makes one attempt of a call.</summary>
    /// <param name="method">GET or POST.</param>
    /// <param name="path">The path with its query.</param>
    /// <param name="body">The body in JSON, or null.</param>
    /// <param name="token">The token of the user.</param>
    /// <param name="cancellationToken">Cancels the attempt.</param>
    /// <returns>The status and the body of the answer.</returns>
    /// <exception cref="HttpRequestException">The service cannot be reached, or the connection broke.</exception>
    /// <exception cref="UnexpectedResponseException">The answer is larger than any of the service's.</exception>
    public async Task<SqlApiResponse> SendAsync(
        HttpMethod method, string path, byte[]? body, BearerToken token, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(method, new Uri(address, path));
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token.Value);
        request.Headers.Add("X-Snowflake-Authorization-Token-Type", token.Type);
        request.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue("application/json"));
        request.Headers.UserAgent.Add(Agent);
        if (body is not null)
        {
            request.Content = new ByteArrayContent(body);
            request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        }
        using var response = await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
        return new((int)response.StatusCode, await ReadAsync(response, cancellationToken))
        {
            RetryAfter = response.Headers.RetryAfter, ServerTime = response.Headers.Date,
        };
    }

    /// <inheritdoc/>
    public void Dispose() => _http.Dispose();

    private async Task<ReadOnlyMemory<byte>> ReadAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        await using var stream = await response.Content.ReadAsStreamAsync(cancellationToken);
        var buffer = new byte[FirstBufferBytes];
        var length = 0;
        try
        {
            while (true)
            {
                if (length == buffer.Length)
                    Array.Resize(ref buffer, (int)Math.Min(buffer.Length * 2L, maxAnswerBytes + 1L));
                limit.CancelAfter(silence);
                var read = await stream.ReadAsync(buffer.AsMemory(length), limit.Token);
                if (read == 0)
                    return buffer.AsMemory(0, length);
                length += read;
                if (length > maxAnswerBytes)
                    throw new UnexpectedResponseException();
            }
        }
        catch (OperationCanceledException e) when (!cancellationToken.IsCancellationRequested)
        {
            throw new TimeoutException($"The answer stopped for {silence.TotalSeconds:0} seconds.", e);
        }
        catch (InvalidDataException e)
        {
            throw new IOException("The compressed answer is damaged.", e);
        }
    }
}

/// <summary>An answer of the SQL API, not interpreted.</summary>
/// <param name="Status">The HTTP status.</param>
/// <param name="Body">The body, decompressed.</param>
internal sealed record SqlApiResponse(int Status, ReadOnlyMemory<byte> Body)
{
    /// <summary>The header Retry-After, or null.</summary>
    public RetryConditionHeaderValue? RetryAfter { get; init; }

    /// <summary>The header Date, or null.</summary>
    public DateTimeOffset? ServerTime { get; init; }

    /// <summary>Parses the body of a success.</summary>
    /// <exception cref="UnexpectedResponseException">The body is not the service's.</exception>
    public T Parse<T>(JsonTypeInfo<T> type)
        where T : class
        => TryParse(type) ?? throw new UnexpectedResponseException();

    /// <summary>Parses the body of a failure. A body that is not the service's is not repeated: it may be a page of a proxy.</summary>
    /// <param name="now">The time, for a Retry-After that is a date.</param>
    public SqlApiException ToException(DateTimeOffset now)
    {
        var answer = TryParse(SqlApiJson.Default.StatementAnswer);
        var message = answer is { Code: not null, Message: { Length: > 0 } text }
            ? text
            : string.Create(System.Globalization.CultureInfo.InvariantCulture, $"The server answered with the HTTP status {Status}.");
        return new(Status, message)
        {
            Code = answer?.Code,
            SqlState = answer?.SqlState,
            Handle = answer?.StatementHandle,
            RetryAfter = RetryAfter?.Delta ?? (RetryAfter?.Date is { } date ? date - (ServerTime ?? now) : null),
            ServerTime = ServerTime,
        };
    }

    // The exception's text could quote the answer.
    private T? TryParse<T>(JsonTypeInfo<T> type)
        where T : class
    {
        try
        {
            return JsonSerializer.Deserialize(Body.Span, type);
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
