using System.Security.Cryptography;
using PeakS3Feed.Files;
using PeakS3Feed.Tests.Formats;

namespace PeakS3Feed.Tests.Files;

public class RentedStreamTests
{
    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(100_000)]
    public async Task Gives_the_bytes_that_it_took_in(int length)
    {
        var bytes = RandomNumberGenerator.GetBytes(length);
        await using var stream = new RentedStream(length);
        await stream.FillAsync(new ChunkedStream(bytes, 7, 1000), default);
        Assert.Equal((length, 0), (stream.Length, stream.Position));
        var read = new MemoryStream();
        await stream.CopyToAsync(read);
        Assert.Equal(bytes, read.ToArray());
        Assert.Equal(length, stream.Position);
        Assert.Equal(0, await stream.ReadAsync(new byte[1]));
    }

    [Fact]
    public async Task A_stream_that_ends_early_is_as_long_as_it_is_and_what_was_in_the_memory_before_is_not_seen()
    {
        await using var stream = new RentedStream(1000);
        await stream.FillAsync(new MemoryStream([1, 2, 3]), default);
        var read = new MemoryStream();
        await stream.CopyToAsync(read);
        Assert.Equal([1, 2, 3], read.ToArray());
    }

    [Fact]
    public async Task The_memory_is_given_back_once_and_not_read_again()
    {
        var stream = new RentedStream(10);
        await stream.FillAsync(new MemoryStream(new byte[10]), default);
        await stream.DisposeAsync();
        await stream.DisposeAsync();
        await Assert.ThrowsAsync<ObjectDisposedException>(() => stream.ReadAsync(new byte[1]).AsTask());
    }
}
