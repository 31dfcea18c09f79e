using System.Security.Cryptography;
using PeakS3Feed.Files;
using PeakS3Feed.Formats;

namespace PeakS3Feed.Tests.Formats;

public class ReadAheadStreamTests
{
    [Theory]
    [InlineData(0, 100)]
    [InlineData(1, 100)]
    [InlineData(3_000_000, 1_000)]
    [InlineData(3_000_000, 1_000_000)]
    public async Task Gives_the_bytes_of_the_stream(int length, int piece)
    {
        var bytes = RandomNumberGenerator.GetBytes(length);
        await using var ahead = new ReadAheadStream(new ChunkedStream(bytes, piece, 7, piece));
        using var copy = new MemoryStream();
        await ahead.CopyToAsync(copy);
        Assert.Equal(bytes, copy.ToArray());
        Assert.Equal(0, await ahead.ReadAsync(new byte[1]));
        await ahead.DisposeAsync(); // and once more by the using
    }

    [Fact]
    public async Task An_error_comes_behind_the_bytes_before_it()
    {
        await using var ahead = new ReadAheadStream(new Endless(failAfter: 1_000_001));
        using var copy = new MemoryStream();
        var error = await Assert.ThrowsAsync<InvalidDataException>(() => ahead.CopyToAsync(copy));
        Assert.Equal("broken", error.Message);
        Assert.Equal(1_000_001, copy.Length);
    }

    [Fact]
    public async Task Reads_so_far_ahead_and_no_further_and_closing_stops_it()
    {
        var endless = new Endless(failAfter: long.MaxValue);
        await using (var ahead = new ReadAheadStream(endless))
        {
            Assert.Equal(10, await ahead.ReadAsync(new byte[10]));
            var before = -1L;
            while (before != endless.Given)
            {
                before = endless.Given;
                await Task.Delay(50);
            }

            Assert.InRange(before, 10, 2 * 1024 * 1024);
        }

        Assert.True(endless.Closed);
        var given = endless.Given;
        await Task.Delay(50);
        Assert.Equal(given, endless.Given);
    }

    [Fact]
    public async Task Waiting_for_bytes_can_be_cancelled()
    {
        var silent = new Endless(failAfter: long.MaxValue) { Silent = true };
        using var cancel = new CancellationTokenSource();
        await using var ahead = new ReadAheadStream(silent);
        var reading = ahead.ReadAsync(new byte[10], cancel.Token).AsTask();
        await cancel.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => reading);
    }

    private sealed class Endless(long failAfter) : ForwardStream
    {
        private long _given;

        public long Given => Interlocked.Read(ref _given);

        public bool Silent { get; init; }

        public bool Closed { get; private set; }

        public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            if (Silent)
                await Task.Delay(Timeout.Infinite, cancellationToken);
            var length = (int)Math.Min(buffer.Length, failAfter - Given);
            if (length == 0)
                throw new InvalidDataException("broken");
            Interlocked.Add(ref _given, length);
            return length;
        }

        public override ValueTask DisposeAsync()
        {
            Closed = true;
            return base.DisposeAsync();
        }
    }
}
