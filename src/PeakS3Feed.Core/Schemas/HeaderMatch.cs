namespace PeakS3Feed.Schemas;

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
