using System.Globalization;
using System.Text;
using FsCheck;
using FsCheck.Fluent;
using PeakS3Feed.Errors;
using PeakS3Feed.Formats;
using PeakS3Feed.Formats.Csv;
using PeakS3Feed.Formats.Opening;
using PeakS3Feed.Rows;
using PeakS3Feed.Schemas;
using PeakS3Feed.Testing;
using PeakS3Feed.Tests.Rows;

namespace PeakS3Feed.Tests.Formats;

/// <summary>Files that are not UTF-8: the same rows as those of the same text in UTF-8, with the lines and bytes of the file itself.</summary>
public class EncodingTests
{
    private static readonly Encoding Windows1252 = CodePagesEncodingProvider.Instance.GetEncoding(1252)!;

    private static readonly (FileEncoding Encoding, Encoding Writer)[] All =
    [
        (FileEncoding.Windows1252, Windows1252), (FileEncoding.Latin1, Encoding.Latin1),
        (FileEncoding.Utf16, new UnicodeEncoding(bigEndian: false, byteOrderMark: false)), (FileEncoding.Utf16, new UnicodeEncoding(bigEndian: true, byteOrderMark: false)),
    ];

    // Every piece is of Latin-1; UTF-16 has further ones.
    private static readonly string[] Pieces =
        ["a", "1", ",", ",", ",", "\"", "\"\"", "\n", "\n", "\r\n", "é", "ß", "ÿ", "\u00A0", " ", "NULL", "1,2\n", "\"x\ny\",", new string('ü', 40)];

    [Fact]
    public void Windows_1252_is_the_table_of_the_library_without_what_that_table_lacks()
    {
        for (var b = 0x80; b < 0x100; b++)
        {
            var rows = Read([(byte)'a', (byte)',', (byte)'b', (byte)'\n', (byte)'x', (byte)',', (byte)b, (byte)'y'], FileEncoding.Windows1252, [1]);
            var isDefined = b is not (0x81 or 0x8D or 0x8F or 0x90 or 0x9D);
            Assert.Equal(isDefined ? $"x‖{Windows1252.GetString([(byte)b])}y" : "!the row is not valid Windows-1252 at byte 6", rows.Single().Text);
            Assert.Equal((2, 4, isDefined ? null : "b"), (rows[0].Line, rows[0].ByteOffset, rows[0].Fault));
        }
    }

    [Fact]
    public void Latin_1_has_every_byte()
    {
        for (var b = 0x80; b < 0x100; b++)
            Assert.Equal(((char)b).ToString(), Read([(byte)'a', (byte)'\n', (byte)b], FileEncoding.Latin1, []).Single().Text);
    }

    [Theory]
    [InlineData("a,b\nx,y€\n", 3, true)] // with the mark
    [InlineData("a,b\nx,y€\n", 3, false)]
    [InlineData("a,b\r\n\"x\r\n1\",\U0001F600\r\nz,€\r\n", 1, true)]
    public void UTF_16_follows_its_mark_and_without_one_its_NULs(string text, int chunk, bool hasMark)
    {
        foreach (var isBig in new[] { false, true })
        {
            var bytes = new UnicodeEncoding(isBig, byteOrderMark: false).GetBytes((hasMark ? "\uFEFF" : "") + text);
            var expected = Csv.Read(Encoding.UTF8.GetBytes(text)).Select(r => r.Text);
            Assert.Equal(expected, Read(bytes, FileEncoding.Utf16, [chunk]).Select(r => r.Text));
        }
    }

    [Fact]
    public void Without_mark_or_pattern_UTF_16_is_little_endian()
        => Assert.Equal("é1", Read(Encoding.Unicode.GetBytes("日本語日本語日本語\né1\n"), FileEncoding.Utf16, [2]).Single().Text);

    [Theory]
    [InlineData("x,<\n1,2\n", 8, 12, "b")] // high
    [InlineData("x,>\n1,2\n", 8, 12, "b")] // low
    [InlineData("x,><\n1,2\n", 8, 12, "b")] // the wrong way round
    [InlineData("<,x\n1,2\n", 8, 8, "a")]
    [InlineData("x<\n1,2\n", 8, 10, null)] // and too few fields
    public void A_lone_surrogate_is_a_reject_with_its_place_at_any_chunk_border(string rows, int offset, int at, string? field)
    {
        // The runner of the tests cannot pass lone surrogates on.
        var text = "a,b\n" + rows.Replace('<', '\uD83D').Replace('>', '\uDE00');
        var bytes = text.SelectMany(c => new[] { (byte)c, (byte)(c >> 8) }).ToArray();
        for (var border = 1; border < bytes.Length; border++)
        {
            var read = Read(bytes, FileEncoding.Utf16, [border, bytes.Length]);
            Assert.Equal([string.Create(CultureInfo.InvariantCulture, $"!the row is not valid UTF-16 at byte {at}"), "1‖2"], read.Select(r => r.Text));
            Assert.Equal((2, offset, field), (read[0].Line, read[0].ByteOffset, read[0].Fault));
            Assert.Equal((3, offset + (2 * (rows.IndexOf('\n', StringComparison.Ordinal) + 1))), (read[1].Line, read[1].ByteOffset));
        }
    }

