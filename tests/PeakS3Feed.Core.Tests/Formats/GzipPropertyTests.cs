using System.IO.Compression;
using FsCheck;
using FsCheck.Fluent;
using PeakS3Feed.Errors;
using PeakS3Feed.Formats;
using PeakS3Feed.Formats.Csv;
using PeakS3Feed.Formats.Opening;
using PeakS3Feed.Testing;
using PeakS3Feed.Tests.Rows;

namespace PeakS3Feed.Tests.Formats;

/// <summary>gzip of made-up members, whole and damaged: what comes out is the content or an error, never something else.</summary>
public class GzipPropertyTests
{
    private static readonly Gen<byte[]> Content =
        from length in Gen.OneOf(Gen.Choose(0, 40), Gen.Choose(0, 3_000))
        from kind in Gen.Choose(0, 3)
        from seed in Gen.Choose(0, 1_000_000)
        select Bytes(kind, length, seed);

    private static readonly Gen<Member> Members =
        from content in Content
        from level in Gen.Elements(CompressionLevel.Optimal, CompressionLevel.Fastest, CompressionLevel.NoCompression, CompressionLevel.SmallestSize)
        from flags in Gen.Choose(0, 15)
        select new Member(content, Packed(content, level, flags));

    private static readonly Gen<File> Files =
        from members in Members.NonEmptyListOf()
        from chunks in Gen.Choose(1, 3_000).NonEmptyListOf()
        select new File([.. members.Take(5)], [.. chunks]);

    private static readonly Gen<(File File, byte[] Damaged, string What)> DamagedFiles =
        from file in Files
        from kind in Gen.Choose(0, 6)
        from at in Gen.Choose(2, file.Bytes.Length - 1)
        from other in Gen.Choose(2, file.Bytes.Length - 1)
        from value in Gen.Choose(1, 255)
        select (file, Damaged(file.Bytes, kind, at, other, (byte)value), $"{kind} at {at}, {other}, {value}");

    [Trait(Category.Name, Category.Slow)]
    [Fact]
    public void Any_number_of_members_with_any_header_come_out_whole_in_any_chunks()
        => Check.One(Config.QuickThrowOnFailure.WithMaxTest(300), Prop.ForAll(Arb.From(Files), file =>
        {
            Assert.Equal(file.Content, Read(file.Bytes, file.Chunks));
            Assert.Equal(file.Content, Read(file.Bytes, [1]));
        }));

    [Trait(Category.Name, Category.Slow)]
    [Fact]
    public void Cut_at_any_byte_it_is_an_error_unless_whole_members_are_left()
        => Check.One(Config.QuickThrowOnFailure.WithMaxTest(15), Prop.ForAll(Arb.From(Files), file =>
        {
            for (var length = 1; length < file.Bytes.Length; length++)
            {
                var whole = file.ContentOfMembersIn(length);
                var (content, error) = TryRead(file.Bytes[..length], file.Chunks);
                Assert.Equal(whole is null ? "GzipTruncated" : null, error?.Id);
                if (whole is not null)
                    Assert.Equal(whole, content);
            }
        }));

    [Trait(Category.Name, Category.Slow)]
    [Fact]
    public void Damaged_it_is_an_error_or_the_content_of_whole_members()
    {
        var seen = 0;
        Check.One(Config.QuickThrowOnFailure.WithMaxTest(6_000), Prop.ForAll(Arb.From(DamagedFiles), d =>
        {
            var (content, error) = TryRead(d.Damaged, d.File.Chunks);
            if (error is null)
            {
                Assert.True(d.File.IsOfWholeMembers(content), d.What);
                return;
            }

            Assert.StartsWith("Gzip", error.Id, StringComparison.Ordinal);
            seen++;
        }));
        Assert.InRange(seen, 3_000, 6_000);
    }

    [Theory]
    [InlineData("s3://acme/in/a.csv", true)]
    [InlineData("s3://acme/in/a.csv.gz", false)]
    public async Task What_a_file_is_called_does_not_matter(string uri, bool packed)
    {
        var bytes = "a,b\n1,2\n"u8.ToArray();
        var stored = new ChunkedStream(packed ? ContentStreamTests.Gzip(bytes) : bytes, 3);
        var content = await ContentStream.OpenAsync(stored, uri, default);
        var rows = await Csv.ReadAll(await RecordReaders.OpenAsync(new(FileType.Csv, new CsvOptions()), content, uri, default));
        Assert.Equal(["1‖2"], rows.Select(r => r.Text));
    }

    [Fact]
    public async Task Places_in_a_packed_file_are_those_of_its_content()
    {
        byte[] packed = [.. ContentStreamTests.Gzip("a,b\n1,2\n3"u8.ToArray()), .. ContentStreamTests.Gzip(",\"x\"z\n4,5\n"u8.ToArray())];
        await using var content = await ContentStream.OpenAsync(new ChunkedStream(packed, 7), Assembly.Source.Uri, default);
        await using var reader = new CsvReader(content, new CsvOptions(), Assembly.Source.Uri);
        var batch = await new PeakS3Feed.Rows.RowAssembler(Assembly.Schema(), Assembly.Options).Read(reader);
        Assert.Equal(["1|2", "4|5"], batch.Text());
        var reject = Assert.Single(batch.Rejects);
        Assert.Equal(new SourcePosition(Assembly.Source.Uri, 3, 8, "b"), reject.Position);
        Assert.Equal("3,\"x\"z", reject.RawText);
    }

