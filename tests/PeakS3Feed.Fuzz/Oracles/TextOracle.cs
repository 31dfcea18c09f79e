using System.Text;
using PeakS3Feed.Errors;
using PeakS3Feed.Formats;

namespace PeakS3Feed.Fuzz.Oracles;

/// <summary>
/// A file that is not UTF-8, decoded byte by byte and unit by unit, and where each character stands in the file. Shares no code with the product.
/// </summary>
internal sealed class TextOracle
{
    private const string Special = "€?‚ƒ„…†‡ˆ‰Š‹Œ?Ž??‘’“”•–—˜™š›œ?žŸ";

    private readonly List<byte> _utf8 = [];
    private readonly Dictionary<long, long> _decodedOf = [];

    /// <summary>The text in UTF-8. A byte without a character is FF, a lone surrogate three bytes.</summary>
    public byte[] Utf8 => [.. _utf8];

    /// <summary>How messages name the encoding.</summary>
    public static string Name(FileEncoding encoding) => encoding switch
    {
        FileEncoding.Utf8 => "UTF-8",
        FileEncoding.Utf16 => "UTF-16",
        FileEncoding.Latin1 => "Latin-1",
        _ => "Windows-1252",
    };

    /// <summary>Decodes a file; null where its first bytes show another encoding.</summary>
    public static TextOracle? Decode(byte[] file, FileEncoding encoding)
    {
        var text = new TextOracle();
        if (file is [0xEF, 0xBB, 0xBF, ..] or [0xFF, 0xFE, 0, 0, ..] or [0, 0, 0xFE, 0xFF, ..])
            return null;
        if (encoding != FileEncoding.Utf16)
            return file is [0xFF, 0xFE, ..] or [0xFE, 0xFF, ..] ? null : text.Bytes(file, encoding == FileEncoding.Windows1252);
        var start = file.Take(512).ToList();
        var (even, odd) = (start.Where((b, at) => b == 0 && at % 2 == 0).Count(), start.Where((b, at) => b == 0 && at % 2 == 1).Count());
        var isMarked = file is [0xFF, 0xFE, ..] or [0xFE, 0xFF, ..];
        if (file.Length > 0 && !isMarked && even + odd == 0)
            return null;
        return text.Units(file, isMarked ? file[0] == 0xFE : even > odd);
    }

    /// <summary>The same transcript, with the places of its rows and its error in the decoded text.</summary>
    public Transcript Relocate(Transcript read) => read with
    {
        Entries = [.. read.Entries.Select(e => e with { Offset = Decoded(e.Offset) })],
        Error = read.Error is { Position: { ByteOffset: { } offset } position } error && _decodedOf.TryGetValue(offset, out var at)
            ? new FeedException(error.Id, error.Category, error.Message) { Position = position with { ByteOffset = at }, Hint = error.Hint }
            : read.Error,
    };

    private long Decoded(long offset)
    {
        FuzzFailure.Unless(_decodedOf.ContainsKey(offset), () => $"no character begins at byte {offset}");
        return _decodedOf[offset];
    }

    private TextOracle Bytes(byte[] file, bool isWindows)
    {
        for (var at = 0; at < file.Length; at++)
        {
            var b = file[at];
            var special = isWindows && b is >= 0x80 and < 0xA0 ? Special[b - 0x80] : (char)b;
            Add(at, special == '?' && b >= 0x80 ? [0xFF] : Encoding.UTF8.GetBytes(special.ToString()));
        }

        return End(file.Length);
    }

    private TextOracle Units(byte[] file, bool isBig)
    {
        int Unit(int at) => at + 1 < file.Length ? isBig ? (file[at] << 8) | file[at + 1] : file[at] | (file[at + 1] << 8) : -1;
        for (var at = 0; at < file.Length; at += 2)
        {
            var (unit, next) = (Unit(at), Unit(at + 2));
            if (unit < 0)
                Add(at, [0xFF]);
            else if (unit is >= 0xD800 and < 0xDC00 && next is >= 0xDC00 and < 0xE000)
                Add(at, Encoding.UTF8.GetBytes(char.ConvertFromUtf32(0x10000 + ((unit - 0xD800) << 10) + next - 0xDC00)));
            else if (unit is >= 0xD800 and < 0xE000)
                Add(at, [(byte)(0xE0 | (unit >> 12)), (byte)(0x80 | ((unit >> 6) & 0x3F)), (byte)(0x80 | (unit & 0x3F))]);
            else
                Add(at, Encoding.UTF8.GetBytes(((char)unit).ToString()));
            at += unit is >= 0xD800 and < 0xDC00 && next is >= 0xDC00 and < 0xE000 ? 2 : 0;
        }

        return End(file.Length);
    }

    private void Add(int at, byte[] utf8)
    {
        _decodedOf[at] = _utf8.Count;
        _utf8.AddRange(utf8);
    }

    private TextOracle End(int length)
    {
        _decodedOf[length] = _utf8.Count;
        return this;
    }
}