    [Fact]
    public void A_file_that_ends_within_a_unit_or_a_pair_ends_in_a_reject()
    {
        byte[] text = [.. Encoding.Unicode.GetBytes("a\n😀\nx"), (byte)'y'];
        Assert.Equal(["😀", "!the row is not valid UTF-16 at byte 12"], Read(text, FileEncoding.Utf16, [1]).Select(r => r.Text));
        Assert.Equal(["!the row is not valid UTF-16 at byte 4"], Read(text[..6], FileEncoding.Utf16, [1]).Select(r => r.Text));
    }

    [Theory]
    [InlineData(FileType.Ndjson, "{\"a\":\"é\"}\n{\"a\":\"?\"}\n{\"a\":3}\n")]
    [InlineData(FileType.Json, "[{\"a\":\"é\"},\n{\"a\":\"?\"},\n{\"a\":3}]")]
    public async Task JSON_is_decoded_too_and_a_lone_surrogate_spoils_its_own_object_only(FileType type, string text)
    {
        var at = text.IndexOf('?', StringComparison.Ordinal);
        var bytes = Encoding.Unicode.GetBytes(text);
        (bytes[2 * at], bytes[(2 * at) + 1]) = (0x3D, 0xD8);
        for (var border = 1; border < bytes.Length; border += 3)
        {
            var rows = await Csv.ReadAll(await OpenAsync(type, bytes, FileEncoding.Utf16, [border, bytes.Length]));
            Assert.Equal(["é", $"!the row is not valid UTF-16 at byte {2 * at}", "3"], rows.Select(r => r.Text));
            Assert.Equal([2L * text.IndexOf('{', StringComparison.Ordinal), 2L * (at - 6), 2L * text.LastIndexOf('{')], rows.Select(r => r.ByteOffset));
        }
    }

    [Fact]
    public async Task An_error_in_JSON_names_the_byte_of_the_file()
    {
        var array = await Assert.ThrowsAsync<FeedException>(async () => await Csv.ReadAll(
            await OpenAsync(FileType.Json, Encoding.Unicode.GetBytes("\uFEFF[{\"é\":1},\n {\"é\":x}]"), FileEncoding.Utf16, [5])));
        Assert.Equal("JsonInvalid", array.Id);
        Assert.Equal((2, 34), (array.Position!.Line, array.Position.ByteOffset));
        Assert.Contains("at byte 13 of the line", array.Message, StringComparison.Ordinal);
        var line = await Csv.ReadAll(await OpenAsync(FileType.Ndjson, Encoding.Latin1.GetBytes("{\"é\":\"é\"}\n{\"é\":x}\n"), FileEncoding.Latin1, [5]));
        Assert.Equal("!the line is not valid JSON at its byte 6", line[1].Text);
    }

    [Theory]
    [InlineData(FileEncoding.Utf8, "FF FE 61 00 0A 00", "EncodingNotUtf8", "encoding=Utf16")]
    [InlineData(FileEncoding.Utf8, "61 00 00 00 62 00 00 00 0A 00 00 00", "EncodingNotUtf8", null)]
    [InlineData(FileEncoding.Windows1252, "FF FE 61 00 0A 00", "EncodingDiffers", "encoding=Utf16")]
    [InlineData(FileEncoding.Latin1, "EF BB BF 61 0A", "EncodingDiffers", "encoding=Utf8")]
    [InlineData(FileEncoding.Utf16, "EF BB BF 61 0A", "EncodingDiffers", "encoding=Utf8")]
    [InlineData(FileEncoding.Utf16, "61 2C 62 0A 31 2C 32 0A", "EncodingDiffers", "encoding=Utf8")]
    [InlineData(FileEncoding.Utf16, "FF FE 00 00 61 00 00 00", "EncodingDiffers", null)]
    [InlineData(FileEncoding.Utf16, "28 B5 2F FD 00 00", "FileNotText", null)]
    [InlineData(FileEncoding.Windows1252, "50 4B 03 04 00 00", "FileNotText", null)]
    [InlineData(FileEncoding.Utf8, "67 72 F6 DF 65 0A 31 0A", "CsvHeaderInvalid", "encoding=Windows1252")]
    [InlineData(FileEncoding.Utf8, "C3 A9 F6 0A 31 0A", "CsvHeaderInvalid", null)] // not one byte for each character
    [InlineData(FileEncoding.Windows1252, "61 81 0A 31 0A", "CsvHeaderInvalid", null)]
    public async Task Another_encoding_than_the_feeds_is_an_error_that_names_the_one_that_fits(FileEncoding encoding, string hex, string id, string? suggested)
    {
        var bytes = Convert.FromHexString(hex.Replace(" ", "", StringComparison.Ordinal));
        foreach (var chunk in new[] { 1, 1_000 })
        {
            var error = await Assert.ThrowsAsync<FeedException>(async () => await Csv.ReadAll(await OpenAsync(FileType.Csv, bytes, encoding, [chunk])));
            Assert.Equal(id, error.Id);
            var commands = error.ForFeed("f").Remedies.Select(r => r.Shell).Where(c => c?.Contains("onBadFile", StringComparison.Ordinal) == false);
            Assert.Equal(suggested is null ? [] : ["peaks3feed set f " + suggested], commands);
        }
    }

