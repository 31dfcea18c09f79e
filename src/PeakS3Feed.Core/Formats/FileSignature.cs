using System.Buffers;

namespace PeakS3Feed.Formats;

/// <summary>
/// Recognises archives and binary documents by their first bytes. A signature that consists of letters counts only where the next bytes cannot be
/// text.
/// </summary>
internal static class FileSignature
{
    /// <summary>The number of bytes to examine, if the file has as many: the length of a tar header.</summary>
    public const int SampleBytes = 512;

    private const string Extract = "Extract the files in it and store those";
    private const string Decompress = "Store it decompressed, or compressed with gzip";
    private const string Convert = "Export its rows as CSV or JSON";

    // Control characters that do not occur in text.
    private static readonly SearchValues<byte> Controls =
        SearchValues.Create([0, 1, 2, 3, 4, 5, 6, 7, 8, .. Enumerable.Range(14, 18).Select(i => (byte)i)]);

    /// <summary>The format of the file, with its article, and advice; null where the file can be text.</summary>
    public static (string Name, string Advice)? Detect(ReadOnlySpan<byte> start) => start switch
    {
        [(byte)'P', (byte)'K', 3, 4, ..] => Zip(start),
        [(byte)'P', (byte)'K', 5, 6, ..] or [(byte)'P', (byte)'K', 7, 8, ..] => ("a zip archive", Extract),
        [0x28, 0xB5, 0x2F, 0xFD, ..] or [>= 0x50 and <= 0x5F, 0x2A, 0x4D, 0x18, ..] => ("Zstandard (zstd)", Decompress),
        [(byte)'B', (byte)'Z', (byte)'h', >= (byte)'1' and <= (byte)'9', 0x31, 0x41, 0x59, 0x26, 0x53, 0x59, ..]
            or [(byte)'B', (byte)'Z', (byte)'h', >= (byte)'1' and <= (byte)'9', 0x17, 0x72, 0x45, 0x38, 0x50, 0x90, ..] => ("bzip2", Decompress),
        [0xFD, (byte)'7', (byte)'z', (byte)'X', (byte)'Z', 0, ..] => ("xz", Decompress),
        [0x04, 0x22, 0x4D, 0x18, ..] => ("LZ4", Decompress),
        [0x1F, 0x9D, ..] => ("a file compressed by compress (.Z)", Decompress),
        [(byte)'7', (byte)'z', 0xBC, 0xAF, 0x27, 0x1C, ..] => ("a 7z archive", Extract),
        [(byte)'R', (byte)'a', (byte)'r', (byte)'!', 0x1A, 0x07, ..] => ("a RAR archive", Extract),
        [0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1, 0x1A, 0xE1, ..] => ("an Office document from before 2007, such as an Excel workbook (xls)", Convert),
        [(byte)'O', (byte)'b', (byte)'j', 1, ..] => ("Avro", Convert),
        _ when start.StartsWith("PAR1"u8) && IsBinary(start[4..], 8) => ("Parquet", Convert),
        _ when start.StartsWith("ORC"u8) && IsBinary(start[3..], 16) => ("ORC", Convert),
        _ when start.StartsWith("ARROW1"u8) && IsBinary(start[6..], 8) => ("Arrow", Convert),
        _ when start.StartsWith("SQLite format 3\0"u8) => ("a SQLite database", Convert),
        _ when IsPdf(start) => ("PDF", Convert),
        _ when IsTar(start) => ("a tar archive", Extract),
        _ => Markup(start),
    };

    // The name of the first entry distinguishes an archive from a document.
    private static (string Name, string Advice) Zip(ReadOnlySpan<byte> start)
    {
        var name = start.Length > 30 ? start[30..Math.Min(start.Length, 80)] : [];
        return name.StartsWith("[Content_Types].xml"u8) || name.StartsWith("_rels/"u8) || name.StartsWith("xl/"u8) || name.StartsWith("docProps/"u8)
            ? ("an Office document, such as an Excel workbook (xlsx)", Convert)
            : name.StartsWith("mimetypeapplication/vnd.oasis"u8) ? ("an OpenDocument file, such as a spreadsheet (ods)", Convert)
            : ("a zip archive", Extract);
    }

    private static bool IsBinary(ReadOnlySpan<byte> next, int count) => next[..Math.Min(next.Length, count)].ContainsAny(Controls);

    // The first line is exactly %PDF-1.7, or another version.
    private static bool IsPdf(ReadOnlySpan<byte> start)
        => start.StartsWith("%PDF-"u8) && start.Length >= 8 && IsDigit(start[5]) && start[6] == '.' && IsDigit(start[7])
            && (start.Length == 8 || start[8] is (byte)'\r' or (byte)'\n');

    private static bool IsDigit(byte b) => b is >= (byte)'0' and <= (byte)'9';

    // A checksum in the header, which counts its own eight bytes as blanks, also identifies tar files that are older than ustar.
    private static bool IsTar(ReadOnlySpan<byte> start)
    {
        if (start.Length >= 265 && (start[257..].StartsWith("ustar\0"u8) || start[257..].StartsWith("ustar  \0"u8)))
            return true;
        if (start.Length < SampleBytes || start[0] == 0 || !start[..100].Contains((byte)0))
            return false;
        var (sum, written) = (8 * ' ', 0);
        for (var at = 0; at < SampleBytes; at++)
            sum += at is >= 148 and < 156 ? 0 : start[at];
        foreach (var digit in start[148..156].TrimStart((byte)' '))
        {
            if (digit is < (byte)'0' or > (byte)'7')
                break;
            written = (written * 8) + digit - '0';
        }

        return sum == written;
    }

    private static (string Name, string Advice)? Markup(ReadOnlySpan<byte> start)
    {
        var text = start[TextEncoding.MarkLength(start)..].TrimStart(" \t\r\n"u8);
        if (Begins(text, "<?xml "u8) || Begins(text, "<?xml\t"u8))
            return ("XML", Convert);
        return BeginsDocument(text, "<!doctype html"u8) || BeginsDocument(text, "<html"u8)
            ? ("an HTML page, perhaps an error page of the server that delivered it", "Check what wrote it, or download the file again")
            : null;
    }

    // The tag must be complete, and be followed by nothing or by another tag. Otherwise it is the text of a field.
    private static bool BeginsDocument(ReadOnlySpan<byte> text, ReadOnlySpan<byte> tag)
    {
        if (!Begins(text, tag) || text.Length == tag.Length
            || text[tag.Length] is not ((byte)'>' or (byte)' ' or (byte)'\t' or (byte)'\r' or (byte)'\n'))
            return false;
        var close = text.IndexOf((byte)'>');
        if (close < 0)
            return text.Length >= SampleBytes / 2;
        var behind = text[(close + 1)..].TrimStart(" \t\r\n"u8);
        return behind.IsEmpty || behind[0] == '<';
    }

    private static bool Begins(ReadOnlySpan<byte> text, ReadOnlySpan<byte> tag)
        => text.Length >= tag.Length && System.Text.Ascii.EqualsIgnoreCase(text[..tag.Length], tag);
}
