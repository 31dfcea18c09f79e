using System.Buffers;
using System.Diagnostics;
using Microsoft.AspNetCore.Http;

namespace PeakS3Feed.TestServers.S3;

/// <summary>
/// Sends the body of one answer over a <see cref="FakeNetwork"/>: the first byte after the delay, and each piece when its last byte would arrive.
/// The times of all pieces are counted from the first, so that what a timer is late by does not add up.
/// </summary>
internal sealed class PacedBody(HttpContext context, FakeNetwork network, FakeTraffic traffic, long began)
{
    private const int Piece = 256 << 10;

    // A timer waits for a millisecond or more.
    private static readonly TimeSpan Shortest = TimeSpan.FromMilliseconds(0.1);

    // What a connection may catch up on after a client that did not read for a while.
    private static readonly TimeSpan MostBehind = TimeSpan.FromMilliseconds(20);

    private long _first;
    private long _due;
    private long _sent;

    /// <summary>Waits for the time of the first byte, after all headers are set.</summary>
    public async Task StartAsync()
    {
        _due = began + Ticks(network.Delay);
        await UntilAsync(_due);
        _first = Stopwatch.GetTimestamp();
        _due = _first;
        traffic.FirstByte(Stopwatch.GetElapsedTime(began, _first));
        if (network.BytesPerSecond > 0)
            await context.Response.StartAsync(context.RequestAborted); // the headers do not wait for the first piece
    }

    /// <summary>Sends bytes of the body.</summary>
    public async Task WriteAsync(ReadOnlyMemory<byte> content)
    {
        var body = context.Response.Body;
        if (network.BytesPerSecond == 0)
        {
            await body.WriteAsync(content, context.RequestAborted);
            _sent += content.Length;
            return;
        }
        for (; content.Length > 0; content = content[Math.Min(Piece, content.Length)..])
        {
            var piece = content[..Math.Min(Piece, content.Length)];
            _due = Math.Max(_due, Stopwatch.GetTimestamp() - Ticks(MostBehind)) + Ticks(TimeSpan.FromSeconds((double)piece.Length / network.BytesPerSecond));
            await UntilAsync(_due);
            await body.WriteAsync(piece, context.RequestAborted);
            _sent += piece.Length;
        }
    }

    /// <summary>Sends a range of a content.</summary>
    public async Task WriteAsync(IFakeContent content, long from, long count)
    {
        var buffer = ArrayPool<byte>.Shared.Rent((int)Math.Min(count, Piece));
        try
        {
            while (count > 0)
            {
                var read = await content.ReadAsync(from, buffer.AsMemory(0, (int)Math.Min(count, buffer.Length)), context.RequestAborted);
                await WriteAsync(buffer.AsMemory(0, read));
                (from, count) = (from + read, count - read);
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    public Task FlushAsync() => context.Response.Body.FlushAsync(context.RequestAborted);

    /// <summary>Counts what was sent.</summary>
    public void End() => traffic.Body(_sent, _first == 0 ? TimeSpan.Zero : Stopwatch.GetElapsedTime(_first));

    // Never early: a timer rounds down to milliseconds.
    private async Task UntilAsync(long time)
    {
        while (Stopwatch.GetElapsedTime(Stopwatch.GetTimestamp(), time) is var left && left > Shortest)
            await Task.Delay(TimeSpan.FromMilliseconds(Math.Ceiling(left.TotalMilliseconds)), context.RequestAborted);
    }

    private static long Ticks(TimeSpan time) => (long)(time.TotalSeconds * Stopwatch.Frequency);
}
