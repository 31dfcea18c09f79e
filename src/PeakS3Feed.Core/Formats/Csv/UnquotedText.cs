using System.Text;

namespace PeakS3Feed.Formats.Csv;

/// <summary>Reduces a text to the characters that can be separators and line ends, for any of the candidates.</summary>
internal static class UnquotedText
{
    private const char Other = 'x';

    /// <summary>
    /// Returns the lines of the text without blank lines, each ended by LF. They contain the candidates that are neither quoted nor escaped, and an x
    /// for everything else.
    /// </summary>
    public static string Extract(string text, ReadOnlySpan<char> candidates, CsvOptions options)
    {
        var lines = new StringBuilder(text.Length + 1);
        var fieldBegins = true;
        for (var at = 0; at < text.Length; at++)
        {
            var here = text[at];
            var begins = fieldBegins;
            fieldBegins = here is '\r' or '\n' || candidates.Contains(here);
            if (here is '\r' or '\n')
            {
                EndLine(lines);
                continue;
            }

            if (here == options.Escape && here != options.Quote)
                at++;
            else if (here == options.Quote && begins)
                at = CloseOf(text, at, options);
            lines.Append(candidates.Contains(here) ? here : Other);
        }

        EndLine(lines);
        return lines.ToString();
    }

    private static void EndLine(StringBuilder lines)
    {
        if (lines.Length > 0 && lines[^1] != '\n')
            lines.Append('\n');
    }

    // The index where quoted text ends: the closing quote, or the end of the text.
    private static int CloseOf(string text, int quoteAt, CsvOptions options)
    {
        var escape = options.Escape ?? options.Quote;
        for (var at = quoteAt + 1; at < text.Length; at++)
        {
            if (text[at] == escape && at + 1 < text.Length && (escape != options.Quote || text[at + 1] == options.Quote))
                at++;
            else if (text[at] == options.Quote)
                return at;
        }

        return text.Length;
    }
}
