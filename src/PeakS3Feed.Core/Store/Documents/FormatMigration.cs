using System.Text.Json.Nodes;

namespace PeakS3Feed.Store.Documents;

/// <summary>One step from an older format to the next.</summary>
/// <param name="To">The version that the step leads to; it is taken by everything older.</param>
/// <param name="Apply">Changes the document in place.</param>
internal sealed record FormatMigration(FormatVersion To, Action<JsonObject> Apply)
{
    /// <summary>All steps, in order.</summary>
    public static IReadOnlyList<FormatMigration> All { get; } = [new(new FormatVersion(1, 2), CsvDefaultsMigration.Apply)];
}
