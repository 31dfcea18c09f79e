using System.Formats.Tar;
using System.IO.Compression;
using System.Text;
using PeakS3Feed.Errors;
using PeakS3Feed.Formats;
using PeakS3Feed.Formats.Csv;
using PeakS3Feed.Formats.Opening;

namespace PeakS3Feed.Tests.Formats;

/// <summary>Archives and documents under the name of a text file.</summary>
public class FileSignatureTests
{
    public static TheoryData<string, byte[]> Others => new()
    {
        { "zip archive", Zip("a.csv") },
        { "zip archive", [.. "PK\u0005\u0006"u8, .. new byte[18]] },
        { "xlsx", Zip("[Content_Types].xml") },
        { "xlsx", Zip("xl/workbook.xml") },
        { "tar", Tar(TarEntryFormat.Ustar) },
        { "tar", Tar(TarEntryFormat.Gnu) },
        { "tar", Tar(TarEntryFormat.Pax) },
        { "tar", Tar(TarEntryFormat.V7) },
        { "zstd", [0x28, 0xB5, 0x2F, 0xFD, 4, 0x50, 0x11] },
        { "bzip2", [.. "BZh91AY&SY"u8, 0x12, 0x34] },
        { "xz", [0xFD, .. "7zXZ"u8, 0, 0, 4] },
        { "LZ4", [4, 0x22, 0x4D, 0x18, 0x64] },
        { "7z", [.. "7z"u8, 0xBC, 0xAF, 0x27, 0x1C, 0, 4] },
        { "RAR", [.. "Rar!"u8, 0x1A, 7, 1, 0] },
        { "xls", [0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1, 0x1A, 0xE1, 0, 0] },
        { "Parquet", [.. "PAR1"u8, 0x15, 4, 0x15, 0x20] },
        { "Avro", [.. "Obj"u8, 1, 4, 0x14] },
        { "ORC", [.. "ORC"u8, 0x0A, 3, 0, 0, 0x12] },
        { "ORC", [.. "ORC"u8, 0x11, 0, 0, 0x0A] },
        { "PDF", [.. "%PDF-1.7\n%"u8, 0xE2, 0xE3] },
        { "HTML", "<!DOCTYPE html>\n<html><head></head></html>\n"u8.ToArray() },
        { "HTML", "\uFEFF\r\n  <HTML lang=\"en\">\r\n<body>x</body></html>"u8.ToArray() },
        { "XML", "<?xml version=\"1.0\"?>\n<Error><Code>AccessDenied</Code></Error>"u8.ToArray() },
        { "SQLite", [.. "SQLite format 3\0"u8, 16, 0] },
    };

    public static TheoryData<string, string> Texts => new()
    {
        { "ORCID,name\n1,2\n", "ORCID,name" },
        { "ORC\n1\n", "ORC" },
        { "PAR1,x\n1,2\n", "PAR1,x" },
        { "Object,y\n1,2\n", "Object,y" },
        { "Obj,y\n1,2\n", "Obj,y" },
        { "BZh9,y\n1,2\n", "BZh9,y" },
        { "PK,y\n1,2\n", "PK,y" },
        { "7z,y\n1,2\n", "7z,y" },
        { "%PDF-1.7,y\n1,2\n", "%PDF-1.7,y" },
        { "%PDF,y\n1,2\n", "%PDF,y" },
        { "<html>,y\n1,2\n", "<html>,y" },
        { "<htmlish,y\n1,2\n", "<htmlish,y" },
        { "Rar!,y\n1,2\n", "Rar!,y" },
        { "id,text\n" + string.Concat(Enumerable.Repeat("1,a note on ustar and star\n", 20)), "id,text" },
        { new string('x', 249) + ",ustar ,y\n1,2,3\n", new string('x', 249) + ",ustar ,y" },
    };

    [Theory]
    [MemberData(nameof(Others))]
    public async Task What_is_no_text_is_named_for_what_it_is(string name, byte[] content)
    {
        byte[][] files = [content, ContentStreamTests.Gzip(content), ContentStreamTests.Gzip(ContentStreamTests.Gzip(content))];
        foreach (var type in Enum.GetValues<FileType>())
        {
            foreach (var stored in files)
            {
                foreach (var separator in new[] { ",", null })
                {
                    var error = await Assert.ThrowsAsync<FeedException>(() => Read(type, stored, separator));
                    Assert.Equal("FileNotText", error.Id);
                    Assert.Contains(name, error.Message, StringComparison.Ordinal);
                    Assert.Contains("exclude it", error.Hint, StringComparison.Ordinal);
                    Assert.Contains(error.ForFeed("f").Remedies, r => r.Shell == "peaks3feed set f onBadFile=Skip");
                }
            }
        }
    }

    [Theory]
    [MemberData(nameof(Texts))]
    public async Task Text_that_begins_with_the_letters_of_a_signature_loads(string content, string header)
        => Assert.Equal(header, (await Read(FileType.Csv, Encoding.UTF8.GetBytes(content), ","))[0].Fields);

    private static async Task<List<Csv.Row>> Read(FileType type, byte[] stored, string? separator)
    {
        var content = await ContentStream.OpenAsync(new ChunkedStream(stored, 50), Csv.Uri, default);
        return await Csv.ReadAll(await RecordReaders.OpenAsync(new(type, new CsvOptions { Separator = separator }), content, Csv.Uri, default));
    }

    private static byte[] Zip(string entry)
    {
        using var stream = new MemoryStream();
        using (var zip = new ZipArchive(stream, ZipArchiveMode.Create))
        {
            using var writer = new StreamWriter(zip.CreateEntry(entry).Open());
            writer.Write("a,b\n1,2\n");
        }

        return stream.ToArray();
    }

    private static byte[] Tar(TarEntryFormat format)
    {
        using var stream = new MemoryStream();
        using (var tar = new TarWriter(stream, format, leaveOpen: true))
        {
            var data = new MemoryStream("a,b\n1,2\n"u8.ToArray());
            tar.WriteEntry(format switch
            {
                TarEntryFormat.V7 => new V7TarEntry(TarEntryType.V7RegularFile, "orders.csv") { DataStream = data },
                TarEntryFormat.Ustar => new UstarTarEntry(TarEntryType.RegularFile, "orders.csv") { DataStream = data },
                TarEntryFormat.Pax => new PaxTarEntry(TarEntryType.RegularFile, "orders.csv") { DataStream = data },
                _ => new GnuTarEntry(TarEntryType.RegularFile, "orders.csv") { DataStream = data },
            });
        }

        return stream.ToArray();
    }
}
