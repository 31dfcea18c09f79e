using System.Globalization;
using Spectre.Console.Rendering;

namespace PeakS3Feed.Worker.Output;

/// <summary>Measures text in columns of a terminal: some characters take two columns, some none.</summary>
internal static class CellWidth
{
    private const string More = "…";

    /// <summary>Returns the number of columns of a text.</summary>
    public static int Measure(string text) => new Segment(text).CellCount();

    /// <summary>Cuts a text to a width.</summary>
    public static string Cut(string text, int width)
    {
        if (Measure(text) <= width)
            return text;
        var (used, end) = (1, 0);
        foreach (var element in Elements(text))
        {
            if ((used += Measure(element)) > width)
                break;
            end += element.Length;
        }

        return text[..end] + More;
    }

    /// <summary>Pads a text to a width.</summary>
    public static string Pad(string text, int width) => text + new string(' ', Math.Max(0, width - Measure(text)));

    private static IEnumerable<string> Elements(string text)
    {
        for (var elements = StringInfo.GetTextElementEnumerator(text); elements.MoveNext();)
            yield return elements.GetTextElement();
    }
}
