using System.Globalization;
using PeakS3Feed.Destinations.Loading;

namespace PeakS3Feed.Wording;

/// <summary>Describes the maintenance of tables on S3.</summary>
public static class MaintenanceText
{
    /// <summary>Names the table of a vacuum, for example: table orders of destination lake.</summary>
    public static string Name(TableVacuumResult result) => Name(result.Table, result.DestinationName);

    /// <summary>Returns what a vacuum deletes, for a confirmation, without a full stop at its end.</summary>
    /// <param name="counted">What it would delete.</param>
    /// <param name="olderThan">The minimum age of a file.</param>
    public static string DescribeVacuum(TableVacuumResult counted, TimeSpan olderThan)
        => $"Delete {Files(counted)} that the table has not used for {Age(olderThan)}";

    /// <summary>Returns what a compaction did, as a sentence.</summary>
    public static string Describe(TableMaintenanceResult result)
    {
        var did = result.FilesAdded > 0
            ? $"{Files(result.FilesRemoved, result.BytesRemoved, "file")} became {Files(result.FilesAdded, result.BytesAdded, "file")}."
            : "nothing to do.";
        return $"{Capitalized(Name(result.Table, result.DestinationName))}: {did}";
    }

    /// <summary>Returns what a vacuum did, as a sentence.</summary>
    public static string Describe(TableVacuumResult result)
        => $"{Capitalized(Name(result))}: {(result.FilesRemoved + result.LedgerFilesRemoved > 0 ? $"{Files(result)} deleted." : "nothing to do.")}";

    private static string Name(string table, string destination) => $"table {table} of destination {destination}";

    private static string Files(TableVacuumResult result)
    {
        var ledger = Files(result.LedgerFilesRemoved, result.LedgerBytesRemoved, "ledger file");
        var data = Files(result.FilesRemoved, result.BytesRemoved, "data file");
        return result.LedgerFilesRemoved == 0 ? data : result.FilesRemoved == 0 ? ledger : $"{data} and {ledger}";
    }

    private static string Files(long count, long bytes, string noun) => $"{Quantities.Count(count, noun)} ({Quantities.Size(bytes)})";

    private static string Age(TimeSpan age) => age.Ticks % TimeSpan.TicksPerDay == 0
        ? Quantities.Count((long)age.TotalDays, "day")
        : string.Create(CultureInfo.InvariantCulture, $"{age.TotalHours:0.#} hours");

    private static string Capitalized(string text) => char.ToUpperInvariant(text[0]) + text[1..];
}
