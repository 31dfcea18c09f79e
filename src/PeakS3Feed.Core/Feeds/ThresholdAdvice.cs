namespace PeakS3Feed.Feeds;

/// <summary>Finds the threshold of failed rows that would let a run pass which exceeded its own.</summary>
internal static class ThresholdAdvice
{
    private const int LargestCount = 20;
    private const decimal MostPercentSoFar = 10;

    /// <summary>
    /// A threshold, or null where none is to be suggested: nearly everything is rejected, which says that the file is of another kind, or
    /// reading stopped early among so many rejects that the rest is unknown.
    /// </summary>
    /// <param name="rejects">Rows rejected.</param>
    /// <param name="rows">Rows read, rejects among them.</param>
    /// <param name="all">Whether these are all rows of the run.</param>
    public static FailedRowThreshold? Of(long rejects, long rows, bool all)
    {
        if (IsAnotherKind(rejects, rows))
            return null;
        var percent = Math.Ceiling(rejects * 100m / rows);
        if (!all)
        {
            // The rows that were not read may be worse, so there is room for as much again.
            percent = Math.Ceiling(rejects * 200m / rows);
            return percent <= MostPercentSoFar ? FailedRowThreshold.OfPercent(percent) : null;
        }
        return rejects <= LargestCount || percent > MostPercentSoFar ? FailedRowThreshold.OfCount(rejects) : FailedRowThreshold.OfPercent(percent);
    }

    /// <summary>What to do about it.</summary>
    public static string Hint(long rejects, long rows, bool all)
    {
        if (IsAnotherKind(rejects, rows))
            return "Nearly every row is rejected, so the file is probably of another kind than the feed expects: look at the rejected rows first.";
        return all
            ? "Look at the rejected rows; fix the file or the column's type, or allow so many rows to fail."
            : "Look at the rejected rows; fix the file or the column's type. Reading stopped there, so more rows may be rejected.";
    }

    private static bool IsAnotherKind(long rejects, long rows) => rejects * 10 >= rows * 9;
}
