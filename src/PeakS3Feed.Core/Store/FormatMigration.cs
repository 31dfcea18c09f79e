using System.Text.Json.Nodes;
using PeakS3Feed.Formats;
using PeakS3Feed.Formats.Csv;

namespace PeakS3Feed.Store;

/// <summary>One step from an older format to the next.</summary>
/// <param name="To">The version that the step leads to; it is taken by everything older.</param>
/// <param name="Apply">Changes the document in place.</param>
internal sealed record FormatMigration(FormatVersion To, Action<JsonObject> Apply)
{
    /// <summary>All steps, in order.</summary>
    public static IReadOnlyList<FormatMigration> All { get; } = [new(new FormatVersion(1, 2), CsvDefaultsMigration.Apply)];
}

/// <summary>
/// The step to format 1.2: feeds from before go on reading their files as they did. A CSV feed without a separator means a comma, whatever its
/// files are called, and its rows end in the first line end of a file and nothing else; a separator on a feed of another type has meant nothing, and goes.
/// </summary>
internal static class CsvDefaultsMigration
{
    private const string Csv = "csv";
    private const string Separator = "separator";
    private const string LineEnd = "lineEnd";

    public static void Apply(JsonObject document)
    {
        // What is not of the right shape stays as it is, for the reader to complain about.
        if (document["feeds"] is not JsonArray feeds) return;
        foreach (var feed in feeds.OfType<JsonObject>())
        {
            if (IsCsv(feed)) KeepReading(feed);
            else if (feed[Csv] is JsonObject csv) csv.Remove(Separator);
        }
    }

    private static void KeepReading(JsonObject feed)
    {
        feed[Csv] ??= new JsonObject();
        if (feed[Csv] is not JsonObject csv) return;
        csv[Separator] ??= CsvSeparator.Format(",");
        csv[LineEnd] ??= nameof(CsvLineEndRule.First);
    }

    private static bool IsCsv(JsonObject feed)
        => feed["fileType"] is not JsonValue type
            || (type.TryGetValue<string>(out var text) && string.Equals(text, nameof(FileType.Csv), StringComparison.OrdinalIgnoreCase));
}
