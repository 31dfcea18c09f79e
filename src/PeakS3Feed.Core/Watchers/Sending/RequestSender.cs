using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using PeakS3Feed.Errors;
using PeakS3Feed.Secrets;
using PeakS3Feed.Triggers.Webhooks;

namespace PeakS3Feed.Watchers.Sending;

/// <summary>Sends messages to URLs as JSON, with the headers of Standard Webhooks.</summary>
internal sealed class RequestSender(ISecretResolver secrets, TimeProvider time) : IDisposable
{
    private const int MaxAnswerCharacters = 200;
    private const int MinSecretCharacters = 5;

    private readonly HttpClient _http = new(new SocketsHttpHandler
    {
        AllowAutoRedirect = false, // signatures and customers' file names are only for the host of the URL
        UseCookies = false,
        PooledConnectionLifetime = TimeSpan.FromMinutes(1),
    })
    {
        Timeout = Timeout.InfiniteTimeSpan,
    };

    /// <summary>Sends a message.</summary>
    /// <exception cref="FeedException"><c>WatcherRequestFailed</c>, <c>WatcherRequestGone</c>, and errors about secrets.</exception>
    public async Task SendAsync(S3FeedWatcher watcher, Guid id, WatcherMessage message, CancellationToken cancellationToken)
    {
        var url = await UrlAsync(watcher, cancellationToken);
        using var request = await RequestAsync(url, watcher, id, message, cancellationToken);
        try
        {
            using var response = await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
            if (!response.IsSuccessStatusCode)
                throw await RefusedAsync(url, response, cancellationToken);
        }
        catch (HttpRequestException e)
        {
            throw WatcherErrors.RequestRefused(url.Host, Describe(e), e);
        }
    }

    public void Dispose() => _http.Dispose();

    private async Task<Uri> UrlAsync(S3FeedWatcher watcher, CancellationToken cancellationToken)
    {
        if (!WatcherUrl.IsReference(watcher.Url))
            return new Uri(watcher.Url!);
        var url = (await secrets.ResolveAsync(SecretReference.Parse(watcher.Url), cancellationToken)).Trim();
        return WatcherUrl.Check(url) is { } problem ? throw WatcherErrors.NoUrl(watcher.Url, problem) : new Uri(url);
    }

    private async Task<HttpRequestMessage> RequestAsync(
        Uri url, S3FeedWatcher watcher, Guid id, WatcherMessage message, CancellationToken cancellationToken)
    {
        var body = JsonSerializer.SerializeToUtf8Bytes(WebhookBody.From(id, message), WatcherJson.Default.WebhookBody);
        var key = watcher.SigningKey is { } reference ? await secrets.ResolveAsync(SecretReference.Parse(reference), cancellationToken) : null;
        var name = id.ToString("D");
        var timestamp = time.GetUtcNow().ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture);
        var request = new HttpRequestMessage(HttpMethod.Post, url) { Content = new ByteArrayContent(body) };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json", "utf-8");
        request.Headers.UserAgent.Add(new ProductInfoHeaderValue("PeakS3Feed", null));
        request.Headers.Add("webhook-id", name);
        request.Headers.Add("webhook-timestamp", timestamp);
        if (key is not null)
            request.Headers.Add("webhook-signature", WebhookSignature.Create(key, name, timestamp, body));
        return request;
    }

    private static async Task<FeedException> RefusedAsync(Uri url, HttpResponseMessage response, CancellationToken cancellationToken)
    {
        var status = (int)response.StatusCode;
        if (response.StatusCode == HttpStatusCode.Gone)
            return WatcherErrors.RequestGone(url.Host);
        if (status is >= 300 and < 400)
            return WatcherErrors.RequestRefused(url.Host, $"it answered {status}, a redirect, and redirects are not followed");
        var answer = await BeginningAsync(response, cancellationToken);
        return WatcherErrors.RequestRefused(
            url.Host, answer.Length == 0 || RepeatsPath(answer, url) ? $"it answered {status}" : $"it answered {status}: {answer}");
    }

    // Many receivers repeat an unknown path, and the path may be a secret.
    private static bool RepeatsPath(string answer, Uri url)
        => Uri.UnescapeDataString(url.PathAndQuery).Split('/', '?', '&', '=').Append(url.PathAndQuery).Any(
            part => part.Length >= MinSecretCharacters && Uri.UnescapeDataString(answer).Contains(part, StringComparison.OrdinalIgnoreCase));

    // Reads the beginning of an answer of any length, even one that ends early.
    private static async Task<string> BeginningAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        var buffer = new byte[MaxAnswerCharacters * 4];
        var length = 0;
        try
        {
            await using var content = await response.Content.ReadAsStreamAsync(cancellationToken);
            length = await content.ReadAtLeastAsync(buffer, buffer.Length, throwOnEndOfStream: false, cancellationToken);
        }
        catch (IOException)
        {
            // The status is enough.
        }
        var text = SingleLine.From(Encoding.UTF8.GetString(buffer, 0, length));
        return text.Length <= MaxAnswerCharacters ? text : text[..MaxAnswerCharacters];
    }

    // The message of the exception may contain only the host. The inner exception has the reason.
    private static string Describe(HttpRequestException error) => SingleLine.From(error.HttpRequestError switch
    {
        HttpRequestError.NameResolutionError => "its name is unknown",
        HttpRequestError.SecureConnectionError => "the connection could not be secured: " + (error.InnerException?.Message ?? "no TLS"),
        _ => error.InnerException?.Message ?? error.Message,
    });
}
