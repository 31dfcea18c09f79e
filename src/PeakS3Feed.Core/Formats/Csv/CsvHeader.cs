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
        {
            var name = Encoding.UTF8.GetString(header.Value(field));
            written[field] = string.IsNullOrWhiteSpace(name) ? NameOf(field) : name;
        }

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

    private static string NameOf(int position) => string.Create(CultureInfo.InvariantCulture, $"column_{position + 1}");

    private static string[] Distinct(string[] written)
    {
        var taken = new HashSet<string>(written, StringComparer.Ordinal);
        var seen = new HashSet<string>(StringComparer.Ordinal);
        var names = new string[written.Length];
        for (var field = 0; field < written.Length; field++)
        {
            var name = written[field];
            for (var number = 2; !seen.Add(name); number++)
            {
                // A name that the header itself has further on is not given away.
                var candidate = string.Create(CultureInfo.InvariantCulture, $"{written[field]}_{number}");
                name = taken.Add(candidate) ? candidate : name;
            }

            names[field] = name;
        }

        return names;
    }
}
