using System.IO.Compression;
using System.Text;

namespace PeakS3Feed.Feeds.Direct;

/// <summary>What the first bytes of an object show: its compression and its header.</summary>
/// <param name="IsGzip">Whether the object is compressed with gzip.</param>
/// <param name="Header">The bytes of the first line, without its line end.</param>
/// <param name="Problem">Why a warehouse may read other rows than this program; null if nothing shows that.</param>
internal sealed record ObjectStart(bool IsGzip, byte[] Header, string? Problem)
{
    private const byte Quote = (byte)'"';
    private const byte Cr = (byte)'\r';
    private const byte Lf = (byte)'\n';

    /// <summary>Reads the first bytes of an object.</summary>
    /// <param name="stored">The bytes.</param>
    /// <param name="isWhole">Whether they are the whole object.</param>
    public static ObjectStart Read(byte[] stored, bool isWhole)
    {
        if (!IsGzipStart(stored))
            return FromText(isGzip: false, stored, isWhole);
        try
        {
            return FromText(isGzip: true, Decompress(stored, isWhole, out var isEnd), isWhole && isEnd);
        }
        catch (InvalidDataException e)
        {
            return new(IsGzip: true, [], $"it is not a valid gzip file ({e.Message.TrimEnd('.')})");
        }
    }

    /// <summary>The names in the header, for a separator of one byte and quotes that are doubled inside quotes.</summary>
    public IReadOnlyList<string> ReadNames(char separator)
    {
        List<string> names = [];
        var name = new List<byte>();
        var quoted = false;
        for (var at = 0; at < Header.Length; at++)
        {
            var one = Header[at];
            if (one == Quote && quoted && at + 1 < Header.Length && Header[at + 1] == Quote)
            {
                name.Add(one);
                at++;
            }
            else if (one == Quote)
            {
                quoted = !quoted;
            }
            else if (one == separator && !quoted)
            {
                names.Add(Encoding.UTF8.GetString([.. name]));
                name.Clear();
            }
            else
            {
                name.Add(one);
            }
        }
        return [.. names, Encoding.UTF8.GetString([.. name])];
    }

    private static ObjectStart FromText(bool isGzip, ReadOnlySpan<byte> text, bool isWhole)
    {
        if (text is [0xEF, 0xBB, 0xBF, ..])
            return new(isGzip, [], "it begins with a byte order mark");
        if (IsGzipStart(text))
            return new(isGzip, [], "it is compressed twice");
        var quoted = false;
        for (var at = 0; at < text.Length; at++)
        {
            if (text[at] == Quote)
                quoted = !quoted;
            if (text[at] is Lf or Cr)
                return FromLine(isGzip, text, at, quoted, isWhole);
        }
        if (!isWhole)
            return new(isGzip, [], "its header is longer than the feed's columns need");
        return new(isGzip, text.ToArray(), text.IsEmpty ? "it has no header" : quoted ? "the header has a quote without an end" : null);
    }

    private static ObjectStart FromLine(bool isGzip, ReadOnlySpan<byte> text, int end, bool quoted, bool isWhole)
    {
        var header = text[..end].ToArray();
        if (quoted)
            return new(isGzip, header, "its header has a line break");
        var isLineEnd = text[end] == Lf || (end + 1 < text.Length ? text[end + 1] == Lf : !isWhole);
        return new(isGzip, header, !isLineEnd ? "its lines end with CR" : header.Length == 0 ? "it begins with a blank line" : null);
    }

    private static bool IsGzipStart(ReadOnlySpan<byte> start) => start is [0x1F, 0x8B, ..];

    // As much as the bytes give. What is cut off ends the stream early, or is an error there.
    private static byte[] Decompress(byte[] stored, bool isWhole, out bool isEnd)
    {
        using var gzip = new GZipStream(new MemoryStream(stored), CompressionMode.Decompress);
        using var text = new MemoryStream();
        var buffer = new byte[4096];
        isEnd = false;
        try
        {
            while (!isEnd && text.Length < stored.Length * 2L)
            {
                var read = gzip.Read(buffer);
                text.Write(buffer, 0, read);
                isEnd = read == 0;
            }
        }
        catch (InvalidDataException) when (!isWhole && text.Length > 0)
        {
            // It was cut off.
        }
        return text.ToArray();
    }
}
