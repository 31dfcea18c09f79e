using System.Globalization;
using PeakS3Feed.Remedies;
using static PeakS3Feed.Errors.FeedErrorCategory;

namespace PeakS3Feed.Connections.Diagnosis;

/// <content>Credentials, sessions and roles.</content>
internal static partial class AccessDiagnosis
{
    /// <summary>Whether an error says that credentials were not accepted, so that nothing was found out about what they were used for.</summary>
    public static bool IsAboutCredentials(string? errorId)
        => errorId is "SignatureRejected" or "AccessKeyUnknown" or "SessionExpired" or "SessionRejected";

    // Refusals of who we are: the clock, the key, its secret, the session.
    private static Explanation ExplainIdentity(AccessAttempt attempt, ServiceFailure failure) => (failure, attempt.IsByBase) switch
    {
        ({ IsClockSkew: true }, _) => new(
            "ClockSkewed", AuthenticationError, $"This machine's clock is too far from that of {attempt.Service}{ServerTime(failure)}.",
            "This machine's clock is at fault: set it, and look at its time service; 15 minutes off is the most that is accepted."),
        ({ Code: "SignatureDoesNotMatch" or "InvalidSignatureException" or "IncompleteSignature" }, true) => new(
            "SignatureRejected", AuthenticationError, $"{attempt.Service} does not accept the signature of the base credentials.",
            "The secret key of the base credentials is at fault: it is another key's, or lost a character when it was copied. A proxy that rewrites requests does it, too."),
        ({ Code: "SignatureDoesNotMatch" or "InvalidSignatureException" or "IncompleteSignature" }, false) => new(
            "SignatureRejected", AuthenticationError, $"{attempt.Service} does not accept the signature of the role's session.",
            "The way to S3 is at fault: a proxy or load balancer that changes host, path or headers breaks the signature."),
        ({ Code: "ExpiredToken" or "ExpiredTokenException" or "TokenRefreshRequired" }, true) => ExplainExpired(attempt),
        ({ Code: "ExpiredToken" or "ExpiredTokenException" or "TokenRefreshRequired" }, false) => new(
            "SessionExpired", AuthenticationError, "S3 says that the role's session has ended, although STS has just given it.",
            "The endpoints are at fault: S3 and STS (endpointUrl, stsEndpointUrl) do not belong together, or their clocks differ."),
        ({ Code: "InvalidToken" }, true) => new(
            "SessionRejected", AuthenticationError,
            $"{attempt.Service} does not accept the session token of the base credentials{InRegion(attempt)}.",
            "The session token is at fault: it is damaged, or came from the global STS endpoint, whose tokens do not hold in regions that an account must enable first. "
            + "Get it from the STS of a region, and see that its account has enabled this one."),
        (_, true) => new(
            "AccessKeyUnknown", AuthenticationError, $"{attempt.Service} does not know the access key of the base credentials{InRegion(attempt)}.",
            "The base credentials are at fault: the key was deleted or deactivated, or is of another partition or server; or its account has not enabled the region. "
            + $"Look where they come from ({CredentialSource(attempt.Connection)})."),
        (_, false) => new(
            "SessionRejected", AuthenticationError, $"S3 does not know the session that STS gave for {attempt.Connection.RoleArn}.",
            "The endpoints are at fault: S3 and STS (endpointUrl, stsEndpointUrl) do not belong together, or the role's account has not enabled the region."),
    };

    /// <summary>How a person gets a new session of a profile or of the default chain.</summary>
    public static Remedy SignIn(string? profile) => Remedy.Verbatim(profile is null ? "aws sso login" : $"aws sso login --profile {profile}");

    private static Explanation ExplainExpired(AccessAttempt attempt) => new(
        "SessionExpired", AuthenticationError, "The session of the base credentials has ended.",
        $"The base credentials ({CredentialSource(attempt.Connection)}) are at fault: they are temporary. Sign in again, or renew what they come from.",
        SignIn(attempt.Connection.ProfileName));

    private static string CredentialSource(S3Connection connection)
        => connection.ProfileName is { } profile ? $"profile {profile}" : "environment, default profile or the machine's role";

    private static string InRegion(AccessAttempt attempt) => attempt.Connection.EndpointUrl is null ? $" in {attempt.Connection.Region}" : "";

    private static string ServerTime(ServiceFailure failure)
        => failure.ServerTime is { } time ? string.Create(CultureInfo.InvariantCulture, $", which has {time:yyyy-MM-dd HH:mm:ss} UTC") : "";

    // A role that could not be assumed.
    private static Explanation ExplainRole(AccessAttempt attempt, ServiceFailure failure)
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
            { IsDenial: true } => ExplainRoleDenial(attempt, failure),
            { Status: 404 or 405 or 501 } or { Code: "InvalidAction" } => new(
                "RoleFailed", AuthenticationError, $"{attempt.Host} does not know how to assume a role: {failure.Code}.",
                "The STS endpoint is at fault: set stsEndpointUrl to the server's STS, or leave the role out if the server has none."),
            _ => new(
                "RoleFailed", AuthenticationError, $"{connection.RoleArn} could not be assumed: {failure.Code}: {failure.Message}",
                "STS is at fault, or what it was asked: check the role's ARN, the connection's sessionDuration and stsEndpointUrl."),
        };
    }

    private static Explanation ExplainRoleDenial(AccessAttempt attempt, ServiceFailure failure)
    {
        var connection = attempt.Connection;
        var denial = Denial.Parse(failure.Message);
        var who = denial?.Principal ?? "the user or role of the base credentials";
        var id = connection.ExternalId is null
            ? "demand no sts:ExternalId, for the connection has none"
            : "have the connection's external id under sts:ExternalId";
        var hint = denial switch
        {
            { Layer: PolicyLayer.Trust or PolicyLayer.Resource, IsExplicit: false } => $"The role's trust policy is at fault: it must name {who} as its principal, and {id}.",
            { Layer: not PolicyLayer.Unknown } => PolicyFix.ForLayer(denial, attempt, $"sts:AssumeRole on {connection.RoleArn}"),
            _ => $"The role's trust policy is at fault, or roleArn: there must be a role of that ARN, and its trust policy must name {who} as principal and {id}. "
                + "If that is so, the policy of the base credentials lacks sts:AssumeRole on the role.",
        };
        return new("RoleRefused", PermissionDenied,
            $"{(denial is null ? "The base credentials" : denial.Principal)} may not assume {connection.RoleArn}.", hint, attempt.ShowPolicy);
    }
}
