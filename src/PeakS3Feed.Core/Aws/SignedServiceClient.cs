using System.Net.Http.Headers;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using System.Xml.Linq;
using Amazon.Runtime;
using PeakS3Feed.Connections.Diagnosis;

namespace PeakS3Feed.Aws;

/// <summary>
/// Calls a service that the SDK has no client for: AWS JSON 1.1 and the query protocol, signed, with retries. Errors of the service are <see
/// cref="ServiceRefusalException"/>s. <see cref="ServiceFailure"/> classifies them like those of the SDK.
/// </summary>
/// <param name="endpoint">The service.</param>
/// <param name="credentials">The credentials that sign.</param>
/// <param name="http">Sends the requests. Its timeout is longer than the longest wait of a call.</param>
/// <param name="calls">Repeats calls that fail temporarily.</param>
internal sealed class SignedServiceClient(ServiceEndpoint endpoint, ICredentialSource credentials, HttpClient http, ServiceCalls calls)
{
    private const int MaxRenewals = 1;

    private TimeSpan _clockOffset;

    /// <summary>The service.</summary>
    public ServiceEndpoint Endpoint => endpoint;

    /// <summary>Calls an operation with AWS JSON 1.1.</summary>
    /// <param name="target">The operation with the service's prefix: <c>RedshiftData.ExecuteStatement</c>.</param>
    /// <param name="request">The request. Retries send the same bytes.</param>
    /// <param name="requestType">How the request is written.</param>
    /// <param name="answerType">How the answer is read.</param>
    /// <param name="cancellationToken">Cancels attempts and delays.</param>
    /// <param name="attemptFailed">Is called with the failure of each attempt, also before retries; null where nobody must know.</param>
    /// <exception cref="ServiceRefusalException">The service refused the last attempt.</exception>
    /// <exception cref="UnexpectedResponseException">The answer is not from the service.</exception>
    /// <exception cref="HttpRequestException">The service cannot be reached.</exception>
    public Task<TAnswer> CallJsonAsync<TRequest, TAnswer>(
        string target, TRequest request, JsonTypeInfo<TRequest> requestType, JsonTypeInfo<TAnswer> answerType, CancellationToken cancellationToken,
        Action<Exception>? attemptFailed = null)
        where TAnswer : class
    {
        var body = JsonSerializer.SerializeToUtf8Bytes(request, requestType);
        var type = new MediaTypeHeaderValue("application/x-amz-json-1.1");
        return CallAsync(target, target, body, type, answer => ParseJson(answer, answerType), attemptFailed, cancellationToken);
    }

    /// <summary>Calls an action with the query protocol: a form as request, XML as answer.</summary>
    /// <param name="action">The action: <c>GetClusterCredentials</c>.</param>
    /// <param name="version">The version of the service's interface: <c>2012-12-01</c>.</param>
    /// <param name="parameters">The parameters, not encoded.</param>
    /// <param name="cancellationToken">Cancels attempts and delays.</param>
    /// <returns>The root of the answer.</returns>
    /// <exception cref="ServiceRefusalException">The service refused the last attempt.</exception>
    /// <exception cref="UnexpectedResponseException">The answer is not from the service.</exception>
    /// <exception cref="HttpRequestException">The service cannot be reached.</exception>
    public async Task<XElement> CallQueryAsync(
        string action, string version, IReadOnlyList<KeyValuePair<string, string>> parameters, CancellationToken cancellationToken)
    {
        using var form = new FormUrlEncodedContent([new("Action", action), new("Version", version), .. parameters]);
        var body = await form.ReadAsByteArrayAsync(cancellationToken);
        return await CallAsync(action, null, body, form.Headers.ContentType!, ParseXml, attemptFailed: null, cancellationToken);

        XElement ParseXml(byte[] answer) => ServiceXml.TryParse(answer) is { } root && root.Name.LocalName == action + "Response"
            ? root
            : throw new UnexpectedResponseException();
    }

    private Task<T> CallAsync<T>(
        string what, string? target, byte[] body, MediaTypeHeaderValue type, Func<byte[], T> parse, Action<Exception>? attemptFailed,
        CancellationToken cancellationToken)
        => calls.RunAsync(
            $"Calling {what}",
            async c =>
            {
                for (var renewals = 0; ; renewals++)
                {
                    var signing = await credentials.GetAsync(c) ?? throw new InvalidOperationException("A signed request requires credentials.");
                    try
                    {
                        return parse(await SendAsync(target, body, type, signing, c));
                    }
                    catch (ServiceRefusalException e) when (renewals < MaxRenewals && signing.UseToken && ServiceFailure.From(e).IsSessionOver)
                    {
                        credentials.Forget(signing);
                    }
                    catch (Exception e) when (attemptFailed is not null)
                    {
                        attemptFailed(e);
                        throw;
                    }
                }
            },
            cancellationToken);

    private async Task<byte[]> SendAsync(
        string? target, byte[] body, MediaTypeHeaderValue type, ImmutableCredentials signing, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, endpoint.Url) { Content = new ByteArrayContent(body) };
        request.Content.Headers.ContentType = type;
        request.Headers.UserAgent.Add(new ProductInfoHeaderValue("PeakS3Feed", null));
        if (target is not null)
            request.Headers.Add("X-Amz-Target", target);
        RequestSigner.Sign(request, body, endpoint, signing, calls.Time.GetUtcNow() + _clockOffset);

        using var response = await http.SendAsync(request, cancellationToken);
        var answer = await response.Content.ReadAsByteArrayAsync(cancellationToken);
        if (response.IsSuccessStatusCode)
            return answer;
        var refusal = ServiceRefusalReader.Read(response, answer);
        if (refusal.ServerTime is { } server && ServiceFailure.From(refusal).IsClockSkew)
            _clockOffset = server - calls.Time.GetUtcNow(); // the retry signs with the server's time
        throw refusal;
    }

    private static TAnswer ParseJson<TAnswer>(byte[] answer, JsonTypeInfo<TAnswer> type)
        where TAnswer : class
    {
        try
        {
            return JsonSerializer.Deserialize(answer, type) ?? throw new UnexpectedResponseException();
        }
        catch (JsonException)
        {
            // The exception's text could quote the answer, which may be a page of a proxy or a password.
            throw new UnexpectedResponseException();
        }
    }
}
