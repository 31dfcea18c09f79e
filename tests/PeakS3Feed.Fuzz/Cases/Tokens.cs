using System.Text;

namespace PeakS3Feed.Fuzz.Cases;

/// <summary>Bytes that mean something to one of the formats, or should not.</summary>
internal static class Tokens
{
    private static readonly byte[][] Bytes =
    [
        .. new[]
        {
            "\"", "\"\"", "'", ",", ",,", ";", "\t", "|", "::", ":", "¦", "\\", "\\\\", "\\\"", "\\N", "^", "\r", "\n", "\r\n", "\n\r", "\r\r\n", "\0", "\0\0\0\0", "\uFEFF", " ",
            "[", "]", "{", "}", "[]", "{}", "{\"a\":1}", "null", "true", "tru", "-", "0", "1e5", "-1.5E+308", "1e999999999", "\\u0000", "\\ud83d", "\\ude00", "\\ud83d\\ude00", "\\u00",
            "\"a\":", "//", "NaN", "\u2028", "😀", "\u001a", "a", "sep=;\n", "#", "#x,\"\n", "\n#", "\u00A0", "\" ", " \"", "\"x\"", "\"x\"y",
        }.Select(Encoding.UTF8.GetBytes),
        [0xFF], [0xFE], [0xFF, 0xFE], [0xFE, 0xFF], [0xC2], [0xC0, 0x80], [0xED, 0xA0, 0x80], [0xF0, 0x9F, 0x98], [0x80], [0x1F, 0x8B], [0x1F, 0x8B, 8, 0], [0x7F],
    ];

    public static byte[] Any(Dice dice)
    {
        var token = dice.Pick(Bytes);
        if (!dice.OneIn(25))
            return token;
        // A long run of it, now and then so long that no row may have it; of lines fewer, for a reject of JSON each takes its time.
        var bytes = dice.OneIn(250) && !token.AsSpan().ContainsAny((byte)'\r', (byte)'\n') ? (16 * 1024 * 1024) + dice.Between(-3, 3) : dice.Between(1, dice.OneIn(5) ? 300_000 : 3_000);
        var run = new byte[bytes];
        for (var at = 0; at < run.Length; at++)
            run[at] = token[at % token.Length];
        return run;
    }
}
