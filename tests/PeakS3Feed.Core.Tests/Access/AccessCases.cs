using PeakS3Feed.TestServers.S3;
using PeakS3Feed.Tests.Sources;
using static PeakS3Feed.TestServers.S3.AwsRefusals;
using static PeakS3Feed.TestServers.S3.FakeOperation;

namespace PeakS3Feed.Tests.Access;

/// <summary>Every way in which a service refuses, with AWS's own answers.</summary>
internal static class AccessCases
{
    private static string Role => S3Harness.WithRole.RoleArn!;
    private const string SignIn = "<!DOCTYPE html><html><head><title>Sign in</title></head><body><p>Welcome to the guest network<br></body></html>";

    public static IEnumerable<AccessCase> All() => [.. Base(), .. Roles(), .. Bucket(), .. Lists(), .. Reads(), .. Keys()];

    private static IEnumerable<AccessCase> Base() =>
    [
        new("bad secret, with a role", Always(SignatureAtSts, AssumeRole), "FSSSSS", "SignatureRejected", "SignatureDoesNotMatch", "The secret key of the base credentials is at fault", "copied") { Message = "STS does not accept" },
        new("bad secret, without a role", Always(Fault.SignatureDoesNotMatch, List), "FSSSSS", "SignatureRejected", "SignatureDoesNotMatch", "The secret key of the base credentials is at fault") { NoRole = true, Message = "S3 does not accept" },
        new("unknown key, with a role", Always(UnknownToken, AssumeRole), "FSSSSS", "AccessKeyUnknown", "InvalidClientTokenId", "The base credentials are at fault", "deleted or deactivated", "environment") { Message = "STS does not know the access key" },
        new("unknown key, without a role", Always(Fault.InvalidAccessKeyId, List), "FSSSSS", "AccessKeyUnknown", "InvalidAccessKeyId", "The base credentials are at fault", "belongs to another partition or server") { NoRole = true },
        new("expired base session at STS", Always(ExpiredAtSts, AssumeRole), "FSSSSS", "SessionExpired", "ExpiredToken", "The base credentials", "temporary", "renew their source") { Next = "aws sso login" },
        new("expired base session at S3", Always(Fault.ExpiredToken, List), "FSSSSS", "SessionExpired", "ExpiredToken", "The base credentials", "temporary") { NoRole = true },
        new("token of the global STS in a region to be enabled", Always(InvalidToken, List), "FSSSSS", "SessionRejected", "InvalidToken", "global STS endpoint", "enabled this region") { NoRole = true },
        new("clock behind, at STS", Always(ClockBehindAtSts, AssumeRole), "PFSSSS", "ClockSkewed", "SignatureDoesNotMatch", "clock is at fault", "15 minutes"),
        new("clock ahead, at STS", Always(ClockAheadAtSts, AssumeRole), "PFSSSS", "ClockSkewed", "SignatureDoesNotMatch", "clock is at fault", "time service"),
        new("clock skew at S3", Always(Fault.RequestTimeTooSkewed, List), "PSSFSS", "ClockSkewed", "RequestTimeTooSkewed", "clock is at fault") { NoRole = true, Message = "differs too much from that of S3, which is 20" },
    ];

