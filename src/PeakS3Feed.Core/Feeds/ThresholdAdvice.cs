namespace PeakS3Feed.Feeds;

/// <summary>Suggests a threshold of failed rows that would let a failed run pass.</summary>
internal static class ThresholdAdvice
{
    private const int MaxCount = 20;
    private const decimal MaxPercent = 10;

    /// <summary>
    /// Returns a threshold, or null if none is sensible: nearly every row is rejected, so the file is probably of another kind; or reading stopped
    /// early after so many rejects that the rest is unknown.
    /// </summary>
    /// <param name="rejects">The number of rejects.</param>
    /// <param name="rows">The number of rows read, including rejects.</param>
    /// <param name="all">Whether the run read all its rows.</param>
    public static FailedRowThreshold? Suggest(long rejects, long rows, bool all)
    {
        if (IsAnotherKind(rejects, rows))
            return null;
        var percent = Math.Ceiling(rejects * 100m / rows);
        if (!all)
        {
            // The unread rows may be worse, so the share is doubled.
            percent = Math.Ceiling(rejects * 200m / rows);
            return percent <= MaxPercent ? FailedRowThreshold.FromPercent(percent) : null;
        }
        return rejects <= MaxCount || percent > MaxPercent ? FailedRowThreshold.FromCount(rejects) : FailedRowThreshold.FromPercent(percent);
    }

    /// <summary>Returns the hint of the error.</summary>
    public static string Hint(long rejects, long rows, bool all)
    {
        if (IsAnotherKind(rejects, rows))
            return "Nearly every row is rejected, so the file is probably of another kind than the feed expects: check the rejected rows first.";
        return all
            ? "Check the rejected rows; fix the file or the column's type, or allow so many rows to fail."
            : "Check the rejected rows; fix the file or the column's type. Reading stopped there, so more rows may be rejected.";
    }

    private static bool IsAnotherKind(long rejects, long rows) => rejects * 10 >= rows * 9;
}
