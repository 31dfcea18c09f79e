using System.Globalization;
using PeakS3Feed.Errors;
using static PeakS3Feed.Errors.FeedErrorCategory;

namespace PeakS3Feed.Connections.Diagnosis;

/// <summary>Explains refusals of who we are: the clock, the key, its secret, the session.</summary>
internal static class IdentityDiagnosis
{
    /// <summary>Whether an error says that credentials were not accepted, so that nothing was found out about what they were used for.</summary>
    public static bool IsAboutCredentials(string? errorId) => errorId is "SignatureRejected" or "AccessKeyUnknown" or "SessionExpired" or "SessionRejected";

    public static Explanation Explain(AccessAttempt attempt, ServiceFailure failure) => (failure, attempt.IsByBase) switch
    {
        ({ IsClockSkew: true }, _) => new(
            "ClockSkewed", AuthenticationError, $"This machine's clock is too far from that of {attempt.Service}{At(failure)}.",
            "This machine's clock is at fault: set it, and look at its time service; 15 minutes off is the most that is accepted."),
        ({ Code: "SignatureDoesNotMatch" or "InvalidSignatureException" or "IncompleteSignature" }, true) => new(
            "SignatureRejected", AuthenticationError, $"{attempt.Service} does not accept the signature of the base credentials.",
            "The secret key of the base credentials is at fault: it is another key's, or lost a character when it was copied. A proxy that rewrites requests does it, too."),
        ({ Code: "SignatureDoesNotMatch" or "InvalidSignatureException" or "IncompleteSignature" }, false) => new(
            "SignatureRejected", AuthenticationError, $"{attempt.Service} does not accept the signature of the role's session.",
            "The way to S3 is at fault: a proxy or load balancer that changes host, path or headers breaks the signature."),
        ({ Code: "ExpiredToken" or "ExpiredTokenException" or "TokenRefreshRequired" }, true) => Expired(attempt),
        ({ Code: "ExpiredToken" or "ExpiredTokenException" or "TokenRefreshRequired" }, false) => new(
            "SessionExpired", AuthenticationError, "S3 says that the role's session has ended, although STS has just given it.",
            "The endpoints are at fault: S3 and STS (endpointUrl, stsEndpointUrl) do not belong together, or their clocks differ."),
        ({ Code: "InvalidToken" }, true) => new(
            "SessionRejected", AuthenticationError, $"{attempt.Service} does not accept the session token of the base credentials{In(attempt)}.",
            "The session token is at fault: it is damaged, or came from the global STS endpoint, whose tokens do not hold in regions that an account must enable first. "
            + "Get it from the STS of a region, and see that its account has enabled this one."),
        (_, true) => new(
            "AccessKeyUnknown", AuthenticationError, $"{attempt.Service} does not know the access key of the base credentials{In(attempt)}.",
            "The base credentials are at fault: the key was deleted or deactivated, or is of another partition or server; or its account has not enabled the region. "
            + $"Look where they come from ({Source(attempt.Connection)})."),
        (_, false) => new(
            "SessionRejected", AuthenticationError, $"S3 does not know the session that STS gave for {attempt.Connection.RoleArn}.",
            "The endpoints are at fault: S3 and STS (endpointUrl, stsEndpointUrl) do not belong together, or the role's account has not enabled the region."),
    };

    /// <summary>How a person gets a new session of a profile or of the default chain.</summary>
    public static Remedy SignIn(string? profile) => Remedy.Same(profile is null ? "aws sso login" : $"aws sso login --profile {profile}");

    private static Explanation Expired(AccessAttempt attempt) => new(
        "SessionExpired", AuthenticationError, "The session of the base credentials has ended.",
        $"The base credentials ({Source(attempt.Connection)}) are at fault: they are temporary. Sign in again, or renew what they come from.",
        SignIn(attempt.Connection.ProfileName));

    private static string Source(S3Connection connection)
        => connection.ProfileName is { } profile ? $"profile {profile}" : "environment, default profile or the machine's role";

    private static string In(AccessAttempt attempt) => attempt.Connection.EndpointUrl is null ? $" in {attempt.Connection.Region}" : "";

    private static string At(ServiceFailure failure)
        => failure.ServerTime is { } time ? string.Create(CultureInfo.InvariantCulture, $", which has {time:yyyy-MM-dd HH:mm:ss} UTC") : "";
}
