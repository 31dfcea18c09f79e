using PeakS3Feed.Destinations.Loading;

namespace PeakS3Feed.Destinations.S3External;

/// <summary>Describes the steps of a load for a plan.</summary>
internal static class TablePlan
{
    /// <summary>Returns the steps.</summary>
    /// <param name="location">The table's folder.</param>
    /// <param name="fit">The changes of the table.</param>
    /// <param name="spec">The load's settings.</param>
    public static IReadOnlyList<string> Describe(string location, TableFit fit, LoadSpec spec) =>
    [
        .. fit.Changes.Select(c => Describe(c, location, spec)),
        $"write Parquet files into {location}",
        .. Rewrite(spec),
        "write the ledger file of the load",
        "commit one entry of the Delta log",
    ];

    private static string[] Rewrite(LoadSpec spec) => spec switch
    {
        { Mode: LoadMode.Upsert } => [$"rewrite the files that hold rows with the same {string.Join(", ", spec.Key)}, without these rows"],
        { Mode: LoadMode.Replace } => ["remove all earlier files of the table from its log"],
        { DeleteEarlierVersions: true } => ["rewrite the files that hold rows of earlier versions of changed objects, without these rows"],
        _ => [],
    };

    private static string Describe(TableChange change, string location, LoadSpec spec) => change switch
    {
        CreateTable created => $"create the Delta table {location} "
            + $"({string.Join(", ", created.Columns.Select(c => $"{c.Name} {TableColumns.TypeName(c)}"))})"
            + (spec.PartitionBy.Count == 0 ? "" : $" partitioned by ({string.Join(", ", spec.PartitionBy.Select(p => p.Name))})"),
        AddColumn added => $"add the column {added.Column.Name} {TableColumns.TypeName(added.Column)}",
        TakeOverLedger taken => $"take over {taken.Takeover.Describe(taken.Feed)}",
        ForgetFeeds forgotten => $"forget the loads of {forgotten.Feeds.Count} other {(forgotten.Feeds.Count == 1 ? "feed" : "feeds")}",
        _ => throw new NotSupportedException($"{change.GetType().Name} is no change of a table on S3."),
    };
}
