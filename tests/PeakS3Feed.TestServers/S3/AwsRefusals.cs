namespace PeakS3Feed.TestServers.S3;

/// <summary>Refusals with AWS's own codes and words. STS and S3 word some of them differently.</summary>
public static class AwsRefusals
{
    public const string User = "arn:aws:iam::111122223333:user/platform";
    public const string Session = "arn:aws:sts::444455556666:assumed-role/ingest/test-0f8fad5b";
    public const string Key = "arn:aws:kms:eu-west-1:444455556666:key/1234abcd-12ab-34cd-56ef-1234567890ab";

    public static Fault UnknownToken => new() { Status = 403, Code = "InvalidClientTokenId", Message = "The security token included in the request is invalid." };

    public static Fault ExpiredAtSts => new() { Status = 403, Code = "ExpiredToken", Message = "The security token included in the request is expired" };

    public static Fault SignatureAtSts => new()
    {
        Status = 403, Code = "SignatureDoesNotMatch",
        Message = "The request signature we calculated does not match the signature you provided. Check your AWS Secret Access Key and signing method. Consult the service documentation for details.",
    };

    public static Fault ClockAheadAtSts => new()
    {
        Status = 403, Code = "SignatureDoesNotMatch", Message = "Signature not yet current: 20261122T203000Z is still later than 20261122T171500Z (20261122T170000Z + 15 min.)",
    };

    public static Fault ClockBehindAtSts => new()
    {
        Status = 403, Code = "SignatureDoesNotMatch", Message = "Signature expired: 20261122T140000Z is now earlier than 20261122T164500Z (20261122T170000Z - 15 min.)",
    };

    public static Fault InvalidToken => new() { Status = 400, Code = "InvalidToken", Message = "The provided token is malformed or otherwise invalid." };

    public static Fault RegionDisabled => new()
    {
        Status = 403, Code = "RegionDisabledException",
        Message = "STS is not activated in this region for account:111122223333. Your account administrator can activate STS in this region using the IAM Console.",
    };

    public static Fault IllegalLocation(string region) => new()
    {
        Status = 400, Code = "IllegalLocationConstraintException", Message = $"The {region} location constraint is incompatible for the region specific endpoint this request was sent to.",
    };

    public static Fault EmptyForbidden => Fault.AccessDenied with { Empty = true };

    public static Fault MethodNotAllowed => new() { Status = 405, Code = "MethodNotAllowed", Message = "The specified method is not allowed against this resource." };

    public static Fault CustomerKeyWanted => new()
    {
        Status = 400, Code = "InvalidRequest",
        Message = "The object was stored using a form of Server Side Encryption. The correct parameters must be provided to retrieve the object.",
    };

    /// <summary>S3's words for a key that one may not see, before AWS said whose policy it is.</summary>
    public static Fault OldKmsDenied => new()
    {
        Status = 403, Code = "AccessDenied",
        Message = "The ciphertext refers to a customer master key that does not exist, does not exist in this region, or you are not allowed to access.",
    };

    /// <summary>The words for a key of another account, which name several causes.</summary>
    public static Fault ForeignKmsDenied => new()
    {
        Status = 403, Code = "AccessDenied",
        Message = $"User: {Session} is not authorized to perform: kms:Decrypt on the resource associated with this ciphertext because the resource does not exist in this Region, no resource-based policies allow access, or a resource-based policy explicitly denies access",
    };

    public static Fault KeyDisabled => new() { Status = 400, Code = "KMS.DisabledException", Message = $"{Key} is disabled." };

    public static Fault KeyPendingDeletion => new() { Status = 400, Code = "KMS.KMSInvalidStateException", Message = $"{Key} is pending deletion." };

    public static Fault NotAuthorized(string principal, string action, string resource, string why = "") => new()
    {
        Status = 403, Code = "AccessDenied", Message = $"User: {principal} is not authorized to perform: {action} on resource: {resource}{(why.Length > 0 ? " " + why : "")}",
    };

    /// <summary>As <see cref="NotAuthorized"/>, with S3's quotes around the resource.</summary>
    public static Fault NotAuthorizedByS3(string action, string resource, string why) => NotAuthorized(Session, action, $"\"{resource}\"", why);
}
