namespace PeakS3Feed.Schemas;

/// <summary>Finds the field that each header of a CSV file stands for.</summary>
internal static class HeaderMatch
{
    /// <summary>
    /// For each header the position of its field, or -1. A header stands for the field that equals it exactly, else for the first one that
    /// equals it without regard to case, outer blanks and Unicode form and that no other header of the file stands for.
    /// </summary>
    /// <param name="headers">All headers of one file.</param>
    /// <param name="fields">The known fields, in the table's order.</param>
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

    /// <summary>Whether one of the names stands for one of the fields.</summary>
    /// <param name="names">The fields of a file.</param>
    /// <param name="fields">The known fields.</param>
    /// <param name="folds">Whether case, outer blanks and Unicode form may differ: true for headers of CSV, false for names in JSON.</param>
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
