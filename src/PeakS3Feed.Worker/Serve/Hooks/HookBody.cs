using System.Buffers;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace PeakS3Feed.Worker.Serve.Hooks;

/// <summary>Reads the body of a request into memory, up to a limit.</summary>
internal static class HookBody
{
    /// <summary>The largest body in bytes: 1 MiB, four times the maximum of EventBridge.</summary>
    public const int MaxBytes = 1024 * 1024;

    /// <summary>The largest declared size of a small body. The connection buffers this much even if nobody reads it.</summary>
    public const int SmallBytes = 64 * 1024;

    // The time for the whole body.
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(10);

    /// <summary>Whether the body is small for certain.</summary>
    public static bool IsSmall(HttpRequest request)
        => request.ContentLength <= SmallBytes || request.HttpContext.Features.Get<IHttpRequestBodyDetectionFeature>() is { CanHaveBody: false };

    /// <summary>Reads the body; returns null if it is larger than the limit.</summary>
    /// <exception cref="BadHttpRequestException">The body did not arrive within 10 seconds.</exception>
    public static async Task<ReadOnlyMemory<byte>?> ReadAsync(HttpRequest request, TimeProvider time, CancellationToken cancellationToken)
    {
        // Counts the bytes here instead of in Kestrel. Kestrel discards the rest after the answer, so that the sender can read the answer.
        if (request.HttpContext.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } limited)
            limited.MaxRequestBodySize = null;
        if (request.ContentLength > MaxBytes)
            return null;
        using var limit = new CancellationTokenSource(Limit, time);

        // Ends the pending read regularly: with an abandoned read, Kestrel could not discard the rest of the body.
        await using var ending = limit.Token.Register(request.BodyReader.CancelPendingRead);
        return await ReadAllAsync(request, limit.Token, cancellationToken);
    }

    private static async Task<ReadOnlyMemory<byte>?> ReadAllAsync(HttpRequest request, CancellationToken limit, CancellationToken cancellationToken)
    {
        var body = new ArrayBufferWriter<byte>();
        while (true)
        {
            var read = await request.BodyReader.ReadAsync(cancellationToken);
            if (limit.IsCancellationRequested && !read.IsCompleted)
            {
                request.BodyReader.AdvanceTo(read.Buffer.End);
                throw new BadHttpRequestException("The body took too long.", StatusCodes.Status408RequestTimeout);
            }
            foreach (var part in read.Buffer)
                body.Write(part.Span);
            request.BodyReader.AdvanceTo(read.Buffer.End);
            if (body.WrittenCount > MaxBytes)
                return null;
            if (read.IsCompleted)
                return body.WrittenMemory;
        }
    }
}
