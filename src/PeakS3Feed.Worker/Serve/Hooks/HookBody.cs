using System.Buffers;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace PeakS3Feed.Worker.Serve.Hooks;

/// <summary>The body of a request, in memory as far as it may go.</summary>
internal static class HookBody
{
    /// <summary>The most bytes: 1 MiB, four times what EventBridge sends.</summary>
    public const int MaxBytes = 1024 * 1024;

    /// <summary>A body that is said to have no more than this is small: its connection holds as much whether it is read or not.</summary>
    public const int SmallBytes = 64 * 1024;

    // From the first byte to the last.
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(10);

    /// <summary>Whether it cannot become more than a small one.</summary>
    public static bool IsSmall(HttpRequest request)
        => request.ContentLength <= SmallBytes || request.HttpContext.Features.Get<IHttpRequestBodyDetectionFeature>() is { CanHaveBody: false };

    /// <summary>Reads it; null when there is more.</summary>
    /// <exception cref="BadHttpRequestException">It took too long.</exception>
    public static async Task<ReadOnlyMemory<byte>?> ReadAsync(HttpRequest request, TimeProvider time, CancellationToken cancellationToken)
    {
        // We count; and what comes after the answer is read and forgotten, for a sender that is cut off does not hear why.
        if (request.HttpContext.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } most)
            most.MaxRequestBodySize = null;
        if (request.ContentLength > MaxBytes)
            return null;
        using var limit = new CancellationTokenSource(Limit, time);

        // The read is ended, not given up: the server could not read past the rest of a body whose reader is in the middle of a read.
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
