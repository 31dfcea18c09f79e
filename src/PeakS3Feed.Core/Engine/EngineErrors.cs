using PeakS3Feed.Connections;
using PeakS3Feed.Errors;
using PeakS3Feed.Remedies;
using PeakS3Feed.Store;

namespace PeakS3Feed.Engine;

/// <summary>The errors of definitions that cannot be used.</summary>
internal static class EngineErrors
{
    public static FeedException ConnectionTestFailed(S3Connection connection, IReadOnlyList<ConnectionCheck> failed)
        => new("ConnectionTestFailed", FeedErrorCategory.ConnectionError,
            $"Connection {connection.Name} failed its test: {string.Join(" ", failed.Select(c => $"{c.Step}: {c.Message}"))}")
        {
            Target = connection.Name,
            Hint = failed.Select(c => c.Hint).FirstOrDefault(h => h is not null),
            ServiceCode = failed[0].ServiceCode,
            RequestId = failed[0].RequestId,
            Remedies = [.. failed.SelectMany(c => c.Remedies).Distinct(), Remedy.TestConnection(connection.Name)],
        };

    public static FeedException TableIsShared(TableUse use)
        => new("TableIsShared", FeedErrorCategory.InvalidOperation,
            $"Table \"{use.Table}\" of {use.Destination} was not dropped: it is also the table of {string.Join(", ", use.SharedWith)}.")
        {
            Target = use.FeedName,
            Hint = "Remove the other feeds first, or give them or this feed another table. "
                + "If their rows may go, drop the table in the database itself.",
            Remedies = [Remedy.OtherTable(use.FeedName, use.Table)],
        };
}
