using System.Globalization;
using System.IO.Compression;
using PeakS3Feed.Bench.Data;
using PeakS3Feed.TestServers.S3;

namespace PeakS3Feed.Bench.S3;

/// <summary>The objects that are read over a slow network. Each is generated when it is first needed.</summary>
internal static class NetworkObjects
{
    /// <summary>The number of gzipped CSVs.</summary>
    public const int PackedCount = 40;

    /// <summary>The rows of a gzipped CSV: about 25 MB.</summary>
    public const int PackedRows = 500_000;

    private const int BlockRows = 100_000;
    private const long LargeBytes = 2L << 30;

    /// <summary>The rows of the large CSV.</summary>
    public static long LargeRows => BlockRows * (LargeBytes / Block().Length);

    /// <summary>The large CSV: a header and a block of rows, again and again.</summary>
    public static Func<int, FakeObject> Large()
    {
        var large = new Lazy<FakeObject>(() =>
        {
            var (header, block) = (Rows(0), Block());
            var length = RepeatedContent.LengthOf(header.Length, block.Length, LargeBytes / block.Length);
            // The tag is not the MD5 of the content, which the SDK would verify.
            return new("in/large.csv", length, KeySpaces.ETag(0) + "-1", FakeServer.Written, () => default) { Large = new RepeatedContent(header, block, length) };
        });
        return _ => large.Value;
    }

    /// <summary>The gzipped CSVs, which have the same rows.</summary>
    public static Func<int, FakeObject> Packed()
    {
        var content = new Lazy<FakeObject>(() =>
        {
            using var packed = new MemoryStream();
            using (var gzip = new GZipStream(packed, CompressionLevel.Optimal, leaveOpen: true))
                gzip.Write(Rows(PackedRows));
            return FakeObject.Create("", packed.ToArray(), FakeServer.Written);
        });
        return number => content.Value with { Key = string.Create(CultureInfo.InvariantCulture, $"in/{number:D2}.csv.gz") };
    }

    private static byte[] Block() => Rows(BlockRows)[Rows(0).Length..];

    // A header and so many rows.
    private static byte[] Rows(int count)
    {
        var (maker, row, text, file) = (new RowMaker(), new BenchRow(), new CsvText(), new TextBuffer());
        text.Begin(file);
        for (var i = 0; i < count; i++)
        {
            maker.Make(i, row);
            text.Add(file, row, first: i == 0);
        }

        return file.Span.ToArray();
    }
}
