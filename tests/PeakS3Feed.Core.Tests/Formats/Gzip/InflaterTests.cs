using System.IO.Compression;
using PeakS3Feed.Formats.Gzip;

namespace PeakS3Feed.Tests.Formats.Gzip;

/// <summary>Decompression against what was compressed, and of data that is not valid.</summary>
public class InflaterTests
{
    private static readonly ZLibCompressionStrategy[] Strategies = Enum.GetValues<ZLibCompressionStrategy>();

    public static TheoryData<string> Contents => [.. All.Keys];

    public static TheoryData<string, byte[]> Invalid => new()
    {
        { "a block type that does not exist", new DeflateBits().Block(3).Bytes },
        { "a stored length that differs from its complement", new DeflateBits().Block(0).Number(0, 5).Number(1, 16).Number(1, 16).Number('a', 8).Bytes },
        { "a distance before the data", new DeflateBits().Block(1).Fixed('a').Fixed(257).Code(1, 5).Fixed(256).Bytes },
        { "a fixed code without a length", new DeflateBits().Block(1).Fixed('a').Fixed(286).Code(0, 5).Fixed(256).Bytes },
        { "a fixed code without a distance", new DeflateBits().Block(1).Fixed('a').Fixed(257).Code(30, 5).Fixed(256).Bytes },
        { "287 codes of literals", new DeflateBits().Block(2).Header(287, 1, [.. Enumerable.Repeat(5, 19)]).Bytes },
        { "31 codes of distances", new DeflateBits().Block(2).Header(257, 31, [.. Enumerable.Repeat(5, 19)]).Bytes },
        { "too many codes of lengths", new DeflateBits().Block(2).Header(257, 1, 1, 1, 1).Bytes },
        { "too few codes of lengths", new DeflateBits().Block(2).Header(257, 1, 2, 2, 2).Bytes },
        { "a repetition before the first length", new DeflateBits().Block(2).Header(257, 1, [1, .. new int[15], 1]).Code(1, 1).Number(0, 2).Bytes },
        { "a repetition beyond the last length", Repeated(1, 138, 138).Bytes },
        { "no code for the end of the block", Repeated(1, 138, 118, 2).Bytes },
        { "too many codes of literals", Lengths(1, 1, 1).Bytes },
        { "too few codes of literals", Lengths(2, 2).Bytes },
    };

    private static Dictionary<string, byte[]> All { get; } = new(StringComparer.Ordinal)
    {
        ["nothing"] = [],
        ["one byte"] = [7],
        ["each byte"] = [.. Enumerable.Range(0, 256).Select(i => (byte)i)],
        ["one byte again and again"] = new byte[700_000],
        ["short periods"] = [.. Enumerable.Range(1, 40).SelectMany(p => Enumerable.Range(0, 3_000).Select(i => (byte)(i % p)))],
        ["rows"] = [.. Enumerable.Range(0, 20_000).SelectMany(i => System.Text.Encoding.UTF8.GetBytes($"{i},name {i * 7919 % 1000},{i % 13}.50\n"))],
        ["noise"] = Noise(300_000, 256),
        ["noise of few bytes"] = Noise(300_000, 11),
        ["matches as far away as can be"] = Far(),
        ["bytes as rare as codes can be long"] = Skewed(),
    };

    [Theory]
    [MemberData(nameof(Contents))]
    public void What_was_compressed_comes_out_whatever_the_level_and_the_strategy(string name)
    {
        foreach (var strategy in Strategies)
        {
            foreach (var level in (int[])[0, 1, 3, 6, 9])
            {
                var packed = Pack(All[name], level, strategy);
                Assert.True(All[name].AsSpan().SequenceEqual(Unpack(packed, packed.Length, 300_000)), $"{strategy}, level {level}");
            }
        }
    }

    [Theory]
    [MemberData(nameof(Contents))]
    public void Input_and_output_may_come_in_any_pieces(string name)
    {
        var content = All[name].AsSpan(0, Math.Min(All[name].Length, 60_000)).ToArray();
        var packed = Pack(content, 6, ZLibCompressionStrategy.Default);
        var outputs = Inflater.WindowBytes + Inflater.MinOutput;
        foreach (var (input, output) in ((int, int)[])[(1, outputs), (2, outputs + 1), (7, 100_000), (23, outputs), (24, outputs + 5), (1000, outputs)])
            Assert.True(content.AsSpan().SequenceEqual(Unpack(packed, input, output)), $"{input}, {output}");
    }

    [Theory]
    [MemberData(nameof(Contents))]
    public void The_bytes_after_the_data_are_not_read(string name)
    {
        var packed = Pack(All[name], 6, ZLibCompressionStrategy.Default);
        Unpack([.. packed, .. Noise(40, 256)], 1 << 20, 300_000, out var end);
        Assert.Equal(packed.Length, end);
    }

    [Theory]
    [MemberData(nameof(Invalid))]
    public void What_is_not_deflate_data_is_corrupt(string what, byte[] data)
    {
        // What follows must not help.
        foreach (var more in (int[])[0, 7, 300])
        {
            var failure = Assert.Throws<InvalidDataException>(() => Unpack([.. data, .. new byte[more]], 1 << 20, 300_000));
            Assert.True(failure.Message == nameof(InflateResult.Corrupt) || more == 0, $"{what}: {failure.Message}");
        }

        Assert.Throws<InvalidDataException>(() => Peer([.. data, .. new byte[300]]));
    }