    private static IEnumerable<AccessCase> Roles() =>
    [
        new("role not trusting, no such role, wrong external id: AWS has one answer", Always(NotAuthorized(User, "sts:AssumeRole", Role), AssumeRole), "PFSSSS", "RoleRefused", "AccessDenied", "The role's trust policy or the roleArn is at fault", $"must name {User} as principal", "sts:ExternalId", "a role with this ARN must exist", "must allow sts:AssumeRole") { Message = User, Next = "peaks3feed policy acme" },
        new("role not trusting, told", Always(NotAuthorized(User, "sts:AssumeRole", Role, "because no role trust policy allows the sts:AssumeRole action"), AssumeRole), "PFSSSS", "RoleRefused", "AccessDenied", $"The role's trust policy is at fault: it must name {User} as its principal", "the connection's external id as sts:ExternalId"),
        new("role not trusting, an explicit deny", Always(NotAuthorized(User, "sts:AssumeRole", Role, "with an explicit deny in the role trust policy"), AssumeRole), "PFSSSS", "RoleRefused", "AccessDenied", "The role's trust policy is at fault: it has a Deny for sts:AssumeRole"),
        new("the connection has no external id", s => s.Sts.ExternalId = "ext-1", "PFSSSS", "RoleRefused", "AccessDenied", "The role's trust policy or the roleArn is at fault", "require no sts:ExternalId, because the connection has none") { Connection = c => c with { ExternalId = null } },
        new("wrong external id", s => s.Sts.ExternalId = "ext-2", "PFSSSS", "RoleRefused", "AccessDenied", "The role's trust policy or the roleArn is at fault", "require the connection's external id as sts:ExternalId"),
        new("our own policy lacks sts:AssumeRole", Always(NotAuthorized(User, "sts:AssumeRole", Role, "because no identity-based policy allows the sts:AssumeRole action"), AssumeRole), "PFSSSS", "RoleRefused", "AccessDenied", $"The permission policy of {User} is at fault", $"Add sts:AssumeRole on {Role}"),
        new("an organization forbids it", Always(NotAuthorized(User, "sts:AssumeRole", Role, "with an explicit deny in a service control policy: arn:aws:organizations::999988887777:policy/o-a1b2c3/service_control_policy/p-1234"), AssumeRole), "PFSSSS", "RoleRefused", "AccessDenied", "A service control policy of the organization", "arn:aws:organizations::999988887777:policy/o-a1b2c3/service_control_policy/p-1234", "overrides every Allow"),
        new("no such role, on a server that says so", Always(new Fault { Status = 404, Code = "NoSuchEntity", Message = "" }, AssumeRole), "PFSSSS", "RoleNotFound", "NoSuchEntity", "roleArn is at fault", "account number and path") { Message = Role },
        new("STS not active in the region", Always(RegionDisabled, AssumeRole), "PFSSSS", "RegionNotEnabled", "RegionDisabledException", "activate STS in eu-west-1", "stsEndpointUrl"),
        new("a server without STS", Always(MethodNotAllowed, AssumeRole), "PFSSSS", "RoleFailed", "MethodNotAllowed", "The STS endpoint is at fault", "stsEndpointUrl"),
        new("something that is not STS", Always(Page(403), AssumeRole), "PFSSSS", "NotS3", null, "another service answers there", "stsEndpointUrl") { Message = "answers (HTTP 403), but not like STS" },
        new("a sign-in page in the place of STS", Always(Page(200), AssumeRole), "PFSSSS", "NotS3", null, "a website or a proxy") { Message = "(HTTP 200)" },
        new("a session that S3 does not know", Always(Fault.InvalidAccessKeyId, List), "PPSFSS", "SessionRejected", "InvalidAccessKeyId", "S3 and STS (endpointUrl, stsEndpointUrl) do not belong together"),
        new("a proxy that breaks signatures", Always(Fault.SignatureDoesNotMatch, List), "PPSFSS", "SignatureRejected", "SignatureDoesNotMatch", "proxy or load balancer", "host, path or headers"),
    ];

    private static IEnumerable<AccessCase> Bucket() =>
    [
        new("no such bucket", Always(Fault.NoSuchBucket, List), "PPSFSS", "BucketNotFound", "NoSuchBucket", "bucketName", "the wrong server") { Message = "The bucket acme does not exist." },
        new("wrong region, 301", Always(Fault.PermanentRedirect("eu-central-1"), List), "PPFSSS", "WrongRegion", "PermanentRedirect", "region is at fault: set it to eu-central-1") { Message = "is in eu-central-1, not in eu-west-1", Next = "peaks3feed set acme region=eu-central-1" },
        new("wrong region, 301 without a body", Always(Fault.PermanentRedirect("eu-central-1") with { Empty = true }, List), "PPFSSS", "WrongRegion", "MovedPermanently", "set it to eu-central-1"),
        new("wrong region, 400", Always(Fault.AuthorizationHeaderMalformed("eu-central-1"), List), "PPFSSS", "WrongRegion", "AuthorizationHeaderMalformed", "set it to eu-central-1") { Next = "peaks3feed set acme region=eu-central-1" },
        new("wrong region, a region that must be enabled", Always(IllegalLocation("me-south-1"), List), "PPFSSS", "WrongRegion", "IllegalLocationConstraintException", "set it to me-south-1"),
        new("a console's page", Always(Page(200), List), "PPFSSS", "NotS3", null, "such as a console, a website or a proxy") { Message = "answers (HTTP 200), but not like S3" },
        new("well-formed XML that is no listing", Always(new Fault { Status = 200, Page = "<html><body/></html>" }, List), "PPFSSS", "NotS3", null, "The endpoint is at fault"),
        new("a proxy that refuses", Always(Page(403), List), "PPFSSS", "NotS3", null, "HTTPS_PROXY"),
        new("a proxy that wants a password", Always(Page(407), List), "PPFSSS", "NotS3", null, "The proxy is at fault: it requires a user and password"),
        new("a website without S3", Always(Page(405), List), "PPFSSS", "NotS3", null, "The endpoint is at fault"),
        new("a website without S3, 501", Always(Page(501), List), "PPFSSS", "NotS3", null, "load balancer"),
        new("a load balancer without servers", Always(Page(503), List), "PPFSSS", "NotS3", null, "try again later"),
        new("a redirect to a sign-in page", Always(Page(302), List), "PPFSSS", "NotS3", null, "The endpoint is at fault"),
    ];

