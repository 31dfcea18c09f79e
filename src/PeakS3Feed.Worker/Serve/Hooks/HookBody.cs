using System.Buffers;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace PeakS3Feed.Worker.Serve.Hooks;

/// <summary>The body of a request, in memory as far as it may go.</summary>
internal static class HookBody
{
    /// <summary>The most bytes: 1 MiB, four times what EventBridge sends.</summary>
    public const int MostBytes = 1024 * 1024;

    /// <summary>Reads it; null when there is more.</summary>
    public static async Task<byte[]?> ReadAsync(HttpRequest request, CancellationToken cancellationToken)
    {
        // We count; and what comes after the answer is read and forgotten, for a sender that is cut off does not hear why.
        if (request.HttpContext.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } limit)
            limit.MaxRequestBodySize = null;
        if (request.ContentLength > MostBytes)
            return null;
        var body = new ArrayBufferWriter<byte>();
        while (true)
        {
            var read = await request.BodyReader.ReadAsync(cancellationToken);
            foreach (var part in read.Buffer)
                body.Write(part.Span);
            request.BodyReader.AdvanceTo(read.Buffer.End);
            if (body.WrittenCount > MostBytes)
                return null;
            if (read.IsCompleted)
                return body.WrittenSpan.ToArray();
        }
    }
}