    [Fact]
    public void Blocks_like_those_without_their_fault_are_valid()
    {
        foreach (var block in (DeflateBits[])[Lengths(2, 2, 2).Code(0b11, 2), Repeated(1, 138, 117, 1, 1).Code(1, 1)])
            Assert.Empty(Unpack(block.Bytes, 1 << 20, 300_000));
        Assert.Equal("aaaa"u8, Unpack(new DeflateBits().Block(1).Fixed('a').Fixed(257).Code(0, 5).Fixed(256).Bytes, 1 << 20, 300_000));
    }

    [Fact]
    public void Data_that_is_changed_is_read_as_by_another_decompressor_or_refused_by_both()
    {
        var random = new Random(5);
        var (read, refused) = (0, 0);
        for (var i = 0; i < 4_000; i++)
        {
            var content = All["rows"].AsSpan(random.Next(1_000), random.Next(1, 3_000)).ToArray();
            var data = Pack(content, random.Next(1, 10), Strategies[random.Next(Strategies.Length)]);
            for (var change = random.Next(1, 3); change > 0; change--)
                data[random.Next(data.Length)] ^= (byte)(1 << random.Next(8));
            byte[] padded = [.. data, .. new byte[64]];
            if (TryUnpack(padded, random.Next(1, 200)) is { } found)
            {
                read++;
                Assert.Equal(Peer(padded), found);
            }
            else
            {
                refused++;
            }
        }

        Assert.InRange(read, 50, 4_000);
        Assert.InRange(refused, 50, 4_000);
    }

    // Lengths of literals: the length 1 for the first byte, and runs of zeros.
    private static DeflateBits Repeated(params int[] zeros)
    {
        var bits = new DeflateBits().Block(2).Header(257, 1, [2, 2, .. new int[16], 1]);
        foreach (var run in zeros)
            _ = run >= 11 ? bits.Code(0, 1).Number(run - 11, 7) : bits.Code(0b11, 2);
        return bits;
    }

    // The lengths of the first literals; the end of the block has the length of the last one.
    private static DeflateBits Lengths(params int[] lengths)
    {
        var bits = new DeflateBits().Block(2).Header(257, 1, [.. Enumerable.Repeat(5, 16), 0, 0, 1]);
        foreach (var length in lengths)
            bits.Code(0b10000 + length, 5);
        return bits.Code(0, 1).Number(138 - 11, 7).Code(0, 1).Number(256 - 138 - lengths.Length - 11, 7).Code(0b10000 + lengths[^1], 5).Code(0b10001, 5);
    }

    private static byte[] Noise(int length, int bytes)
    {
        var random = new Random(length + bytes);
        return [.. Enumerable.Range(0, length).Select(_ => (byte)random.Next(bytes))];
    }

    private static byte[] Far()
    {
        var start = Noise(32 * 1024, 256);
        return [.. start, .. start, .. Noise(100, 200), .. start.AsSpan(150, 20_000), .. start.AsSpan(0, 400)];
    }

    // Each byte is half as frequent as the one before, so the codes become as long as they may.
    private static byte[] Skewed()
    {
        var random = new Random(3);
        return [.. Enumerable.Range(0, 400_000).Select(_ => (byte)System.Numerics.BitOperations.TrailingZeroCount((uint)random.Next() | (1u << 24)))];
    }

    private static byte[] Pack(byte[] content, int level, ZLibCompressionStrategy strategy)
    {
        using var packed = new MemoryStream();
        using (var deflate = new DeflateStream(packed, new ZLibCompressionOptions { CompressionLevel = level, CompressionStrategy = strategy }))
            deflate.Write(content);
        return content.Length > 0 ? packed.ToArray() : [3, 0]; // DeflateStream writes nothing for nothing
    }

    private static byte[] Peer(byte[] data)
    {
        using var deflate = new DeflateStream(new MemoryStream(data), CompressionMode.Decompress);
        using var content = new MemoryStream();
        deflate.CopyTo(content);
        return content.ToArray();
    }

    private static byte[]? TryUnpack(byte[] data, int pieces)
    {
        try
        {
            return Unpack(data, pieces, 100_000);
        }
        catch (InvalidDataException)
        {
            return null;
        }
    }

    private static byte[] Unpack(byte[] data, int inputPieces, int outputBytes) => Unpack(data, inputPieces, outputBytes, out _);

    private static byte[] Unpack(byte[] data, int inputPieces, int outputBytes, out int end)
    {
        var inflater = new Inflater();
        inflater.Reset();
        var output = new byte[outputBytes];
        var content = new List<byte>();
        var (at, start, written) = (0, 0, 0);
        for (var given = Math.Min(inputPieces, data.Length); ;)
        {
            var before = written;
            var result = inflater.Run(data.AsSpan(0, given), ref at, output, ref written, start);
            content.AddRange(output.AsSpan(before, written - before));
            end = at;
            if (result == InflateResult.Ended)
                return [.. content];
            if (result == InflateResult.Corrupt || (result == InflateResult.NeedsInput && given == data.Length))
                throw new InvalidDataException(result.ToString());
            if (result == InflateResult.NeedsInput)
            {
                given = Math.Min(data.Length, given + inputPieces);
                continue;
            }

            Assert.True(written > Inflater.WindowBytes, "It needs more output than there may be.");
            var dropped = written - Inflater.WindowBytes;
            output.AsSpan(dropped, Inflater.WindowBytes).CopyTo(output);
            (start, written) = (Math.Max(0, start - dropped), Inflater.WindowBytes);
        }
    }
}
