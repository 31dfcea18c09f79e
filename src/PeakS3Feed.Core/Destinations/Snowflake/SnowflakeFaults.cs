using PeakS3Feed.Connections.Diagnosis;
using PeakS3Feed.Destinations.Loading;
using PeakS3Feed.Destinations.Sql;
using PeakS3Feed.Destinations.Warehouses;
using PeakS3Feed.Errors;

namespace PeakS3Feed.Destinations.Snowflake;

/// <summary>What the exceptions of Snowflake and of the SQL API mean.</summary>
internal static class SnowflakeFaults
{
    /// <summary>Returns what an exception means for a retry.</summary>
    public static FaultKind Classify(Exception exception) => exception switch
    {
        StatementRefusedException { Refusal: StatementRefusal.Conflict or StatementRefusal.NotReady } => FaultKind.Transient,
        StatementRefusedException { Refusal: StatementRefusal.RowRefused } => FaultKind.RowRefused,
        StatementRefusedException => FaultKind.Refused,

        // The next attempt settles what is in doubt and reads the ledger, unless a service would refuse that, too. What somebody cancelled is not
        // repeated.
        StatementInDoubtException { InnerException: FeedException e } => Classify(e),
        StatementInDoubtException { InnerException: StatementRefusedException { Refusal: StatementRefusal.Cancelled } } => FaultKind.Unknown,
        StatementInDoubtException => FaultKind.Transient,
        _ => WireErrors.IsLost(exception) ? FaultKind.Transient : FaultKind.Unknown,
    };

    /// <summary>Returns whether the same call of the SQL API may succeed later.</summary>
    public static bool IsTransient(Exception exception) => exception switch
    {
        SqlApiException e => e.IsTransient,
        FeedException => false, // about the login
        _ => ServiceFailure.From(exception).IsTransient,
    };

    /// <summary>Returns whether a failed attempt to submit certainly ran no statement: the service refused it, or it was never sent.</summary>
    public static bool IsCertainlyNotSubmitted(Exception exception) => exception switch
    {
        SqlApiException e => e.Status is >= 400 and < 500 and not 408,
        FeedException { InnerException: { } inner } e when SnowflakeServiceErrors.IsOfCall(e) => IsCertainlyNotSubmitted(inner),
        FeedException => true, // about the login
        _ => ServiceFailure.From(exception).Kind is FailureKind.NameNotFound or FailureKind.Tls or FailureKind.NotTls or FailureKind.Proxy,
    };

    /// <summary>Returns why the service refused a request.</summary>
    public static StatementRefusal ReadRefusal(Exception exception)
        => Classify(exception) == FaultKind.Transient ? StatementRefusal.NotReady
            : exception is FeedException { Category: FeedErrorCategory.AuthenticationError or FeedErrorCategory.PermissionDenied }
                ? StatementRefusal.Denied
                : StatementRefusal.Other;

    /// <summary>
    /// Returns whether a script that ended with this refusal may be committed all the same: it was ended from outside, perhaps after its commit.
    /// </summary>
    public static bool LeavesInDoubt(StatementRefusal refusal) => refusal is StatementRefusal.NotReady or StatementRefusal.Cancelled;
}
