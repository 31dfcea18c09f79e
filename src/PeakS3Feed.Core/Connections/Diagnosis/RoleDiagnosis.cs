using static PeakS3Feed.Errors.FeedErrorCategory;

namespace PeakS3Feed.Connections.Diagnosis;

/// <summary>Explains why a role could not be assumed.</summary>
internal static class RoleDiagnosis
{
    public static Explanation Explain(AccessAttempt attempt, ServiceFailure failure)
    {
        var connection = attempt.Connection;
        return failure switch
        {
            { Code: "NoSuchEntity" } => new(
                "RoleNotFound", ObjectNotFound, $"There is no role {connection.RoleArn}.",
                "The connection's roleArn is at fault: compare it with the ARN that IAM shows, account number and path included."),
            { Code: "RegionDisabledException" } => new(
                "RegionNotEnabled", PermissionDenied, $"STS is not active in {connection.Region} for the account of the base credentials.",
                $"That account is at fault: activate STS in {connection.Region} (IAM, account settings), or set stsEndpointUrl to the STS of a region that is active."),
            { IsDenial: true } => Refused(attempt, failure),
            { Status: 404 or 405 or 501 } or { Code: "InvalidAction" } => new(
                "RoleFailed", AuthenticationError, $"{attempt.Host} does not know how to assume a role: {failure.Code}.",
                "The STS endpoint is at fault: set stsEndpointUrl to the server's STS, or leave the role out if the server has none."),
            _ => new(
                "RoleFailed", AuthenticationError, $"{connection.RoleArn} could not be assumed: {failure.Code}: {failure.Message}",
                "STS is at fault, or what it was asked: check the role's ARN, the connection's sessionDuration and stsEndpointUrl."),
        };
    }

    private static Explanation Refused(AccessAttempt attempt, ServiceFailure failure)
    {
        var connection = attempt.Connection;
        var denial = Denial.Of(failure.Message);
        var who = denial?.Principal ?? "the user or role of the base credentials";
        var id = connection.ExternalId is null ? "demand no sts:ExternalId, for the connection has none" : "have the connection's external id under sts:ExternalId";
        var hint = denial switch
        {
            { Layer: PolicyLayer.Trust or PolicyLayer.Resource, IsExplicit: false } => $"The role's trust policy is at fault: it must name {who} as its principal, and {id}.",
            { Layer: not PolicyLayer.Unknown } => PolicyFix.Named(denial, attempt, $"sts:AssumeRole on {connection.RoleArn}"),
            _ => $"The role's trust policy is at fault, or roleArn: there must be a role of that ARN, and its trust policy must name {who} as principal and {id}. "
                + "If that is so, the policy of the base credentials lacks sts:AssumeRole on the role.",
        };
        return new("RoleRefused", PermissionDenied, $"{(denial is null ? "The base credentials" : denial.Principal)} may not assume {connection.RoleArn}.", hint, attempt.ShowPolicy);
    }
}
