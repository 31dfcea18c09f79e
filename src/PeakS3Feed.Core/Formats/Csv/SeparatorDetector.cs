using System.Globalization;
using System.Text;
using CsvHelper;
using CsvHelper.Configuration;
using CsvHelper.Delegates;

namespace PeakS3Feed.Formats.Csv;

/// <summary>Guesses the separator of a file, the way CsvHelper does: the one that stands in every line, and most often.</summary>
public static class SeparatorDetector
{
    /// <summary>How much of a file is looked at: 64 KiB.</summary>
    public const int SampleBytes = 64 * 1024;

    private static readonly char[] Candidates = [',', ';', '|', '\t'];

    /// <summary>
    /// The separator of the file that begins with <paramref name="start"/>: a comma, semicolon, pipe or tab. Where none of them stands in
    /// every line, the one that the first line has most of; a comma when it has none.
    /// </summary>
    /// <param name="start">Decompressed bytes, UTF-8; what goes beyond <see cref="SampleBytes"/> is not looked at.</param>
    /// <param name="options">The rest of the dialect; lines that the feed passes over are not looked at.</param>
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
        // It takes the last line for a part of one, and leaves it out.
        return ConfigurationFunctions.GetDelimiter(new GetDelimiterArgs(lines + "\n", configuration));
    }

    /// <summary>
    /// The separator that the file seems to have, where another one makes one column of it: its first line does not hold <paramref name="separator"/>,
    /// and every line holds this one. Null where the separator fits, or nothing fits better.
    /// </summary>
    /// <param name="start">As for <see cref="Detect"/>.</param>
    /// <param name="options">The rest of the dialect.</param>
    /// <param name="separator">The separator that the file is read with.</param>
    public static string? FindBetter(ReadOnlySpan<byte> start, CsvOptions options, string separator)
    {
        var candidates = Candidates.Where(c => c != options.Quote && c != options.Escape).ToArray();
        var lines = UnquotedText.Extract(TextOf(start, options), candidates, options).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        if (separator is not [var current] || !candidates.Contains(current) || lines.Length == 0 || lines[0].Contains(current, StringComparison.Ordinal))
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
