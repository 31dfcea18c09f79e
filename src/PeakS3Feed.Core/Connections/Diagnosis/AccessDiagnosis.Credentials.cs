using System.Globalization;
using PeakS3Feed.Remedies;
using static PeakS3Feed.Errors.FeedErrorCategory;

namespace PeakS3Feed.Connections.Diagnosis;

/// <content>Credentials, sessions and roles.</content>
internal static partial class AccessDiagnosis
{
    /// <summary>Returns whether an error means that credentials were refused. Then nothing is known about the request itself.</summary>
    public static bool IsAboutCredentials(string? errorId)
        => errorId is "SignatureRejected" or "AccessKeyUnknown" or "SessionExpired" or "SessionRejected";

    // The service refused the caller's identity: the clock, the access key, its secret, or the session.
    private static Explanation ExplainIdentity(AccessAttempt attempt, ServiceFailure failure) => (failure, attempt.IsByBase) switch
    {
        ({ IsClockSkew: true }, _) => new(
            "ClockSkewed", AuthenticationError, $"This machine's clock differs too much from that of {attempt.Service}{ServerTime(failure)}.",
            "This machine's clock is at fault: set it, and check its time service. AWS accepts a difference of at most 15 minutes."),
        ({ Code: "SignatureDoesNotMatch" or "InvalidSignatureException" or "IncompleteSignature" }, true) => new(
            "SignatureRejected", AuthenticationError, $"{attempt.Service} does not accept the signature of the base credentials.",
            "The secret key of the base credentials is at fault: it belongs to another key, or was not copied completely. "
            + "A proxy that changes requests has the same effect."),
        ({ Code: "SignatureDoesNotMatch" or "InvalidSignatureException" or "IncompleteSignature" }, false) => new(
            "SignatureRejected", AuthenticationError, $"{attempt.Service} does not accept the signature of the role's session.",
            "The path to S3 is at fault: a proxy or load balancer that changes host, path or headers makes the signature invalid."),
        ({ Code: "ExpiredToken" or "ExpiredTokenException" or "TokenRefreshRequired" }, true) => ExplainExpired(attempt),
        ({ Code: "ExpiredToken" or "ExpiredTokenException" or "TokenRefreshRequired" }, false) => new(
            "SessionExpired", AuthenticationError, "S3 answers that the role's session has expired, although STS has just granted it.",
            "The endpoints are at fault: S3 and STS (endpointUrl, stsEndpointUrl) do not belong together, or their clocks differ."),
        ({ Code: "InvalidToken" }, true) => new(
            "SessionRejected", AuthenticationError,
            $"{attempt.Service} does not accept the session token of the base credentials{InRegion(attempt)}.",
            "The session token is at fault: it is damaged, or comes from the global STS endpoint, whose tokens are not valid in regions that an "
            + "account must enable first. "
            + "Get the token from a regional STS endpoint, and check that the account has enabled this region."),
        (_, true) => new(
            "AccessKeyUnknown", AuthenticationError, $"{attempt.Service} does not know the access key of the base credentials{InRegion(attempt)}.",
            "The base credentials are at fault: the key was deleted or deactivated, or belongs to another partition or server; or its account has "
            + "not enabled the region. "
            + $"Check their source ({CredentialSource(attempt.Connection)})."),
        (_, false) => new(
            "SessionRejected", AuthenticationError, $"S3 does not accept the session that STS granted for {attempt.Connection.RoleArn}.",
            "The endpoints are at fault: S3 and STS (endpointUrl, stsEndpointUrl) do not belong together, or the role's account has not enabled "
            + "the region."),
    };

    /// <summary>Returns the command that starts a new session of a profile or of the default chain.</summary>
    public static Remedy SignIn(string? profile) => Remedy.Verbatim(profile is null ? "aws sso login" : $"aws sso login --profile {profile}");

    private static Explanation ExplainExpired(AccessAttempt attempt) => new(
        "SessionExpired", AuthenticationError, "The session of the base credentials has expired.",
        $"The base credentials ({CredentialSource(attempt.Connection)}) are at fault: they are temporary. Sign in again, or renew their source.",
        SignIn(attempt.Connection.ProfileName));

    private static string CredentialSource(S3Connection connection)
        => connection.ProfileName is { } profile ? $"profile {profile}" : "environment, default profile or the machine's role";

    private static string InRegion(AccessAttempt attempt) => attempt.Connection.EndpointUrl is null ? $" in {attempt.Connection.Region}" : "";

    private static string ServerTime(ServiceFailure failure)
        => failure.ServerTime is { } time ? string.Create(CultureInfo.InvariantCulture, $", which is {time:yyyy-MM-dd HH:mm:ss} UTC") : "";

    // Explains why a role could not be assumed.
    private static Explanation ExplainRole(AccessAttempt attempt, ServiceFailure failure)
    {
        var connection = attempt.Connection;
        return failure switch
        {
            { Code: "NoSuchEntity" } => new(
                "RoleNotFound", ObjectNotFound, $"The role {connection.RoleArn} does not exist.",
                "The connection's roleArn is at fault: compare it with the ARN in IAM, including account number and path."),
            { Code: "RegionDisabledException" } => new(
                "RegionNotEnabled", PermissionDenied, $"STS is not active in {connection.Region} for the account of the base credentials.",
                $"That account is at fault: activate STS in {connection.Region} (IAM, account settings), or set stsEndpointUrl to the STS of an "
                + "active region."),
            { IsDenial: true } => ExplainRoleDenial(attempt, failure),
            { Status: 404 or 405 or 501 } or { Code: "InvalidAction" } => new(
                "RoleFailed", AuthenticationError, $"{attempt.Host} cannot assume roles: {failure.Code}.",
                "The STS endpoint is at fault: set stsEndpointUrl to the server's STS, or leave the role out if the server has none."),
            _ => new(
                "RoleFailed", AuthenticationError, $"{connection.RoleArn} could not be assumed: {failure.Code}: {failure.Message}",
                "STS or the request is at fault: check the role's ARN, the connection's sessionDuration and stsEndpointUrl."),
        };
    }

    private static Explanation ExplainRoleDenial(AccessAttempt attempt, ServiceFailure failure)
    {
        var connection = attempt.Connection;
        var denial = Denial.Parse(failure.Message);
        var who = denial?.Principal ?? "the user or role of the base credentials";
        var id = connection.ExternalId is null
            ? "require no sts:ExternalId, because the connection has none"
            : "require the connection's external id as sts:ExternalId";
        var hint = denial switch
        {
            { Layer: PolicyLayer.Trust or PolicyLayer.Resource, IsExplicit: false }
                => $"The role's trust policy is at fault: it must name {who} as its principal, and {id}.",
            { Layer: not PolicyLayer.Unknown } => PolicyFix.ForLayer(denial, attempt, $"sts:AssumeRole on {connection.RoleArn}"),
            _ => "The role's trust policy or the roleArn is at fault: a role with this ARN must exist, and its trust policy must name "
                + $"{who} as principal and {id}. "
                + "If both are right, the policy of the base credentials must allow sts:AssumeRole on the role.",
        };
        return new("RoleRefused", PermissionDenied,
            $"{(denial is null ? "The base credentials" : denial.Principal)} may not assume {connection.RoleArn}.", hint, attempt.ShowPolicy);
    }
}
