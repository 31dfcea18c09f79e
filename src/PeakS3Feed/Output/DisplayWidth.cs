using System.Globalization;
using System.Text;

namespace PeakS3Feed.Cmdlets.Output;

/// <summary>Measures text in columns of a terminal: East Asian characters and pictographs take two columns, combining marks none.</summary>
internal static class DisplayWidth
{
    private const char More = '…';

    // The first and last character of each block of wide characters.
    private static readonly (int First, int Last)[] Wide =
    [
        (0x1100, 0x115F), (0x2E80, 0x303E), (0x3041, 0xA4CF), (0xA960, 0xA97C), (0xAC00, 0xD7A3), (0xF900, 0xFAFF), (0xFE30, 0xFE6F),
        (0xFF00, 0xFF60), (0xFFE0, 0xFFE6), (0x1F300, 0x1F64F), (0x1F680, 0x1F6FF), (0x1F900, 0x1F9FF), (0x20000, 0x3FFFD),
    ];

    /// <summary>Returns the width of a text.</summary>
    public static int Measure(string text) => text.EnumerateRunes().Sum(Measure);

    /// <summary>Cuts a text to a width.</summary>
    public static string Cut(string text, int width)
    {
        if (Measure(text) <= width)
            return text;
        var (used, cut) = (1, new StringBuilder());
        foreach (var rune in text.EnumerateRunes())
        {
            if ((used += Measure(rune)) > width)
                break;
            cut.Append(rune);
        }

        return cut.Append(More).ToString();
    }

    /// <summary>Returns the spaces that pad a text to a width.</summary>
    public static string Padding(string text, int width) => new(' ', Math.Max(0, width - Measure(text)));

    private static int Measure(Rune rune)
        => Rune.GetUnicodeCategory(rune) is UnicodeCategory.NonSpacingMark or UnicodeCategory.EnclosingMark or UnicodeCategory.Format ? 0
            : Array.Exists(Wide, w => rune.Value >= w.First && rune.Value <= w.Last) ? 2
            : 1;
}
