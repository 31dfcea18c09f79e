using System.Text;

namespace PeakS3Feed.Formats.Csv;

/// <summary>Leaves of a text what can be separators and line ends, whichever candidate is the separator.</summary>
internal static class UnquotedText
{
    private const char Other = 'x';

    /// <summary>
    /// The text's lines but blank ones, each ended by LF: the candidates that stand neither in quotes nor behind an escape, and an x for
    /// all else.
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

    // Where the quoted text ends that begins at a quote: at the closing quote, or at the text's end.
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