    private static byte[] Bytes(int kind, int length, int seed)
    {
        var random = new Random(seed);
        var bytes = new byte[length];
        for (var i = 0; i < length; i++)
            bytes[i] = (byte)(kind switch { 0 => random.Next(256), 1 => 'a' + random.Next(4), 2 => 0, _ => "1,a\n"[i % 4] });
        return bytes;
    }

    // A member with the optional parts of the header that flags name: 1 text, 2 checksum, 4 extra field, 8 name.
    private static byte[] Packed(byte[] content, CompressionLevel level, int flags)
    {
        var plain = ContentStreamTests.Gzip(content, level);
        byte[] header =
        [
            .. plain[..3],
            (byte)flags,
            .. plain[4..10],
            .. (flags & 4) != 0 ? [4, 0, (byte)'x', (byte)'y', 0, 0] : Array.Empty<byte>(),
            .. (flags & 8) != 0 ? "data.csv\0"u8.ToArray() : [],
        ];
        return [.. header, .. (flags & 2) != 0 ? BitConverter.GetBytes((ushort)Crc32(header)) : [], .. plain[10..]];
    }

    private static uint Crc32(byte[] bytes)
    {
        var crc = uint.MaxValue;
        foreach (var b in bytes)
        {
            crc ^= b;
            for (var bit = 0; bit < 8; bit++)
                crc = (crc >> 1) ^ ((crc & 1) != 0 ? 0xEDB88320 : 0);
        }

        return ~crc;
    }

    private static byte[] Damaged(byte[] bytes, int kind, int at, int other, byte value)
    {
        var (first, last) = (Math.Min(at, other), Math.Max(at, other));
        return kind switch
        {
            0 => [.. bytes[..at], (byte)(bytes[at] ^ value), .. bytes[(at + 1)..]],                         // changed
            1 => [.. bytes[..at], .. bytes[(at + 1)..]],                                                    // one lost
            2 => [.. bytes[..at], value, .. bytes[at..]],                                                   // one more
            3 => [.. bytes[..first], .. bytes[last..]],                                                     // a stretch lost
            4 => [.. bytes[..first], .. new byte[last - first], .. bytes[last..]],                          // a stretch of zeros
            5 => [.. bytes[..last], .. bytes[first..]],                                                     // a stretch twice
            _ => [.. bytes[..at], .. new byte[bytes.Length - at]],                                          // zeros to the end
        };
    }

    private static byte[] Read(byte[] bytes, int[] chunks)
    {
        var (content, error) = TryRead(bytes, chunks);
        return error is null ? content : throw error;
    }

    private static (byte[] Content, FeedException? Error) TryRead(byte[] bytes, int[] chunks)
    {
        using var memory = new MemoryStream();
        try
        {
            using var content = ContentStream.OpenAsync(new ChunkedStream(bytes, chunks), "s3://b/k", default).GetAwaiter().GetResult();
            content.CopyToAsync(memory).GetAwaiter().GetResult();
            return (memory.ToArray(), null);
        }
        catch (FeedException error)
        {
            return (memory.ToArray(), error);
        }
    }

    public sealed record Member(byte[] Content, byte[] Packed);

    public sealed record File(Member[] Members, int[] Chunks)
    {
        public byte[] Bytes { get; } = [.. Members.SelectMany(m => m.Packed)];

        public byte[] Content { get; } = [.. Members.SelectMany(m => m.Content)];

        /// <summary>The content of the first so many bytes, null where they end within a member.</summary>
        public byte[]? ContentOfMembersIn(int length)
        {
            var content = new List<byte>();
            foreach (var member in Members)
            {
                if (length == 0)
                    break;
                content.AddRange(member.Content);
                length -= member.Packed.Length;
            }

            return length == 0 ? [.. content] : null;
        }

        /// <summary>
        /// Whether the content is that of whole members. Cut from one header into the next one's same place, gzip is whole again and a
        /// member fewer; nothing in the file could tell.
        /// </summary>
        public bool IsOfWholeMembers(byte[] content)
        {
            var reached = new SortedSet<int> { 0 };
            while (reached.Count > 0 && reached.Min < content.Length)
            {
                var at = reached.Min;
                reached.Remove(at);
                foreach (var member in Members)
                {
                    if (member.Content.Length > 0 && content.AsSpan(at).StartsWith(member.Content))
                        reached.Add(at + member.Content.Length);
                }
            }

            return reached.Count > 0;
        }

        public override string ToString() => $"{Convert.ToHexString(Bytes)} by {string.Join(',', Chunks)}";
    }
}
