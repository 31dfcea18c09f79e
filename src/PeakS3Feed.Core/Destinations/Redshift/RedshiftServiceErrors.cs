using PeakS3Feed.Aws;
using PeakS3Feed.Connections.Diagnosis;
using PeakS3Feed.Errors;
using PeakS3Feed.Remedies;

namespace PeakS3Feed.Destinations.Redshift;

/// <summary>The errors about the services that a Redshift destination calls. They never contain a password.</summary>
internal static class RedshiftServiceErrors
{
    /// <summary>A service refused a call, or could not be reached. Retries have ended.</summary>
    /// <param name="location">The destination.</param>
    /// <param name="operation">The operation as IAM names it: <c>redshift-data:ExecuteStatement</c>.</param>
    /// <param name="inner">The exception; <see cref="ServiceFailure.From"/> reads it, also from the error that is returned.</param>
    public static FeedException Failed(string location, string operation, Exception inner)
    {
        var failure = ServiceFailure.From(inner);
        var (id, category, message, hint) = Explain(location, operation, failure);
        return new(id, category, message, inner)
        {
            Target = location, Hint = hint, ServiceCode = failure.Code, RequestId = failure.RequestId,
        };
    }

    private static (string Id, FeedErrorCategory Category, string Message, string Hint) Explain(
        string location, string operation, ServiceFailure failure)
    {
        var service = operation.Split(':')[0];
        return failure switch
        {
            { IsAboutIdentity: true } => (
                "DestinationLoginRefused", FeedErrorCategory.AuthenticationError,
                $"{service} does not accept the AWS credentials of {location}: {failure.Message}",
                "The credentials are at fault, or this machine's clock: check the time and the destination's profile, or the environment and the "
                + "machine's role if it has none."),
            { IsDenial: true } => (
                "DestinationCallDenied", FeedErrorCategory.PermissionDenied,
                $"The AWS credentials of {location} may not call {operation}: {failure.Message}",
                $"Allow {operation} for the identity of the destination's profile, or of the default chain if it has none."),
            { IsTransient: true, Kind: FailureKind.Refused } => (
                "DestinationNotReady", FeedErrorCategory.ResourceUnavailable, $"{service} is not ready for {location}: {failure.Message}",
                "The service is busy or fails. Calls were repeated for about two minutes. Run the feed again later."),
            { Kind: FailureKind.Refused } => (
                "DestinationRefused", FeedErrorCategory.InvalidOperation, $"{operation} failed for {location}: {failure.Message}",
                "The message has the service's own text and code: check the names of the cluster or workgroup, the database and the user."),
            { Kind: FailureKind.Tls or FailureKind.NotTls } => (
                "DestinationTlsFailed", FeedErrorCategory.AuthenticationError, $"The certificate of {service} is not trusted: {failure.Message}",
                "A proxy may replace certificates: add its authority to the trusted ones of this machine."),
            { Kind: FailureKind.NotTheService } => (
                "DestinationUnreachable", FeedErrorCategory.ConnectionError, $"Another server answers instead of {service} for {location}.",
                "Check the proxy (HTTPS_PROXY, NO_PROXY) and the endpoint's address."),
            _ => (
                "DestinationUnreachable", FeedErrorCategory.ConnectionError, $"{service} cannot be reached for {location}: {failure.Message}",
                "Check the region, the network's way to AWS (a VPC endpoint or the internet) and the proxy (HTTPS_PROXY, NO_PROXY)."),
        };
    }
}

/// <summary>The errors about the AWS credentials of a Redshift destination.</summary>
/// <param name="destination">The name of the destination.</param>
internal sealed class RedshiftCredentialErrors(string destination) : ICredentialErrors
{
    public FeedException ProfileNotFound(string profile, IEnumerable<string> known) => new(
        "ProfileNotFound", FeedErrorCategory.ObjectNotFound, $"The account that runs this has no AWS profile named {profile}.")
    {
        Target = destination,
        Hint = NearestName.AskFirst(profile, known) + "The destination's profileName or the variable AWS_PROFILE is at fault, or the files of profiles: services and scheduled tasks run as "
            + "another account, with its own files. The command lists the profiles.",
        Remedies = [Remedy.Verbatim("aws configure list-profiles")],
    };

    public FeedException ProfileUnusable(string profile, string why, Exception? inner = null) => new(
        "ProfileUnusable", FeedErrorCategory.AuthenticationError, $"The AWS profile {profile} provides no credentials: {why}", inner)
    {
        Target = destination,
        Hint = "The profile is at fault: fix it in the AWS config files until the command below shows your identity.",
        Remedies = [Remedy.Verbatim($"aws sts get-caller-identity --profile {profile}")],
    };

    public FeedException NotSignedIn(string profile, Exception inner) => new(
        "NotSignedIn", FeedErrorCategory.AuthenticationError,
        $"The AWS profile {profile} is not signed in, or its session has expired: {inner.Message.TrimEnd('.')}.", inner)
    {
        Target = destination,
        Hint = "The profile's SSO session is at fault: sign in as the account that runs this. For unattended runs, use a role or an access key.",
        Remedies = [AccessDiagnosis.SignIn(profile)],
    };

    public FeedException CredentialsMissing(Exception inner) => new(
        "CredentialsMissing", FeedErrorCategory.AuthenticationError,
        "No AWS credentials were found in the environment, the profiles or the machine's role.", inner)
    {
        Target = destination,
        Hint = "Set AWS_PROFILE, or AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, for the account that runs this; or name a profile in the "
            + "destination.",
    };

    public FeedException RoleRefused(RoleRequest role, Exception inner)
        => RedshiftServiceErrors.Failed(destination, "sts:AssumeRole", inner);
}