    private static IEnumerable<AccessCase> Lists() =>
    [
        new("prefix outside the policy", Always(Fault.AccessDenied, List), "PPPFSS", "ListDenied", "AccessDenied", $"The policy of the role {Role} must allow s3:ListBucket on the bucket for the prefix in/*", "most often, the root path is outside the policy", "requesterPays") { Message = "Listing s3://acme/in/ is denied.", Next = "peaks3feed policy acme" },
        new("denied without a body", Always(EmptyForbidden, List), "PPPFSS", "ListDenied", "Forbidden", "s3:ListBucket on the bucket for the prefix in/*"),
        new("prefix outside the policy, told", Always(NotAuthorizedByS3("s3:ListBucket", "arn:aws:s3:::acme", "because no identity-based policy allows the s3:ListBucket action"), List), "PPPFSS", "ListDenied", "AccessDenied", $"The permission policy of the role {Role} is at fault", "Add s3:ListBucket on the bucket for the prefix in/*"),
        new("the bucket's policy denies", Always(NotAuthorizedByS3("s3:ListBucket", "arn:aws:s3:::acme", "with an explicit deny in a resource-based policy"), List), "PPPFSS", "ListDenied", "AccessDenied", "The bucket policy of acme is at fault: it has a Deny for s3:ListBucket", $"Exclude {Session} from it"),
        new("the bucket's policy does not allow", Always(NotAuthorizedByS3("s3:ListBucket", "arn:aws:s3:::acme", "because no resource-based policy allows the s3:ListBucket action"), List), "PPPFSS", "ListDenied", "AccessDenied", "The bucket policy of acme is at fault: it does not allow s3:ListBucket"),
        new("the organization denies", Always(NotAuthorizedByS3("s3:ListBucket", "arn:aws:s3:::acme", "with an explicit deny in a service control policy"), List), "PPPFSS", "ListDenied", "AccessDenied", "A service control policy of the organization", "Deny"),
        new("the bucket's organization denies", Always(NotAuthorizedByS3("s3:ListBucket", "arn:aws:s3:::acme", "with an explicit deny in a resource control policy"), List), "PPPFSS", "ListDenied", "AccessDenied", "A resource control policy of the organization that the bucket"),
        new("the role's boundary", Always(NotAuthorizedByS3("s3:ListBucket", "arn:aws:s3:::acme", "because no permissions boundary allows the s3:ListBucket action"), List), "PPPFSS", "ListDenied", "AccessDenied", "The permissions boundary of"),
        new("a session policy", Always(NotAuthorizedByS3("s3:ListBucket", "arn:aws:s3:::acme", "because no session policy allows the s3:ListBucket action"), List), "PPPFSS", "ListDenied", "AccessDenied", "The session policy of"),
        new("a VPC endpoint", Always(NotAuthorizedByS3("s3:ListBucket", "arn:aws:s3:::acme", "because no VPC endpoint policy allows the s3:ListBucket action"), List), "PPPFSS", "ListDenied", "AccessDenied", "The policy of the VPC endpoint is at fault"),
        new("a bucket that is not public", Always(Fault.AccessDenied, List), "PSPFSS", "ListDenied", "AccessDenied", "The bucket's policy is at fault: it must allow everyone s3:ListBucket", "Block Public Access") { NoRole = true, Connection = c => c with { Anonymous = true } },
    ];

