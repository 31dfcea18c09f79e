using PeakS3Feed.Connections;
using PeakS3Feed.Connections.Policies;
using PeakS3Feed.Destinations;
using PeakS3Feed.Errors;
using PeakS3Feed.Remedies;
using PeakS3Feed.Runs;
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

    /// <summary>Rows of a run are to be read from the table of a feed, and the run is that of another feed.</summary>
    public static FeedException RunOfOtherFeed(string feed, S3FeedRun run)
        => new(
            "RunOfOtherFeed", FeedErrorCategory.InvalidArgument, $"Run {run.Id.ToString("D")[..8]} is a run of feed {run.FeedName}, not of {feed}.")
        {
            Target = feed,
            Hint = "Name only the run: its rows are read from the table of its own feed.",
            Remedies = [Remedy.RowsOfRun(run.Id)],
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

    /// <summary>A policy is requested for a destination, which has several.</summary>
    public static FeedException PurposeMissing(string destination, IReadOnlyList<PolicyPurpose> purposes) => new(
        "PolicyPurposeUnclear", FeedErrorCategory.InvalidArgument,
        $"{destination} is a destination, and the request does not say what its policy is for.")
    {
        Target = destination,
        Hint = purposes.Contains(PolicyPurpose.Table)
            ? "Table is for the role of its connection and for engines that read its tables."
            : "Staging is for the role of its staging connection, Copy for the role of the warehouse"
                + (purposes.Contains(PolicyPurpose.DataApi) ? ", and DataApi for the identity of its credentials." : "."),
        Remedies = [.. purposes.Select(p => Remedy.DestinationPolicy(destination, p.ToString()))],
    };

    /// <summary>A policy of destinations is requested for a connection.</summary>
    public static FeedException PurposeNeedsDestination(string connection, PolicyPurpose purpose, IEnumerable<string> users) => new(
        "PolicyPurposeUnclear", FeedErrorCategory.InvalidArgument,
        $"The policy for {purpose} is that of a destination, and {connection} is a connection.")
    {
        Target = connection,
        Hint = "Name the destination. The policy of the connection itself is the one for Source.",
        Remedies = [.. users.Select(d => Remedy.DestinationPolicy(d, purpose.ToString())), Remedy.ShowPolicy(connection)],
    };

    /// <summary>The destination uses no service of AWS.</summary>
    public static FeedException DestinationNeedsNoPolicy(S3FeedDestination destination, PolicyPurpose purpose) => new(
        "PolicyNotNeeded", FeedErrorCategory.InvalidArgument,
        $"Destination {destination.Name} is of kind {destination.Kind}, which needs no IAM policy for {purpose}.")
    {
        Target = destination.Name,
    };

    /// <summary>The kind of the destination needs no set-up besides its policies.</summary>
    public static FeedException SetupNotNeeded(S3FeedDestination destination, IReadOnlyList<PolicyPurpose> purposes) => new(
        "SetupNotNeeded", FeedErrorCategory.InvalidArgument,
        $"Destination {destination.Name} is of kind {destination.Kind}, which needs no set-up of its own.")
    {
        Target = destination.Name,
        Hint = purposes.Count == 0
            ? "Its test says what is missing."
            : "It needs a schema and IAM policies. These commands show the policies, and the test says what else is missing.",
        Remedies = [.. purposes.Select(p => Remedy.DestinationPolicy(destination.Name, p.ToString())), Remedy.TestDestination(destination.Name)],
    };
}
