using System.Globalization;
using PeakS3Feed.Errors;
using PeakS3Feed.Remedies;

namespace PeakS3Feed.Destinations.Loading;

/// <summary>The warnings of destinations.</summary>
internal static class DestinationWarnings
{
    public static FeedWarning LedgerTakenOver(LoadTarget target, LedgerTakeover takeover)
        => new FeedWarning(
            "LedgerTakenOver",
            $"Feed {target.FeedName} takes over {takeover.Describe(target.FeedId)}. "
            + $"Their rows are in table \"{target.Table}\", so they are not loaded again.")
        {
            Hint = "To load everything again instead, reset the feed and drop its table.",
            Remedies = [Remedy.ResetTable(target.FeedName)],
        };

    public static FeedWarning AssumedLoaded(LoadTarget target, DateTimeOffset before, long count) => new FeedWarning(
        "ObjectsAssumedLoaded",
        string.Create(CultureInfo.InvariantCulture, $"{count:N0} {(count == 1 ? "object" : "objects")} last modified before ")
        + string.Create(CultureInfo.InvariantCulture, $"{before.UtcDateTime:yyyy-MM-dd HH:mm 'UTC'} {(count == 1 ? "is" : "are")} taken as loaded, ")
        + $"as AssumeLoadedBefore says. Nothing checks that all rows are in table \"{target.Table}\".");
}
