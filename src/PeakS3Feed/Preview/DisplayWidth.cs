using System.Globalization;
using System.Text;

namespace PeakS3Feed.Cmdlets.Preview;

/// <summary>How many columns of a terminal text takes: East Asian characters and pictures take two, marks that combine with others none.</summary>
internal static class DisplayWidth
{
    private const char More = '…';

    // First and last of the blocks that are wide.
    private static readonly (int First, int Last)[] Wide =
    [
        (0x1100, 0x115F), (0x2E80, 0x303E), (0x3041, 0xA4CF), (0xA960, 0xA97C), (0xAC00, 0xD7A3), (0xF900, 0xFAFF), (0xFE30, 0xFE6F), (0xFF00, 0xFF60), (0xFFE0, 0xFFE6),
        (0x1F300, 0x1F64F), (0x1F680, 0x1F6FF), (0x1F900, 0x1F9FF), (0x20000, 0x3FFFD),
    ];

    /// <summary>The width of a text.</summary>
    public static int Of(string text) => text.EnumerateRunes().Sum(Of);

    /// <summary>The text, cut where it is wider than that.</summary>
    public static string Cut(string text, int width)
    {
        if (Of(text) <= width)
            return text;
        var (used, cut) = (1, new StringBuilder());
        foreach (var rune in text.EnumerateRunes())
        {
            if ((used += Of(rune)) > width)
                break;
            cut.Append(rune);
        }

        return cut.Append(More).ToString();
    }

    /// <summary>Blanks that fill a text up to a width.</summary>
    public static string Rest(string text, int width) => new(' ', Math.Max(0, width - Of(text)));

    private static int Of(Rune rune)
        => Rune.GetUnicodeCategory(rune) is UnicodeCategory.NonSpacingMark or UnicodeCategory.EnclosingMark or UnicodeCategory.Format ? 0
            : Array.Exists(Wide, w => rune.Value >= w.First && rune.Value <= w.Last) ? 2
            : 1;
}
