using System.Globalization;
using PeakS3Feed.Destinations.Loading;

namespace PeakS3Feed.Wording;

/// <summary>Describes the maintenance of tables on S3.</summary>
public static class MaintenanceText
{
    /// <summary>Names the table, for example: table orders of destination lake.</summary>
    public static string Name(TableMaintenanceResult result) => $"table {result.Table} of destination {result.DestinationName}";

    /// <summary>Returns what a vacuum deletes, for a confirmation, without a full stop at its end.</summary>
    /// <param name="counted">What it would delete.</param>
    /// <param name="olderThan">The minimum age of a file.</param>
    public static string DescribeVacuum(TableMaintenanceResult counted, TimeSpan olderThan)
        => $"Delete {Files(counted.FilesRemoved, counted.BytesRemoved)} that the table has not used for {Age(olderThan)}";

    /// <summary>Returns what was done, as a sentence.</summary>
    public static string Describe(TableMaintenanceResult result) => result switch
    {
        { FilesAdded: > 0 } => $"{Capitalized(Name(result))}: {Files(result.FilesRemoved, result.BytesRemoved)} became "
            + $"{Files(result.FilesAdded, result.BytesAdded)}.",
        { FilesRemoved: > 0 } => $"{Capitalized(Name(result))}: {Files(result.FilesRemoved, result.BytesRemoved)} deleted.",
        _ => $"{Capitalized(Name(result))}: nothing to do.",
    };

    private static string Files(long count, long bytes) => $"{Quantities.Count(count, "file")} ({Quantities.Size(bytes)})";

    private static string Age(TimeSpan age) => age.Ticks % TimeSpan.TicksPerDay == 0
        ? Quantities.Count((long)age.TotalDays, "day")
        : string.Create(CultureInfo.InvariantCulture, $"{age.TotalHours:0.#} hours");

    private static string Capitalized(string text) => char.ToUpperInvariant(text[0]) + text[1..];
}
