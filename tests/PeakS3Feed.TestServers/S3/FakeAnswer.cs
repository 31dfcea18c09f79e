using System.Globalization;
using System.Text;
using System.Xml.Linq;
using Microsoft.AspNetCore.Http;

namespace PeakS3Feed.TestServers.S3;

/// <summary>Answers one request.</summary>
internal sealed class FakeAnswer(FakeS3 s3, HttpContext context, FakeRequest request, Fault? fault, PacedBody body)
{
    private const string Xml = "application/xml";

    public async Task SendAsync()
    {
        if (fault is { Page: { } page })
        {
            await SendAsync(fault.Status, "text/html; charset=utf-8", Encoding.UTF8.GetBytes(page));
            return;
        }
        context.Response.Headers["x-amz-request-id"] = FakeXml.RequestId;
        if (fault is { HangUp: true })
        {
            context.Abort();
            return;
        }
        if (fault is { Delay.Ticks: > 0 })
            await Task.Delay(fault.Delay, context.RequestAborted);
        var isSts = request.Operation is FakeOperation.AssumeRole or FakeOperation.GetCallerIdentity;
        if (fault is { Status: > 0 })
            await RefuseAsync(fault);
        else if (!isSts && s3.Sts.Check(request) is { } refusal)
            await RefuseAsync(refusal);
        else
            await AnswerAsync();
    }

    private Task AnswerAsync()
    {
        switch (request.Operation)
        {
            case FakeOperation.AssumeRole:
                var (status, body) = s3.Sts.AssumeRole(request);
                return XmlAsync(status, body);
            case FakeOperation.GetCallerIdentity:
                return XmlAsync(200, FakeXml.Caller(s3.Sts.Caller));
            case FakeOperation.List:
                return ListAsync();
            case FakeOperation.Get:
                return GetAsync();
            case FakeOperation.Delete:
                return DeleteAsync(request.Body!);
            case FakeOperation.Other when request.Body is { } content:
                return PutAsync(content);
            default:
                return RefuseAsync(new Fault { Status = 405, Code = "MethodNotAllowed", Message = "The specified method is not allowed against this resource." });
        }
    }

    private async Task ListAsync()
    {
        if (s3.FindBucket(request.Bucket) is not { } bucket)
        {
            await RefuseAsync(Fault.NoSuchBucket);
            return;
        }
        // A page after another one, since a client may ask for pages from any key on.
        var id = s3.KeepsPages && !request.Query.ContainsKey("start-after")
            ? string.Join('&', request.Query.Select(q => q.Key + "=" + q.Value).Prepend(request.Bucket))
            : null;
        if (id is not null && s3.Pages.TryGetValue(id, out var kept))
        {
            await SendListAsync(kept);
            return;
        }
        using var page = Page(bucket);
        if (id is not null)
            s3.Pages[id] = page.Body.ToArray();
        await SendListAsync(page.Body);
    }

    private Task SendListAsync(ReadOnlyMemory<byte> page)
        => SendAsync(200, Xml, fault?.EndAfter is { } early ? page[..Math.Min(early, page.Length)] : page);

    private PageWriter Page(FakeBucket bucket)
    {
        var maxKeys = int.Parse(request.Query.GetValueOrDefault("max-keys", "1000"), CultureInfo.InvariantCulture);
        var found = bucket.List(new(
            request.Key, s3.IgnoresStartAfter ? null : request.Query.GetValueOrDefault("start-after"), request.Query.GetValueOrDefault("continuation-token"),
            request.Query.GetValueOrDefault("delimiter") == "/", Math.Min(s3.PageSize, maxKeys)));
        var restores = request.Header("x-amz-optional-object-attributes") == "RestoreStatus";
        return new PageWriter(request.Query.GetValueOrDefault("encoding-type") == "url", restores).Write(request.Bucket, request.Key, maxKeys, found);
    }

    private Task PutAsync(byte[] content)
    {
        if (s3.FindBucket(request.Bucket) is not { } bucket)
            return RefuseAsync(Fault.NoSuchBucket);
        var item = FakeObject.Create(request.Key, content);
        if (!bucket.TryPut(item, replace: request.Header("If-None-Match") != "*"))
            return RefuseAsync(Fault.PreconditionFailed);
        if (fault is { LosesAnswer: true })
        {
            context.Abort();
            return Task.CompletedTask;
        }
        context.Response.Headers.ETag = $"\"{item.ETag}\"";
        return SendAsync(200, Xml, default);
    }

