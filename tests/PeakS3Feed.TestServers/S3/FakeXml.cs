using System.Globalization;
using System.Security;

namespace PeakS3Feed.TestServers.S3;

/// <summary>The bodies that S3 and STS send.</summary>
internal static class FakeXml
{
    public const string RequestId = "4442587FB7D0A2F9";

    private const string Declaration = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n";

    public static string S3Error(Fault fault, string bucket, string key)
        => $"{Declaration}<Error><Code>{fault.Code}</Code><Message>{Escape(fault.Message)}</Message><BucketName>{bucket}</BucketName><Key>{Escape(PageWriter.UrlEncode(key))}</Key>{fault.Details}<RequestId>{RequestId}</RequestId><HostId>fake</HostId></Error>";

    public static string StsError(string code, string message)
        => $"<ErrorResponse xmlns=\"https://sts.amazonaws.com/doc/2011-06-15/\"><Error><Type>Sender</Type><Code>{code}</Code><Message>{Escape(message)}</Message></Error><RequestId>{RequestId}</RequestId></ErrorResponse>";

    public static string Assumed(string role, string name, string id, string secret, string token, DateTimeOffset ends)
        => "<AssumeRoleResponse xmlns=\"https://sts.amazonaws.com/doc/2011-06-15/\"><AssumeRoleResult>"
            + $"<AssumedRoleUser><AssumedRoleId>AROAFAKE:{Escape(name)}</AssumedRoleId><Arn>{Escape(role)}/{Escape(name)}</Arn></AssumedRoleUser>"
            + $"<Credentials><AccessKeyId>{id}</AccessKeyId><SecretAccessKey>{secret}</SecretAccessKey><SessionToken>{token}</SessionToken><Expiration>{Iso(ends)}</Expiration></Credentials>"
            + $"</AssumeRoleResult><ResponseMetadata><RequestId>{RequestId}</RequestId></ResponseMetadata></AssumeRoleResponse>";

    public static string Caller(string arn)
        => $"<GetCallerIdentityResponse xmlns=\"https://sts.amazonaws.com/doc/2011-06-15/\"><GetCallerIdentityResult><Arn>{Escape(arn)}</Arn>"
            + $"<UserId>AIDAFAKE</UserId><Account>111122223333</Account></GetCallerIdentityResult><ResponseMetadata><RequestId>{RequestId}</RequestId></ResponseMetadata></GetCallerIdentityResponse>";

    private static string Iso(DateTimeOffset t) => t.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ssZ", CultureInfo.InvariantCulture);

    private static string Escape(string text) => SecurityElement.Escape(text);
}
