using static PeakS3Feed.Errors.FeedErrorCategory;

namespace PeakS3Feed.Connections;

/// <summary>From a service's refusal to the layer at fault and the mend. Room for every case that turns up.</summary>
internal static class AccessDiagnosis
{
    /// <summary>Explains why a step failed.</summary>
    public static Diagnosis Explain(ConnectionStep step, ServiceFailure failure, S3Connection connection) => failure switch
    {
        { Kind: not FailureKind.Refused } => ExplainSilence(step, failure, connection),
        { IsThrottle: true } => new(
            "S3Throttled", ResourceUnavailable, $"{Service(step)} asked to be called less often, again and again.", "Try later, or spread the feeds over the day."),
        { IsAboutIdentity: true } => ExplainIdentity(step, failure, connection),
        { Status: 301 or 307 } or { Code: "PermanentRedirect" or "IllegalLocationConstraintException" } => WrongRegion(failure, connection),
        _ => step switch
        {
            ConnectionStep.BaseCredentials or ConnectionStep.AssumeRole => ExplainRole(failure, connection),
            ConnectionStep.Read or ConnectionStep.Kms => ExplainRead(failure, connection),
            _ => ExplainList(failure, connection),
        },
    };

    private static Diagnosis ExplainSilence(ConnectionStep step, ServiceFailure failure, S3Connection connection) => failure.Kind switch
    {
        FailureKind.Tls => new(
            "TlsFailed", ConnectionError, $"The certificate of {Host(step, connection)} was not accepted: {failure.Message}",
            "Install the certificate authority that signed it, or correct the endpoint's host name."),
        FailureKind.TimedOut => new(
            "S3Unreachable", ConnectionError, $"{Host(step, connection)} did not answer in time.", "Check the network, the proxy and the endpoint."),
        FailureKind.Unreachable => new(
            "S3Unreachable", ConnectionError, $"{Host(step, connection)} cannot be reached: {failure.Message}",
            "Check the region or endpoint, name resolution, the proxy and the firewall."),
        _ => new("S3Failed", NotSpecified, $"{Service(step)} could not be called: {failure.Message}", "Check the connection's region and endpoint."),
    };

    private static Diagnosis ExplainIdentity(ConnectionStep step, ServiceFailure failure, S3Connection connection) => failure switch
    {
        { IsClockSkew: true } => new(
            "ClockSkewed", AuthenticationError, "This machine's clock is too far from the server's.", "Set the clock; requests may be off by 15 minutes at most."),
        { Code: "SignatureDoesNotMatch" } => new(
            "SignatureRejected", AuthenticationError, $"{Service(step)} does not accept the signature.",
            "The secret key does not belong to the access key id, or was copied with a character missing; a proxy that rewrites requests does it too."),
        { Code: "AuthorizationHeaderMalformed" } => WrongRegion(failure, connection),
        { Code: "InvalidAccessKeyId" or "InvalidClientTokenId" } => new(
            "AccessKeyUnknown", AuthenticationError, $"{Service(step)} does not know the access key.",
            "The base credentials were deleted, deactivated or belong to another partition: check the profile or the environment they come from."),
        _ => new(
            "SessionExpired", AuthenticationError, "The session of the credentials has ended.",
            "Sign in again (aws sso login) or renew the temporary credentials they come from."),
    };

    private static Diagnosis ExplainRole(ServiceFailure failure, S3Connection connection) => failure switch
    {
        { Code: "NoSuchEntity" } => new(
            "RoleNotFound", ObjectNotFound, $"There is no role {connection.RoleArn}.", "Compare the ARN with the one that IAM shows, account number and path included."),
        { Status: 403 } => new(
            "RoleRefused", PermissionDenied, $"We are not authorised to assume {connection.RoleArn}.",
            connection.ExternalId is null
                ? "In the role's trust policy, check the principal and sts:ExternalId (the connection sends none); the base credentials need sts:AssumeRole, too."
                : "In the role's trust policy, check the principal and that sts:ExternalId is the connection's; the base credentials need sts:AssumeRole, too."),
        _ => new(
            "RoleFailed", AuthenticationError, $"{connection.RoleArn} could not be assumed: {failure.Message}", "Check the role, its longest session and the STS endpoint."),
    };

    private static Diagnosis ExplainList(ServiceFailure failure, S3Connection connection) => failure switch
    {
        { Code: "NoSuchBucket" } => new(
            "BucketNotFound", ObjectNotFound, $"There is no bucket {connection.BucketName}.", "Check the name and, with an endpoint of your own, that it is the right server."),
        { Status: 403 } or { Code: "AccessDenied" } => new(
            "ListDenied", PermissionDenied, $"Listing s3://{connection.BucketName}/{connection.RootPrefix} is denied.",
            $"The role's policy must allow s3:ListBucket on the bucket{ForPrefix(connection)}; a bucket policy may deny it, too. Get-S3FeedPolicy shows what is needed."),
        _ => Other(failure),
    };

    private static Diagnosis ExplainRead(ServiceFailure failure, S3Connection connection) => failure switch
    {
        { Code: "InvalidObjectState" } => new(
            "ObjectArchived", InvalidOperation, "The object is in an archive.", "Restore it, or leave it out with -Exclude."),
        { IsAboutKms: true } => new(
            "ObjectAccessDenied", PermissionDenied, "The object's KMS key may not be used.",
            "Allow kms:Decrypt in the role's policy and in the key's own policy (Set-S3Connection -KmsKeyArn adds it to the policy); the key aws/s3 cannot be used from another account."),
        { Status: 403 } or { Code: "AccessDenied" } => new(
            "ObjectAccessDenied", PermissionDenied, "Reading is denied.",
            $"The role's policy must allow s3:GetObject on {connection.BucketName}/{connection.RootPrefix}*; an object that another account wrote may forbid it by its ACL."),
        { Code: "NoSuchBucket" } => ExplainList(failure, connection),
        _ => Other(failure),
    };

    private static Diagnosis WrongRegion(ServiceFailure failure, S3Connection connection) => new(
        "WrongRegion", InvalidArgument,
        failure.Region is { } right ? $"The bucket {connection.BucketName} is in {right}, not in {connection.Region}." : $"The bucket {connection.BucketName} is not in {connection.Region}.",
        failure.Region is { } region ? $"Set-S3Connection -Name {connection.Name} -Region {region}" : "Look up the bucket's region and set it on the connection.");

    private static Diagnosis Other(ServiceFailure failure) => new(
        "S3Failed", NotSpecified, $"S3 answered {failure.Code ?? "an error"} (HTTP {failure.Status}): {failure.Message}", "The provider's support can look it up by the request id.");

    private static string ForPrefix(S3Connection connection) => connection.RootPrefix.Length == 0 ? "" : $" for the prefix {connection.RootPrefix}*";

    private static string Service(ConnectionStep step) => step is ConnectionStep.AssumeRole or ConnectionStep.BaseCredentials ? "STS" : "S3";

    private static string Host(ConnectionStep step, S3Connection connection)
    {
        var endpoint = step == ConnectionStep.AssumeRole ? connection.StsEndpointUrl ?? connection.EndpointUrl : connection.EndpointUrl;
        return Uri.TryCreate(endpoint, UriKind.Absolute, out var uri) ? uri.Authority : $"{Service(step)} in {connection.Region}";
    }
}
