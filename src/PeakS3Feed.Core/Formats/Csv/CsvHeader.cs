using System.Globalization;
using System.Text;

namespace PeakS3Feed.Formats.Csv;

/// <summary>The names of a file's fields.</summary>
internal static class CsvHeader
{
    /// <summary>
    /// The names in a header row, as written. A blank one is <c>column_3</c> by its position, a second <c>name</c> is <c>name_2</c>:
    /// every field has a name of its own, and the same one in every file with that header.
    /// </summary>
    public static string[] Read(Record header)
    {
        var written = new string[header.Count];
        for (var field = 0; field < written.Length; field++)
            written[field] = Encoding.UTF8.GetString(header.Value(field));
        return Distinct(written);
    }

    /// <summary><c>column_1</c> and on.</summary>
    public static string[] Numbered(int count)
    {
        var names = new string[count];
        for (var field = 0; field < count; field++)
            names[field] = NameOf(field);
        return names;
    }

    /// <summary>Whether the row is the line by which Excel is told the separator: <c>sep=;</c>.</summary>
    public static bool NamesSeparator(ReadOnlySpan<byte> raw)
    {
        var line = raw.Trim((byte)'"');
        return line.Length > 4
            && Ascii.EqualsIgnoreCase(line[..4], "sep="u8)
            && Rune.DecodeFromUtf8(line[4..], out _, out var length) == System.Buffers.OperationStatus.Done
            && length == line.Length - 4;
    }

    private static string NameOf(int position) => string.Create(CultureInfo.InvariantCulture, $"column_{position + 1}");

    // Names that the header itself has are not given away, neither to a blank field nor to the second of two.
    private static string[] Distinct(string[] written)
    {
        var taken = new HashSet<string>(written, StringComparer.Ordinal);
        var seen = new HashSet<string>(StringComparer.Ordinal);
        var lastNumber = new Dictionary<string, int>(StringComparer.Ordinal);
        var names = new string[written.Length];
        for (var field = 0; field < written.Length; field++)
        {
            var blank = string.IsNullOrWhiteSpace(written[field]);
            var name = blank ? NameOf(field) : written[field];
            var isFree = blank ? taken.Add(name) : seen.Add(name);
            names[field] = isFree ? name : Numbered(name, taken, lastNumber);
        }

        return names;
    }

    private static string Numbered(string name, HashSet<string> taken, Dictionary<string, int> lastNumber)
    {
        for (var number = lastNumber.GetValueOrDefault(name, 1) + 1; ; number++)
        {
            var candidate = string.Create(CultureInfo.InvariantCulture, $"{name}_{number}");
            if (!taken.Add(candidate))
                continue;
            lastNumber[name] = number;
            return candidate;
        }
    }
}
