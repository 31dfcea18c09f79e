using System.Text.Json.Nodes;
using PeakS3Feed.Formats;
using PeakS3Feed.Formats.Csv;

namespace PeakS3Feed.Store;

/// <summary>One step from an older format to a newer one.</summary>
/// <param name="To">The version after the step. All older documents take it.</param>
/// <param name="Apply">Changes the document in place.</param>
internal sealed record FormatMigration(FormatVersion To, Action<JsonObject> Apply)
{
    /// <summary>All steps, in order.</summary>
    public static IReadOnlyList<FormatMigration> All { get; } = [new(new FormatVersion(1, 2), CsvDefaultsMigration.Apply)];
}

/// <summary>
/// The step to format 1.2, after which existing feeds read their files as before. A CSV feed without a separator means a comma, whatever the names of
/// its files, and only the first line end of a file ends its rows. A separator of a feed of another type never had an effect and is removed.
/// </summary>
internal static class CsvDefaultsMigration
{
    private const string Csv = "csv";
    private const string Separator = "separator";
    private const string LineEnd = "lineEnd";

    public static void Apply(JsonObject document)
    {
        // A value of the wrong shape stays. The reader reports it.
        if (document["feeds"] is not JsonArray feeds) return;
        foreach (var feed in feeds.OfType<JsonObject>())
        {
            if (IsCsv(feed)) SetOldDefaults(feed);
            else if (feed[Csv] is JsonObject csv) csv.Remove(Separator);
        }
    }

    private static void SetOldDefaults(JsonObject feed)
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
