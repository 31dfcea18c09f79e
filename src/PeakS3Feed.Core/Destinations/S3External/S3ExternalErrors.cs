using PeakS3Feed.Errors;
using PeakS3Feed.Remedies;

namespace PeakS3Feed.Destinations.S3External;

/// <summary>The errors of reading tables on S3 with other engines.</summary>
internal static class S3ExternalErrors
{
    /// <summary>The table is in a folder, which the engine does not read.</summary>
    public static FeedException InFolder(ExternalTable table, string engine) => NotReadable(
        table, $"{engine} cannot read the table {table.Name} of {table.Destination.Name}: it is in a folder of this machine.",
        "Print the definition for DuckDB, or keep the tables in a bucket.");

    /// <summary>The bucket is not on Amazon S3, and the engine reads no other.</summary>
    public static FeedException NotOnAmazon(ExternalTable table, string engine) => NotReadable(
        table,
        $"{engine} cannot read the table {table.Name} of {table.Destination.Name}: the bucket {table.Connection.BucketName} is not on Amazon S3.",
        "Print the definition for DuckDB or Trino, or keep the tables in a bucket on Amazon S3.");

    /// <summary>Redshift Spectrum needs the manifest, and the destination keeps none.</summary>
    public static FeedException NoManifest(ExternalTable table)
        => new(
            "TableNotReadable", FeedErrorCategory.InvalidOperation,
            $"Spectrum reads a table only through a manifest, and {table.Destination.Name} keeps none.")
        {
            Target = table.Destination.Name,
            Hint = "Let the destination keep manifests. The next load that commits writes the manifest of its table.",
            Remedies = [Remedy.SetDestination(table.Destination.Name, nameof(S3ExternalDestination.SpectrumManifest), "true")],
        };

    /// <summary>The table has partitions, which a manifest for Redshift Spectrum cannot express.</summary>
    public static FeedException Partitioned(ExternalTable table, IReadOnlyList<string> columns) => NotReadable(
        table,
        $"Spectrum reads a table only through a manifest, and the table {table.Name} of {table.Destination.Name} is divided by "
            + $"{string.Join(", ", columns)}, which a manifest cannot express.",
        "Let Redshift read a table without partitions: another feed loads it into another destination.");

    /// <summary>The columns of the table are not known, because the feed has none yet.</summary>
    public static FeedException ColumnsUnknown(string feed) => new(
        "TableColumnsUnknown", FeedErrorCategory.InvalidOperation, $"Feed {feed} has no columns yet, and the definition of its table lists them.")
    {
        Target = feed,
        Hint = "The first run of the feed finds its columns and creates the table.",
        Remedies = [Remedy.Run(feed)],
    };

    /// <summary>A feed has no table on S3.</summary>
    /// <param name="feed">The feed.</param>
    /// <param name="destinations">Its destinations, with their kinds.</param>
    public static FeedException NoTableOnS3(string feed, IEnumerable<S3FeedDestination> destinations) => new(
        "NotATableOnS3", FeedErrorCategory.InvalidArgument,
        $"Feed {feed} loads into {string.Join(" and ", destinations.Select(d => $"{d.Name} ({d.Kind})"))}, which is not a table on S3.")
    {
        Target = feed,
        Hint = "Only an S3External destination has tables on S3.",
    };

    /// <summary>A feed does not load into the destination that a person names.</summary>
    public static FeedException NotADestinationOf(string feed, string destination, IEnumerable<string> known) => new(
        "DestinationNotOfFeed", FeedErrorCategory.InvalidArgument, $"Feed {feed} does not load into {destination}.")
    {
        Target = feed,
        Hint = $"It loads into {string.Join(" and ", known)}.",
    };

    private static FeedException NotReadable(ExternalTable table, string message, string hint)
        => new("TableNotReadable", FeedErrorCategory.InvalidOperation, message) { Target = table.Destination.Name, Hint = hint };
}
