using System.Globalization;
using System.Text;
using CsvHelper;
using CsvHelper.Configuration;
using CsvHelper.Delegates;

namespace PeakS3Feed.Formats.Csv;

/// <summary>Guesses the separator of a file with CsvHelper's method: the candidate that is in every line, and the most frequent of these.</summary>
public static class SeparatorDetector
{
    /// <summary>The number of bytes examined: 64 KiB.</summary>
    public const int SampleBytes = 64 * 1024;

    private static readonly char[] Candidates = [',', ';', '|', '\t'];

    /// <summary>
    /// Detects the separator of the file that begins with <paramref name="start"/>: a comma, semicolon, pipe or tab. Where no candidate is in every
    /// line, it is the most frequent one of the first line; a comma when the line has none.
    /// </summary>
    /// <param name="start">Decompressed bytes, UTF-8. Bytes beyond <see cref="SampleBytes"/> are ignored.</param>
    /// <param name="options">The rest of the dialect. Lines that the feed skips are ignored.</param>
    public static string Detect(ReadOnlySpan<byte> start, CsvOptions options)
    {
        var text = TextOf(start, options);
        var candidates = Candidates.Where(c => c != options.Quote && c != options.Escape).ToArray();
        var lines = UnquotedText.Extract(text, candidates, options);
        if (lines.Length == 0)
            return ",";
        var configuration = new CsvConfiguration(CultureInfo.InvariantCulture)
        {
            DetectDelimiter = true,
            DetectDelimiterValues = [.. candidates.Select(c => c.ToString())],
            Delimiter = MostFrequent(lines[..lines.AsSpan().IndexOf('\n')], candidates),
            Mode = CsvMode.NoEscape,
        };
        // CsvHelper regards the last line as incomplete and ignores it.
        return ConfigurationFunctions.GetDelimiter(new GetDelimiterArgs(lines + "\n", configuration));
    }

    /// <summary>
    /// Finds a separator that suits the file better, where <paramref name="separator"/> makes one column of it: its first line does not contain
    /// <paramref name="separator"/>, and every line contains this one. Null where there is no better one.
    /// </summary>
    /// <param name="start">As for <see cref="Detect"/>.</param>
    /// <param name="options">The rest of the dialect.</param>
    /// <param name="separator">The separator in use.</param>
    public static string? FindBetter(ReadOnlySpan<byte> start, CsvOptions options, string separator)
    {
        var candidates = Candidates.Where(c => c != options.Quote && c != options.Escape).ToArray();
        var lines = UnquotedText.Extract(TextOf(start, options), candidates, options).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        if (separator is not [var current] || !candidates.Contains(current)
            || lines.Length == 0 || lines[0].Contains(current, StringComparison.Ordinal))
            return null;
        var common = candidates.Where(c => Array.TrueForAll(lines, l => l.Contains(c, StringComparison.Ordinal))).ToArray();
        return common.Length == 0 ? null : MostFrequent(lines[0], common);
    }

    private static string TextOf(ReadOnlySpan<byte> start, CsvOptions options)
    {
        var sample = start[..Math.Min(start.Length, SampleBytes)];
        var text = Encoding.UTF8.GetString(sample[TextEncoding.MarkLength(sample)..]);
        for (var line = 0; line < options.SkipRows && text.Length > 0; line++)
            text = AfterLine(text);
        return start.Length >= SampleBytes && text.LastIndexOfAny(['\r', '\n']) is > 0 and var last ? text[..(last + 1)] : text;
    }

    private static string MostFrequent(string line, char[] candidates)
        => candidates.MaxBy(c => line.AsSpan().Count(c)) is var most && line.Contains(most, StringComparison.Ordinal) ? most.ToString() : ",";

    private static string AfterLine(string text)
    {
        var end = text.AsSpan().IndexOfAny('\r', '\n');
        if (end < 0)
            return "";
        return text[(text[end] == '\r' && end + 1 < text.Length && text[end + 1] == '\n' ? end + 2 : end + 1)..];
    }
}

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
        var lineBegins = true;
        for (var at = 0; at < text.Length; at++)
        {
            var here = text[at];
            if (lineBegins && options.CommentPrefix is { } prefix && string.CompareOrdinal(text, at, prefix, 0, prefix.Length) == 0)
            {
                var end = text.AsSpan(at).IndexOfAny('\r', '\n');
                at = end < 0 ? text.Length : at + end;
                continue;
            }

            var begins = fieldBegins;
            lineBegins = here is '\r' or '\n';
            fieldBegins = lineBegins || candidates.Contains(here) || (begins && options.TrimValues && char.IsWhiteSpace(here));
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
