namespace PeakS3Feed.Destinations.Staging;

/// <summary>
/// Makes the number of a load's files a multiple of the warehouse's slices, each of which loads one file at a time: with any other number some slices
/// are idle at the end (Redshift Database Developer Guide, "Loading data from compressed and uncompressed files").
/// </summary>
internal static class PartBalance
{
    /// <summary>The smallest file that is worth a slice's time, compressed: 1 MiB. A load that has less for each slice stays as it is.</summary>
    public const long MinBytes = 1024 * 1024;

    /// <summary>Returns into how many files each part is split: 1 for a part that stays. The largest parts are split first.</summary>
    /// <param name="parts">The parts, which one COPY loads.</param>
    /// <param name="slices">The number of slices; 1 for no balance.</param>
    public static IReadOnlyList<int> Find(IReadOnlyList<WrittenPart> parts, int slices)
    {
        var pieces = new int[parts.Count];
        Array.Fill(pieces, 1);
        var wanted = (parts.Count + slices - 1) / slices * slices;
        if (parts.Sum(p => p.Staged.Bytes) < wanted * MinBytes)
            return pieces;
        for (var count = parts.Count; count < wanted; count++)
        {
            // A file of one row cannot be split.
            var splittable = Enumerable.Range(0, pieces.Length).Where(i => parts[i].Staged.Rows > pieces[i]).ToList();
            if (splittable.Count == 0)
                break;
            var largest = splittable.MaxBy(i => parts[i].Staged.Bytes / pieces[i]);
            pieces[largest]++;
        }
        return pieces;
    }
}
