using System.Collections.Concurrent;
using System.Net;
using Microsoft.AspNetCore.WebUtilities;

namespace PeakS3Feed.Integration.S3;

/// <summary>
/// Passes requests on to a server and keeps the forms it saw. Ceph takes an external id and never looks at it, so that it
/// was sent can only be seen on the way; or in a trust policy with a condition on <c>aws:Referer</c>, for it is passed on in
/// that header, too, which no signature covers.
/// </summary>
internal sealed class StsRecorder : IDisposable
{
    private readonly HttpListener _listener = new();
    private readonly HttpClient _client = new();
    private readonly Uri _target;

    public StsRecorder(string target)
    {
        _target = new Uri(target);
        using (var free = new System.Net.Sockets.TcpListener(IPAddress.Loopback, 0))
        {
            free.Start();
            Url = $"http://127.0.0.1:{((IPEndPoint)free.LocalEndpoint).Port}";
        }
        _listener.Prefixes.Add(Url + "/");
        _listener.Start();
        _ = Task.Run(ServeAsync);
    }

    public string Url { get; }

    /// <summary>The forms, in order.</summary>
    public ConcurrentQueue<IReadOnlyDictionary<string, string>> Forms { get; } = new();

    public void Dispose()
    {
        _listener.Close();
        _client.Dispose();
    }

    private async Task ServeAsync()
    {
        while (_listener.IsListening)
        {
            var context = await _listener.GetContextAsync();
            using var reader = new StreamReader(context.Request.InputStream);
            var body = await reader.ReadToEndAsync();
            var form = QueryHelpers.ParseQuery(body).ToDictionary(f => f.Key, f => f.Value.ToString(), StringComparer.Ordinal);
            Forms.Enqueue(form);
            using var request = new HttpRequestMessage(HttpMethod.Post, _target) { Content = new StringContent(body) };
            request.Content.Headers.Remove("Content-Type");
            if (form.TryGetValue("ExternalId", out var externalId))
                request.Headers.Add("Referer", externalId);
            foreach (string name in context.Request.Headers)
            {
                if (name is "Referer")
                    continue;

                // The signature covers the host that the client knows.
                if (!request.Headers.TryAddWithoutValidation(name, context.Request.Headers[name]) && name is "Content-Type")
                    request.Content.Headers.TryAddWithoutValidation(name, context.Request.Headers[name]);
            }
            using var answer = await _client.SendAsync(request);
            context.Response.StatusCode = (int)answer.StatusCode;
            context.Response.ContentType = answer.Content.Headers.ContentType?.ToString();
            await answer.Content.CopyToAsync(context.Response.OutputStream);
            context.Response.Close();
        }
    }
}
