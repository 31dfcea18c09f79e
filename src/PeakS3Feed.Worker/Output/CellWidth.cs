using System.Globalization;
using Spectre.Console.Rendering;

namespace PeakS3Feed.Worker.Output;

/// <summary>Text in columns of a terminal: some characters take two, some none.</summary>
internal static class CellWidth
{
    private const string More = "…";

    /// <summary>How many columns a text takes.</summary>
    public static int Of(string text) => new Segment(text).CellCount();

    /// <summary>The text, cut where it is wider than that.</summary>
    public static string Cut(string text, int width)
    {
        if (Of(text) <= width)
            return text;
        var (used, end) = (1, 0);
        foreach (var element in Elements(text))
        {
            if ((used += Of(element)) > width)
                break;
            end += element.Length;
        }

        return text[..end] + More;
    }

    /// <summary>The text, filled up to that width.</summary>
    public static string Pad(string text, int width) => text + new string(' ', Math.Max(0, width - Of(text)));

    private static IEnumerable<string> Elements(string text)
    {
        for (var elements = StringInfo.GetTextElementEnumerator(text); elements.MoveNext();)
            yield return elements.GetTextElement();
    }
}
