using System.IO.Compression;
using System.Text;
using PeakS3Feed.Errors;
using PeakS3Feed.Files;
using PeakS3Feed.Formats.Opening;
using PeakS3Feed.Testing;

namespace PeakS3Feed.Tests.Formats;

public class ContentStreamTests
{
    private static readonly byte[] One = Gzip(Text(400));
    private static readonly byte[] Two = [.. One, .. Gzip(Text(300))];

    // Data that gzip stores as it is: cut there, what follows is copied to the output.
    private static readonly byte[] Stored = Gzip(Noise(900));

    public static TheoryData<string, byte[]> Files => new() { { "one", One }, { "two", Two }, { "stored", Stored } };

    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(100_000)]
    public async Task Members_are_read_in_any_number_and_in_any_chunks(int chunk)
    {
        byte[] bytes = [.. Two, .. Gzip([]), .. Stored, .. Gzip(Text(200_000))];
        byte[] expected = [.. Text(400), .. Text(300), .. Noise(900), .. Text(200_000)];
        Assert.Equal(expected, await Read(bytes, chunk));
    }

    [Theory]
    [InlineData("")]
    [InlineData("a")]
    [InlineData("a,b\n1,2\n")]
    public async Task What_is_not_gzip_is_passed_on(string text) => Assert.Equal(text, Encoding.UTF8.GetString(await Read(Encoding.UTF8.GetBytes(text), 1)));

    [Theory]
    [MemberData(nameof(Files))]
    public async Task Cut_anywhere_but_between_members_it_is_noticed(string name, byte[] file)
    {
        for (var length = 1; length < file.Length; length++)
        {
            if (file.Length == Two.Length && length == One.Length)
                continue;
            var cut = file[..length];
            foreach (var chunk in new[] { 1, 13, 100_000 })
            {
                var error = await Xunit.Record.ExceptionAsync(() => Read(cut, chunk)) as FeedException;
                Assert.True(error?.Id == "GzipTruncated", $"{name} of {One.Length} cut at {length}, read by {chunk}: {error?.Id}");
            }
        }
    }

    [Trait(Category.Name, Category.Slow)]
    [Theory]
    [MemberData(nameof(Files))]
    public async Task A_flipped_bit_is_noticed_or_does_no_harm(string name, byte[] file)
    {
        var expected = await Read(file, 100_000);
        // The first two bytes make it gzip; flags, time and system in the header may change without harm.
        for (var bit = 16; bit < file.Length * 8; bit++)
        {
            var flipped = (byte[])file.Clone();
            flipped[bit / 8] ^= (byte)(1 << (bit % 8));
            try
            {
                var read = await Read(flipped, 100_000);
                Assert.True(expected.SequenceEqual(read), $"{name}, bit {bit}");
            }
            catch (FeedException error)
            {
                Assert.StartsWith("Gzip", error.Id, StringComparison.Ordinal);
            }
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(8)]
    [InlineData(512)]
    [InlineData(100_000)]
    public async Task Zeros_behind_the_last_member_are_padding(int zeros)
    {
        foreach (var chunk in new[] { 1, 10, 100_000 })
            Assert.Equal(Text(400), await Read([.. One, .. new byte[zeros]], chunk));
    }

    [Theory]
    [InlineData("x")]
    [InlineData("\0\0x")]
    [InlineData("\u001f")]
    [InlineData("garbage behind it")]
    public async Task Anything_else_behind_it_is_corrupt(string tail)
    {
        foreach (var chunk in new[] { 1, 100_000 })
        {
            var error = await Assert.ThrowsAsync<FeedException>(() => Read([.. One, .. Encoding.ASCII.GetBytes(tail)], chunk));
            Assert.StartsWith("Gzip", error.Id, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task A_match_does_not_refer_to_the_member_before()
    {
        // The fixed codes of a match of three bytes at the distance 1, and of the end.
        byte[] match = [.. One[..10], 0x03, 0x02, 0, 0, 0, 0, 0, 0, 0, 0, 0];
        Assert.Equal("GzipCorrupt", (await Assert.ThrowsAsync<FeedException>(() => Read([.. One, .. match], 100))).Id);
    }

    [Fact]
    public async Task What_is_before_damage_is_read()
    {
        var text = Text(2_000_000);
        var packed = Gzip(text);
        packed[^3] ^= 1; // the length, which is checked last
        await using var content = await ContentStream.OpenAsync(new ChunkedStream(packed, 1000), "s3://b/k", default);
        var read = new byte[text.Length];
        await content.ReadExactlyAsync(read);
        Assert.Equal(text, read);
        for (var i = 0; i < 2; i++)
            Assert.Equal("GzipCorrupt", (await Assert.ThrowsAsync<FeedException>(() => content.CopyToAsync(Stream.Null))).Id);
    }

    [Theory]
    [InlineData(100)]
    [InlineData(70_000)]
    public async Task A_header_may_be_long_but_not_without_end(int length)
    {
        byte[] packed = [.. One[..3], 8, .. One[4..10], .. Enumerable.Repeat((byte)'n', length), 0, .. One[10..]];
        if (length < 1000)
            Assert.Equal(Text(400), await Read(packed, 17));
        else
            Assert.Equal("GzipCorrupt", (await Assert.ThrowsAsync<FeedException>(() => Read(packed, 1000))).Id);
    }

    [Fact]
    public async Task A_file_cut_and_filled_with_zeros_is_noticed()
        => Assert.StartsWith("Gzip", (await Assert.ThrowsAsync<FeedException>(() => Read([.. One[..^20], .. new byte[4096]], 100))).Id, StringComparison.Ordinal);

    [Fact]
    public async Task Packed_twice_is_unpacked_twice_and_no_more()
    {
        Assert.Equal(Text(400), await Read(Gzip(One), 100));
        Assert.Equal("GzipCorrupt", (await Assert.ThrowsAsync<FeedException>(() => Read(Gzip(Gzip(One)), 100))).Id);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Errors_of_the_stored_stream_come_through_unchanged(bool zipped)
    {
        var thrown = new FeedException("ObjectChanged", FeedErrorCategory.InvalidData, "changed");
        await using var content = await ContentStream.OpenAsync(new BreakingStream(zipped ? One[..50] : Text(50), thrown), "s3://b/k", default);
        Assert.Same(thrown, await Assert.ThrowsAsync<FeedException>(() => content.CopyToAsync(Stream.Null)));
    }

    // GZipStream writes nothing at all where there is nothing to write.
    internal static byte[] Gzip(byte[] bytes, CompressionLevel level = CompressionLevel.Optimal)
    {
        if (bytes.Length == 0)
            return [0x1F, 0x8B, 8, 0, 0, 0, 0, 0, 0, 0xFF, 3, 0, 0, 0, 0, 0, 0, 0, 0, 0];
        using var memory = new MemoryStream();
        using (var gzip = new GZipStream(memory, level))
            gzip.Write(bytes);
        return memory.ToArray();
    }

    private static byte[] Text(int length) => [.. Enumerable.Range(0, length).Select(i => (byte)('a' + (i * i % 23)))];

    private static byte[] Noise(int length)
    {
        var bytes = new byte[length];
        new Random(7).NextBytes(bytes);
        return bytes;
    }

    private static async Task<byte[]> Read(byte[] bytes, int chunk)
    {
        await using var content = await ContentStream.OpenAsync(new ChunkedStream(bytes, chunk), "s3://b/k", default);
        using var memory = new MemoryStream();
        await content.CopyToAsync(memory);
        return memory.ToArray();
    }

    private sealed class BreakingStream(byte[] bytes, Exception exception) : ForwardStream
    {
        private int _position;

        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            var length = Math.Min(bytes.Length - _position, buffer.Length);
            if (length == 0)
                throw exception;
            bytes.AsSpan(_position, length).CopyTo(buffer.Span);
            _position += length;
            return ValueTask.FromResult(length);
        }
    }
}