    private Task DeleteAsync(byte[] content)
    {
        if (s3.FindBucket(request.Bucket) is not { } bucket)
            return RefuseAsync(Fault.NoSuchBucket);
        foreach (var key in XDocument.Parse(Encoding.UTF8.GetString(content)).Descendants().Where(e => e.Name.LocalName == "Key"))
            bucket.Remove(key.Value);
        if (fault is { LosesAnswer: true })
        {
            context.Abort();
            return Task.CompletedTask;
        }
        return XmlAsync(200, "<DeleteResult/>");
    }

    private Task GetAsync()
    {
        if (s3.FindBucket(request.Bucket) is not { } bucket)
            return RefuseAsync(Fault.NoSuchBucket);
        if (bucket.Find(request.Key) is not { } found)
            return RefuseAsync(Fault.NoSuchKey);
        if (found.IsArchived)
            return RefuseAsync(Fault.InvalidObjectState);
        if (request.Header("If-Match") is { } wanted && wanted.Trim('"') != found.ETag)
            return RefuseAsync(Fault.PreconditionFailed);
        return BodyAsync(found);
    }

    private async Task BodyAsync(FakeObject found)
    {
        var content = found.Large ?? new MemoryContent(found.Content());
        var (from, count) = (0L, content.Length);
        var response = context.Response;
        response.Headers.ETag = $"\"{found.ETag}\"";
        response.Headers.LastModified = found.LastModified.ToString("R", CultureInfo.InvariantCulture);
        if (request.Header("Range") is { } range)
        {
            var ends = range["bytes=".Length..].Split('-');
            from = long.Parse(ends[0], CultureInfo.InvariantCulture);
            if (from >= content.Length)
            {
                await RefuseAsync(new Fault { Status = 416, Code = "InvalidRange", Message = "The requested range is not satisfiable" });
                return;
            }
            var to = Math.Min(content.Length - 1, ends[1].Length == 0 ? long.MaxValue : long.Parse(ends[1], CultureInfo.InvariantCulture));
            response.StatusCode = 206;
            response.Headers.ContentRange = string.Create(CultureInfo.InvariantCulture, $"bytes {from}-{to}/{content.Length}");
            count = to + 1 - from;
        }
        else if (request.Header("x-amz-checksum-mode") == "ENABLED")
        {
            foreach (var (name, value) in found.Checksums)
                response.Headers[name] = value;
        }
        if (fault?.EndAfter is { } early)
            count = Math.Min(early, count);
        response.ContentLength = count;
        await SendBodyAsync(content, from, count);
    }

    private async Task SendBodyAsync(IFakeContent content, long from, long count)
    {
        await body.StartAsync();
        if (fault is { Silence.Ticks: > 0 })
        {
            var first = Math.Min(fault.SilentAfter, count);
            await body.WriteAsync(content, from, first);
            await body.FlushAsync();
            await Task.Delay(fault.Silence, context.RequestAborted);
            (from, count) = (from + first, count - first);
        }
        if (fault?.DropAfter is { } dropAfter)
        {
            await body.WriteAsync(content, from, Math.Min(dropAfter, count));
            await body.FlushAsync();
            await Task.Delay(20); // or the client may lose bytes that were sent
            context.Abort();
            return;
        }
        await body.WriteAsync(content, from, count);
    }

    private Task RefuseAsync(Fault refusal)
    {
        foreach (var (name, value) in refusal.Headers)
            context.Response.Headers[name] = value;
        return XmlAsync(
            refusal.Status,
            refusal.Empty ? "" : request.Operation is FakeOperation.AssumeRole or FakeOperation.GetCallerIdentity
                ? FakeXml.StsError(refusal.Code, refusal.Message)
                : FakeXml.S3Error(refusal, request.Bucket, request.Key));
    }

    private Task XmlAsync(int status, string xml) => SendAsync(status, Xml, Encoding.UTF8.GetBytes(xml));

    private async Task SendAsync(int status, string type, ReadOnlyMemory<byte> content)
    {
        context.Response.StatusCode = status;
        context.Response.ContentType = type;
        context.Response.ContentLength = content.Length;
        await body.StartAsync();
        if (fault is { DropAfter: { } dropAfter } && dropAfter < content.Length)
        {
            await body.WriteAsync(content[..dropAfter]);
            await body.FlushAsync();
            await Task.Delay(20); // or the client may lose bytes that were sent
            context.Abort();
            return;
        }
        await body.WriteAsync(content);
    }
}
