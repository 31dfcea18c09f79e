using System.Text;

namespace PeakS3Feed.Schemas;

/// <summary>Compares field names without regard to case, surrounding blanks and Unicode form.</summary>
internal static class FieldNames
{
    // A byte order mark that is not the first character of a file is invisible, as a blank is.
    private const char ByteOrderMark = '\uFEFF';

    /// <summary>Returns a text that is equal for names that differ only in case, surrounding blanks or Unicode form.</summary>
    public static string Fold(string field)
    {
        var trimmed = NormalText.Of(field).Trim().Trim(ByteOrderMark).Trim();
        if (Ascii.IsValid(trimmed))
            return trimmed.ToUpperInvariant();

        // Upper case first: it unifies letters with two lower-case forms, such as sigma. The upper-case form of ß is SS.
        var upper = trimmed.Normalize(NormalizationForm.FormC).ToUpperInvariant().Replace("ß", "SS", StringComparison.Ordinal);
        return upper.Replace("ẞ", "SS", StringComparison.Ordinal).Normalize(NormalizationForm.FormC);
    }
}

/// <summary>Matches the headers of a CSV file to known fields.</summary>
internal static class HeaderMatch
{
    /// <summary>
    /// Returns the position of each header's field, or -1. A header matches the field that is equal. Otherwise it matches the first field that is
    /// equal except for case, surrounding blanks and Unicode form, and that no other header of the file matches.
    /// </summary>
    /// <param name="headers">All headers of one file.</param>
    /// <param name="fields">The known fields, in the order of the table.</param>
    public static int[] Find(IReadOnlyList<string> headers, IReadOnlyList<string> fields)
    {
        var exact = new Dictionary<string, int>(StringComparer.Ordinal);
        for (var field = 0; field < fields.Count; field++)
            exact.TryAdd(fields[field], field);
        var found = new int[headers.Count];
        var unmatched = 0;
        var taken = new bool[fields.Count];
        for (var header = 0; header < found.Length; header++)
        {
            found[header] = exact.GetValueOrDefault(headers[header], -1);
            if (found[header] < 0)
                unmatched++;
            else
                taken[found[header]] = true;
        }

        if (unmatched > 0 && taken.Contains(false))
            Fold(headers, fields, found, taken);
        return found;
    }

    /// <summary>Whether any of the names matches any of the fields.</summary>
    /// <param name="names">The fields of a file.</param>
    /// <param name="fields">The known fields.</param>
    /// <param name="folds">Whether case, surrounding blanks and Unicode form may differ: true for CSV headers, false for JSON names.</param>
    public static bool Any(IReadOnlyList<string> names, IReadOnlyList<string> fields, bool folds)
        => names.Intersect(fields, StringComparer.Ordinal).Any()
            || (folds && names.Select(FieldNames.Fold).Intersect(fields.Select(FieldNames.Fold), StringComparer.Ordinal).Any());

    private static void Fold(IReadOnlyList<string> headers, IReadOnlyList<string> fields, int[] found, bool[] taken)
    {
        var free = new Dictionary<string, Queue<int>>(StringComparer.Ordinal);
        for (var field = 0; field < fields.Count; field++)
        {
            if (taken[field])
                continue;
            var folded = FieldNames.Fold(fields[field]);
            if (!free.TryGetValue(folded, out var queue))
                free.Add(folded, queue = new Queue<int>());
            queue.Enqueue(field);
        }

        for (var header = 0; header < found.Length; header++)
        {
            if (found[header] < 0 && free.TryGetValue(FieldNames.Fold(headers[header]), out var queue) && queue.TryDequeue(out var field))
                found[header] = field;
        }
    }
}

/// <summary>Finds an earlier column whose field has a similar name, so that people may confuse the two.</summary>
internal sealed class SimilarFields
{
    private readonly Dictionary<string, FeedColumn> _byWords = new(StringComparer.Ordinal);
    private readonly Dictionary<string, FeedColumn> _byFolded = new(StringComparer.Ordinal);

    /// <summary>
    /// Returns the earlier column whose field has the same snake_case name, or differs only in case, surrounding blanks or Unicode form; or null.
    /// </summary>
    public FeedColumn? Find(FeedColumn column)
        => _byFolded.GetValueOrDefault(FieldNames.Fold(column.Field))
            ?? (SnakeCase.From(column.Field) is { Length: > 0 } words ? _byWords.GetValueOrDefault(words) : null);

    /// <summary>Adds a column for later comparisons.</summary>
    public void Add(FeedColumn column)
    {
        _byFolded.TryAdd(FieldNames.Fold(column.Field), column);
        if (SnakeCase.From(column.Field) is { Length: > 0 } words)
            _byWords.TryAdd(words, column);
    }

    /// <summary>Adds columns for later comparisons.</summary>
    public void AddRange(IEnumerable<FeedColumn> columns)
    {
        foreach (var column in columns)
            Add(column);
    }
}
