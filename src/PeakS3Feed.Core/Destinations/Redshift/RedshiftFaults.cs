using Npgsql;
using PeakS3Feed.Connections.Diagnosis;
using PeakS3Feed.Destinations.Loading;
using PeakS3Feed.Destinations.Sql;
using PeakS3Feed.Destinations.Warehouses;
using PeakS3Feed.Errors;

namespace PeakS3Feed.Destinations.Redshift;

/// <summary>What the exceptions of a warehouse mean, on both ways in.</summary>
internal static class RedshiftFaults
{
    /// <summary>Returns what an exception means for a retry.</summary>
    public static FaultKind Classify(Exception exception) => exception switch
    {
        StatementRefusedException { Refusal: StatementRefusal.Conflict or StatementRefusal.NotReady } => FaultKind.Transient,
        StatementRefusedException { Refusal: StatementRefusal.RowRefused } => FaultKind.RowRefused,
        StatementRefusedException => FaultKind.Refused,

        // The next attempt settles what is in doubt and reads the ledger, unless a service would refuse that, too.
        StatementInDoubtException { InnerException: FeedException e } => IsTransient(e) ? FaultKind.Transient : FaultKind.Unknown,
        StatementInDoubtException => FaultKind.Transient,
        FeedException e => IsTransient(e) ? FaultKind.Transient : FaultKind.Unknown,
        _ => WireErrors.IsLost(exception) ? FaultKind.Transient : FaultKind.Unknown,
    };

    /// <summary>Returns whether a failed attempt to submit statements certainly ran none: the service refused it, or it was never sent.</summary>
    public static bool IsCertainlyNotSubmitted(Exception exception) => ServiceFailure.From(exception) switch
    {
        { Kind: FailureKind.Refused, Status: >= 400 and < 500, Code: not "RequestTimeout" } => true,
        { Kind: FailureKind.NameNotFound or FailureKind.Tls or FailureKind.NotTls or FailureKind.Proxy } => true,
        { Kind: FailureKind.Client } => exception is FeedException, // about the credentials that sign
        _ => false,
    };

    /// <summary>Returns whether the server ends its session with an error, so that what it ran before may have been committed.</summary>
    public static bool LeavesInDoubt(StatementRefusal refusal, PostgresException? exception)
        => refusal is StatementRefusal.NotReady || exception is { Severity: "FATAL" or "PANIC" };

    private static bool IsTransient(FeedException e) => WireErrors.IsLost(e) || ServiceFailure.From(e) is { IsTransient: true };
}
