using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace PeakS3Feed.Schemas;

/// <summary>
/// Gives columns their names, each name once: snake_case, unlike every other name regardless of case, within the destination's
/// length, never that of an audit column or of one that the destination keeps for itself. The same fields in the same order get the same names.
/// </summary>
public sealed class ColumnNames
{
    private const int HashLength = 8;
    private const int ShortestMaxBytes = 16;

    private static readonly string[] Reserved = ["peakauditcreatedat", "peakauditfilename", "peakauditrequestid", "peakauditupdatedat"];

    private readonly HashSet<string> _taken = new(Reserved, StringComparer.OrdinalIgnoreCase);
    private readonly int _maxBytes;
    private readonly bool _upperCase;

    /// <summary>Makes an assigner.</summary>
    /// <param name="limits">The longest name and the case.</param>
    /// <param name="taken">Names that are given already.</param>
    public ColumnNames(ValueLimits limits, IEnumerable<string>? taken = null)
    {
        _maxBytes = Math.Max(ShortestMaxBytes, limits.MaxNameBytes);
        _upperCase = limits.UpperCaseNames;
        _taken.UnionWith(limits.ReservedNames);
        _taken.UnionWith(taken ?? []);
    }

    /// <summary>Whether it is the name of an audit column.</summary>
    public static bool IsReserved(string name) => Reserved.Contains(name, StringComparer.OrdinalIgnoreCase);

    /// <summary>The name for a field.</summary>
    /// <param name="field">The field as the file calls it.</param>
    /// <param name="position">Its position, from 1, for a field whose name is blank.</param>
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

    /// <summary>The columns, with another name for each whose name the destination keeps for itself: the one it has in the table, or else a free one.</summary>
    /// <param name="schema">The feed's columns.</param>
    /// <param name="recorded">The columns as the table has them.</param>
    /// <param name="limits">What the destination refuses.</param>
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

    // Whole characters only.
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