    private static IEnumerable<AccessCase> Reads() =>
    [
        new("list allowed, get denied", Always(Fault.AccessDenied, Get), "PPPPFS", "ObjectAccessDenied", "AccessDenied", $"The policy of the role {Role} must allow s3:GetObject on arn:aws:s3:::acme/in/*", "ACL") { Message = "Reading s3://acme/in/a b.csv is denied.", Next = "peaks3feed policy acme" },
        new("get denied without a body", Always(EmptyForbidden, Get), "PPPPFS", "ObjectAccessDenied", "Forbidden", "s3:GetObject"),
        new("get denied by the role's policy", Always(NotAuthorizedByS3("s3:GetObject", "arn:aws:s3:::acme/in/a b.csv", "because no identity-based policy allows the s3:GetObject action"), Get), "PPPPFS", "ObjectAccessDenied", "AccessDenied", $"The permission policy of the role {Role} is at fault", "Add s3:GetObject on arn:aws:s3:::acme/in/*"),
        new("get denied by the bucket's policy", Always(NotAuthorizedByS3("s3:GetObject", "arn:aws:s3:::acme/in/x", "with an explicit deny in a resource-based policy"), Get), "PPPPFS", "ObjectAccessDenied", "AccessDenied", "The bucket policy of acme is at fault: it has a Deny for s3:GetObject"),
        new("get denied in China", Always(Fault.AccessDenied, Get), "PPPPFS", "ObjectAccessDenied", "AccessDenied", "s3:GetObject on arn:aws-cn:s3:::acme/in/*") { Connection = c => c with { Region = "cn-north-1" } },
        new("the writer's own key", Always(CustomerKeyWanted, Get), "PPPPFS", "ObjectAccessDenied", "InvalidRequest", "encryption is at fault", "SSE-KMS") { Message = "SSE-C" },
        new("a bucket named kms", Always(NotAuthorizedByS3("s3:GetObject", "arn:aws:s3:::kms-exports/in/kms.csv", "because no identity-based policy allows the s3:GetObject action"), Get), "PPPPFS", "ObjectAccessDenied", "AccessDenied", "Add s3:GetObject"),
    ];

    private static IEnumerable<AccessCase> Keys() =>
    [
        new("KMS: the key's policy", Always(NotAuthorizedByS3("kms:Decrypt", Key, "because no resource-based policy allows the kms:Decrypt action"), Get), "PPPPFF", "ObjectAccessDenied", "AccessDenied", "The policy of the KMS key or that of", "kms:Decrypt", "aws/s3 cannot be used from another account") { Message = "KMS does not decrypt s3://acme/in/a b.csv", Next = $"peaks3feed set acme kmsKeyArn={Key}" },
        new("KMS: the role's policy", Always(NotAuthorizedByS3("kms:Decrypt", Key, "because no identity-based policy allows the kms:Decrypt action"), Get), "PPPPFF", "ObjectAccessDenied", "AccessDenied", $"The permission policy of the role {Role} is at fault", "Add kms:Decrypt on the key") { Next = $"peaks3feed set acme kmsKeyArn={Key}" },
        new("KMS: a key of another account", Always(ForeignKmsDenied, Get), "PPPPFF", "ObjectAccessDenied", "AccessDenied", "The policy of the KMS key or that of the role", "in the bucket's region", "aws/s3"),
        new("KMS: the old words", Always(OldKmsDenied, Get), "PPPPFF", "ObjectAccessDenied", "AccessDenied", "The policy of the KMS key or that of the role", "aws/s3"),
        new("KMS: an explicit deny", Always(NotAuthorizedByS3("kms:Decrypt", Key, "with an explicit deny in a VPC endpoint policy"), Get), "PPPPFF", "ObjectAccessDenied", "AccessDenied", "The policy of the VPC endpoint is at fault: it has a Deny for kms:Decrypt"),
        new("KMS: disabled", Always(KeyDisabled, Get), "PPPPFF", "ObjectAccessDenied", "KMS.DisabledException", "The KMS key is at fault: it is disabled") { Message = Key },
        new("KMS: pending deletion", Always(KeyPendingDeletion, Get), "PPPPFF", "ObjectAccessDenied", "KMS.KMSInvalidStateException", "deletion is pending", "cancel the deletion"),
        new("KMS: invalid state, another spelling", Always(KeyPendingDeletion with { Code = "KMS.InvalidStateException" }, Get), "PPPPFF", "ObjectAccessDenied", "KMS.InvalidStateException", "cancel the deletion"),
        new("KMS: the key is gone", Always(new Fault { Status = 400, Code = "KMS.NotFoundException", Message = $"Key '{Key}' does not exist" }, Get), "PPPPFF", "ObjectAccessDenied", "KMS.NotFoundException", "it no longer exists"),
    ];

    private static Action<FakeS3> Always(Fault fault, FakeOperation operation) => s => s.Faults.Enqueue(fault, operation, times: int.MaxValue);

    private static Fault Page(int status) => new() { Status = status, Page = SignIn };
}
