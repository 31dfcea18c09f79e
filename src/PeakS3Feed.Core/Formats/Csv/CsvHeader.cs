using System.Globalization;
using System.Text;

namespace PeakS3Feed.Formats.Csv;

/// <summary>Reads the field names of a CSV file.</summary>
internal static class CsvHeader
{
    /// <summary>
    /// Returns the names in a header row. A blank name becomes <c>column_3</c> by its position; the second <c>name</c> becomes <c>name_2</c>. So the
    /// names are unique, and the same for every file with that header.
    /// </summary>
    public static string[] Read(Record header)
    {
        var written = new string[header.Count];
        for (var field = 0; field < written.Length; field++)
            written[field] = Encoding.UTF8.GetString(header.Value(field));
        return Distinct(written);
    }

    /// <summary>Returns <c>column_1</c>, <c>column_2</c> and so on.</summary>
    public static string[] Numbered(int count)
    {
        var names = new string[count];
        for (var field = 0; field < count; field++)
            names[field] = NameOf(field);
        return names;
    }

    /// <summary>Whether the row is the line that names the separator for Excel: <c>sep=;</c>.</summary>
    public static bool NamesSeparator(ReadOnlySpan<byte> raw)
    {
        var line = raw.Trim((byte)'"');
        return line.Length > 4
            && Ascii.EqualsIgnoreCase(line[..4], "sep="u8)
            && Rune.DecodeFromUtf8(line[4..], out _, out var length) == System.Buffers.OperationStatus.Done
            && length == line.Length - 4;
    }

    private static string NameOf(int position) => string.Create(CultureInfo.InvariantCulture, $"column_{position + 1}");

    // A name that is in the header is not assigned to a blank field or to a duplicate.
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
