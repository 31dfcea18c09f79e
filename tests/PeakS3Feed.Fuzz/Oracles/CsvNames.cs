using System.Globalization;
using System.Text;

namespace PeakS3Feed.Fuzz.Oracles;

/// <summary>The names that a header gives: a blank one is column_N, a second one gets a number that no other has.</summary>
internal static class CsvNames
{
    /// <summary>Whether a line is sep=; or the like, in quotes or not.</summary>
    public static bool AreExcelsSeparator(byte[] raw)
    {
        var text = Encoding.UTF8.GetString(raw).Trim('"');
        return text.StartsWith("sep=", StringComparison.OrdinalIgnoreCase) && text[4..].EnumerateRunes().Count() == 1;
    }

    public static List<string> From(IReadOnlyList<string> written)
    {
        var taken = new HashSet<string>(written, StringComparer.Ordinal);
        var given = new HashSet<string>(StringComparer.Ordinal);
        var names = new List<string>();
        for (var i = 0; i < written.Count; i++)
        {
            var blank = string.IsNullOrWhiteSpace(written[i]);
            var name = blank ? string.Create(CultureInfo.InvariantCulture, $"column_{i + 1}") : written[i];
            var wanted = name;
            for (var number = 2; given.Contains(name) || ((blank || number > 2) && taken.Contains(name)); number++)
                name = string.Create(CultureInfo.InvariantCulture, $"{wanted}_{number}");
            given.Add(name);
            names.Add(name);
        }

        return names;
    }
}
