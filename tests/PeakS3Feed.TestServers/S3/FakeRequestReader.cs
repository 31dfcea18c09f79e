using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace PeakS3Feed.TestServers.S3;

/// <summary>From an HTTP request to what it asks for.</summary>
internal static class FakeRequestReader
{
    public static async Task<FakeRequest> ReadAsync(HttpContext context)
    {
        var headers = context.Request.Headers.ToDictionary(h => h.Key, h => h.Value.ToString(), StringComparer.OrdinalIgnoreCase);

        // Kestrel's own path has lost its dot segments and some of its escapes.
        var target = context.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget.Split('?')[0].TrimStart('/');
        var slash = target.IndexOf('/', StringComparison.Ordinal);
        var bucket = Uri.UnescapeDataString(slash < 0 ? target : target[..slash]);
        var key = slash < 0 ? "" : Uri.UnescapeDataString(target[(slash + 1)..]);
        if (bucket.Length == 0 && context.Request.HasFormContentType)
        {
            var form = await context.Request.ReadFormAsync();
            var fields = form.ToDictionary(f => f.Key, f => f.Value.ToString(), StringComparer.Ordinal);
            var action = Enum.TryParse<FakeOperation>(fields.GetValueOrDefault("Action"), out var parsed) ? parsed : FakeOperation.Other;
            return new(action, "", "", fields, headers);
        }
        var query = context.Request.Query.ToDictionary(q => q.Key, q => q.Value.ToString(), StringComparer.Ordinal);
        if (HttpMethods.IsPut(context.Request.Method) && key.Length > 0 && query.Count == 0)
        {
            using var body = new MemoryStream();
            await context.Request.Body.CopyToAsync(body, context.RequestAborted);
            return new(FakeOperation.Other, bucket, key, query, headers) { Body = body.ToArray() };
        }
        if (HttpMethods.IsPost(context.Request.Method) && query.ContainsKey("delete"))
        {
            using var body = new MemoryStream();
            await context.Request.Body.CopyToAsync(body, context.RequestAborted);
            return new(FakeOperation.Delete, bucket, key, query, headers) { Body = body.ToArray() };
        }
        if (!HttpMethods.IsGet(context.Request.Method) || bucket.Length == 0)
            return new(FakeOperation.Other, bucket, key, query, headers);
        return key.Length == 0
            ? new(query.GetValueOrDefault("list-type") == "2" ? FakeOperation.List : FakeOperation.Other, bucket, query.GetValueOrDefault("prefix", ""), query, headers)
            : new(FakeOperation.Get, bucket, key, query, headers);
    }
}
