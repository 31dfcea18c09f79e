using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace PeakS3Feed.Schemas;

/// <summary>
/// Assigns column names. They are snake_case, unique regardless of case, within the destination's length, and differ from the audit columns and the
/// destination's reserved names. The same fields in the same order get the same names.
/// </summary>
public sealed class ColumnNames
{
    private const int HashLength = 8;
    private const int MinNameBytes = 16;

    private static readonly string[] Reserved = ["peakauditcreatedat", "peakauditfilename", "peakauditrequestid", "peakauditupdatedat"];

    private readonly HashSet<string> _taken = new(Reserved, StringComparer.OrdinalIgnoreCase);
    private readonly int _maxBytes;
    private readonly bool _upperCase;

    /// <summary>Creates an assigner.</summary>
    /// <param name="limits">The maximum length and the case of names.</param>
    /// <param name="taken">Names that are already in use.</param>
    public ColumnNames(ValueLimits limits, IEnumerable<string>? taken = null)
    {
        _maxBytes = Math.Max(MinNameBytes, limits.MaxNameBytes);
        _upperCase = limits.UpperCaseNames;
        _taken.UnionWith(limits.ReservedNames);
        _taken.UnionWith(taken ?? []);
    }

    /// <summary>Whether a name is that of an audit column.</summary>
    public static bool IsReserved(string name) => Reserved.Contains(name, StringComparer.OrdinalIgnoreCase);

    /// <summary>Assigns a name to a field.</summary>
    /// <param name="field">The name of the field in the file.</param>
    /// <param name="position">Its position, from 1; the name of a field without a usable name.</param>
    public string Assign(string field, int position)
    {
        var words = SnakeCase.From(field);
        if (words.Length == 0)
            words = string.Create(CultureInfo.InvariantCulture, $"column_{position}");
        else if (char.IsAsciiDigit(words[0]))
            words = "_" + words;
        if (_upperCase)
            words = words.ToUpperInvariant();
        if (Encoding.UTF8.GetByteCount(words) > _maxBytes)
            words = $"{Cut(words, _maxBytes - HashLength - 1)}_{Hash(field)}";
        var name = words;
        for (var number = 2; !_taken.Add(name); number++)
        {
            var suffix = string.Create(CultureInfo.InvariantCulture, $"_{number}");
            name = Cut(words, _maxBytes - suffix.Length) + suffix;
        }

        return name;
    }

    /// <summary>
    /// Renames the columns whose names the destination reserves. Such a column gets the name that it has in the table, otherwise an unused name.
    /// </summary>
    /// <param name="schema">The feed's columns.</param>
    /// <param name="recorded">The columns that the table has.</param>
    /// <param name="limits">The destination's limits.</param>
    public static FeedSchema ReplaceReserved(FeedSchema schema, IReadOnlyList<FeedColumn> recorded, ValueLimits limits)
    {
        if (!schema.Columns.Any(c => limits.ReservedNames.Contains(c.Name)))
            return schema;
        var names = new ColumnNames(limits, schema.Columns.Concat(recorded).Select(c => c.Name));
        return new FeedSchema(schema.Columns.Select((c, i) => limits.ReservedNames.Contains(c.Name)
            ? c with { Name = recorded.FirstOrDefault(r => r.Field == c.Field)?.Name ?? names.Assign(c.Name, i + 1) }
            : c));
    }

    private string Hash(string field)
    {
        var hex = Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(field)).AsSpan(0, HashLength / 2));
        return _upperCase ? hex : hex.ToLowerInvariant();
    }

    // Cuts between characters, never inside one.
    private static string Cut(string text, int maxBytes)
    {
        var bytes = 0;
        var length = 0;
        foreach (var rune in text.EnumerateRunes())
        {
            bytes += rune.Utf8SequenceLength;
            if (bytes > maxBytes)
                return text[..length];
            length += rune.Utf16SequenceLength;
        }

        return text;
    }
}
