using PeakS3Feed.Connections;
using PeakS3Feed.Errors;
using PeakS3Feed.Feeds;

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

    public static FeedException OneDestination(S3Feed feed)
        => new("DestinationsDoNotCombine", FeedErrorCategory.InvalidArgument, $"Feed {feed.Name} names {feed.DestinationNames.Count} destinations; it takes one.")
        {
            Target = feed.Name,
            Remedies = [Remedy.SetFeed(feed.Name, "DestinationName", "NAME", "destinationNames")],
        };
}