    [Trait(Category.Name, Category.Slow)]
    [Fact]
    public void Rows_lines_and_bytes_are_those_of_the_text_whatever_it_is_and_however_it_comes()
    {
        var gen =
            from which in Gen.Choose(0, All.Length - 1)
            from header in Gen.Elements("a,b\n", "é,ü\r\n", "\"a\n\",b\n")
            from length in Gen.Choose(0, 60)
            from pieces in Gen.Elements<string>([.. Pieces, "€", "日本", "\U0001F600"]).ArrayOf(length)
            from chunks in Gen.OneOf(Gen.Choose(1, 40).NonEmptyListOf(), Gen.Constant(new List<int> { 100_000 }))
            from buffer in Gen.Elements(16, 64, InputBuffer.DefaultBytes)
            select (which, text: header + string.Concat(pieces), chunks: chunks.ToArray(), buffer);
        Check.One(Config.QuickThrowOnFailure.WithMaxTest(5_000), Prop.ForAll(Arb.From(gen), c => SameAsText(All[c.which], c.text, c.chunks, c.buffer)));
    }

    [Fact]
    public async Task Blocks_of_rows_serve_decoded_files_and_count_their_bytes()
    {
        var rows = string.Concat(Enumerable.Range(0, 40_000).Select(i => i == 30_000 ? "x,é\n" : $"{i},é{i}\n"));
        var bytes = Encoding.Unicode.GetBytes("id,name\n" + rows);
        var assembler = new RowAssembler(new FeedSchema([new FeedColumn("id", "id", ColumnType.BigInt), new FeedColumn("name", "name", ColumnType.Text)]), Assembly.Options);
        await using var reader = await OpenAsync(FileType.Csv, bytes, FileEncoding.Utf16, [100_000]);
        List<Reject> rejects = [];
        AssembledBatch batch;
        var count = 0;
        do
        {
            batch = await assembler.ReadAsync(reader, Assembly.Source, null, 1_000, CancellationToken.None);
            rejects.AddRange(batch.Rejects);
            count += batch.Rows.Count;
        }
        while (!batch.EndOfFile);
        var offset = 2L * (8 + rows.IndexOf("x,é", StringComparison.Ordinal));
        Assert.Equal(39_999, count);
        Assert.Equal((30_002, offset, "id"), (rejects.Single().Position.Line, rejects[0].Position.ByteOffset, rejects[0].Position.Column));
    }

    private static void SameAsText((FileEncoding Encoding, Encoding Writer) encoding, string text, int[] chunks, int buffer)
    {
        // What the encoding cannot write becomes a question mark.
        text = encoding.Writer.GetString(encoding.Writer.GetBytes(text));
        var (expected, problem) = Csv.ReadToTheEnd(Encoding.UTF8.GetBytes(text), new CsvOptions());
        var utf8 = Encoding.UTF8.GetBytes(text);
        var bytes = encoding.Writer.GetBytes(text);
        if (encoding.Encoding == FileEncoding.Utf16 && !bytes.AsSpan(0, Math.Min(bytes.Length, 512)).Contains((byte)0))
            return;
        var input = RecordReaders.OpenInput(new(FileType.Csv, new CsvOptions(), encoding.Encoding), new ChunkedStream(bytes, chunks), Csv.Uri, initialBytes: buffer);
        var (rows, error) = Csv.ReadToTheEnd(new CsvReader(input, new CsvOptions(), Csv.Uri)).GetAwaiter().GetResult();
        long Offset(long at) => encoding.Writer.GetByteCount(Encoding.UTF8.GetString(utf8, 0, (int)at));
        Assert.Equal(expected.Select(r => r with { ByteOffset = Offset(r.ByteOffset) }), rows);
        Assert.Equal((problem?.Id, problem?.Position?.Line), (error?.Id, error?.Position?.Line));
        Assert.Equal(problem?.Position?.ByteOffset is { } at ? Offset(at) : null, error?.Position?.ByteOffset);
    }

    private static List<Csv.Row> Read(byte[] bytes, FileEncoding encoding, int[] chunks)
        => Csv.ReadAll(OpenAsync(FileType.Csv, bytes, encoding, chunks).AsTask().GetAwaiter().GetResult()).GetAwaiter().GetResult();

    private static ValueTask<RecordReader> OpenAsync(FileType type, byte[] bytes, FileEncoding encoding, int[] chunks)
        => RecordReaders.OpenAsync(new(type, new CsvOptions(), encoding), new ChunkedStream(bytes, chunks), Csv.Uri, default);
}
