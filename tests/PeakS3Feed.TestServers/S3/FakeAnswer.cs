using System.Globalization;
using System.Text;
using System.Xml.Linq;
using Microsoft.AspNetCore.Http;

namespace PeakS3Feed.TestServers.S3;

/// <summary>Answers one request.</summary>
internal sealed class FakeAnswer(FakeS3 s3, HttpContext context, FakeRequest request, Fault? fault)
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

    private Task ListAsync()
    {
        if (s3.FindBucket(request.Bucket) is not { } bucket)
            return RefuseAsync(Fault.NoSuchBucket);
        var page = s3.KeepsPages
            ? s3.Pages.GetOrAdd(string.Join('&', request.Query.Select(q => q.Key + "=" + q.Value).Prepend(request.Bucket)), _ => Page(bucket))
            : Page(bucket);
        return SendAsync(200, Xml, page);
    }

    private byte[] Page(FakeBucket bucket)
    {
        var after = request.Query.TryGetValue("continuation-token", out var token)
            ? Encoding.UTF8.GetString(Convert.FromBase64String(token))
            : request.Query.GetValueOrDefault("start-after");
        var most = Math.Min(s3.PageSize, int.Parse(request.Query.GetValueOrDefault("max-keys", "1000"), CultureInfo.InvariantCulture));
        var found = bucket.List(request.Key, after, most);
        string? next = null;
        if (found.Count > most)
        {
            found.RemoveAt(most);
            next = Convert.ToBase64String(Encoding.UTF8.GetBytes(found[^1].Key));
        }
        var restore = request.Header("x-amz-optional-object-attributes") == "RestoreStatus";
        var encode = request.Query.GetValueOrDefault("encoding-type") == "url";
        string[] folders = [];
        if (request.Query.GetValueOrDefault("delimiter") == "/")
        {
            var start = request.Key.Length;
            folders = [.. found.Where(o => o.Key.IndexOf('/', start) >= 0).Select(o => o.Key[..(o.Key.IndexOf('/', start) + 1)]).Distinct(StringComparer.Ordinal)];
            found.RemoveAll(o => o.Key.IndexOf('/', start) >= 0);
        }
        return Encoding.UTF8.GetBytes(FakeXml.Page(request.Bucket, request.Key, found, next, encode, restore, folders));
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
        return SendAsync(200, Xml, []);
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
        var content = found.Content();
        var response = context.Response;
        response.Headers.ETag = $"\"{found.ETag}\"";
        response.Headers.LastModified = found.LastModified.ToString("R", CultureInfo.InvariantCulture);
        if (request.Header("Range") is { } range)
        {
            var ends = range["bytes=".Length..].Split('-');
            var from = int.Parse(ends[0], CultureInfo.InvariantCulture);
            if (from >= content.Length)
            {
                await RefuseAsync(new Fault { Status = 416, Code = "InvalidRange", Message = "The requested range is not satisfiable" });
                return;
            }
            var to = Math.Min(content.Length - 1, ends[1].Length == 0 ? int.MaxValue : int.Parse(ends[1], CultureInfo.InvariantCulture));
            response.StatusCode = 206;
            response.Headers.ContentRange = string.Create(CultureInfo.InvariantCulture, $"bytes {from}-{to}/{content.Length}");
            content = content[from..(to + 1)];
        }
        else if (request.Header("x-amz-checksum-mode") == "ENABLED")
        {
            foreach (var (name, value) in found.Checksums)
                response.Headers[name] = value;
        }
        if (fault?.EndAfter is { } early)
            content = content[..Math.Min(early, content.Length)];
        response.ContentLength = content.Length;
        await SendBodyAsync(content);
    }

    private async Task SendBodyAsync(ReadOnlyMemory<byte> content)
    {
        var body = context.Response.Body;
        if (fault is { Silence.Ticks: > 0 })
        {
            var first = Math.Min(fault.SilentAfter, content.Length);
            await body.WriteAsync(content[..first], context.RequestAborted);
            await body.FlushAsync(context.RequestAborted);
            await Task.Delay(fault.Silence, context.RequestAborted);
            content = content[first..];
        }
        if (fault?.DropAfter is { } dropAfter)
        {
            await body.WriteAsync(content[..Math.Min(dropAfter, content.Length)], context.RequestAborted);
            await body.FlushAsync(context.RequestAborted);
            await Task.Delay(20); // or the client may lose bytes that were sent
            context.Abort();
            return;
        }
        await body.WriteAsync(content, context.RequestAborted);
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

    private Task SendAsync(int status, string type, byte[] body)
    {
        context.Response.StatusCode = status;
        context.Response.ContentType = type;
        context.Response.ContentLength = body.Length;
        return context.Response.Body.WriteAsync(body, context.RequestAborted).AsTask();
    }
}
