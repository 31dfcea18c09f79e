using System.Globalization;
using System.Security;
using System.Text;

namespace PeakS3Feed.TestServers.S3;

/// <summary>The bodies that S3 and STS send.</summary>
internal static class FakeXml
{
    public const string RequestId = "4442587FB7D0A2F9";

    private const string Declaration = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n";

    public static string S3Error(Fault fault, string bucket, string key)
        => $"{Declaration}<Error><Code>{fault.Code}</Code><Message>{Escape(fault.Message)}</Message><BucketName>{bucket}</BucketName><Key>{Escape(UrlEncode(key))}</Key>{fault.Details}<RequestId>{RequestId}</RequestId><HostId>fake</HostId></Error>";

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

    public static string Page(string bucket, string prefix, IReadOnlyList<FakeObject> objects, string? next, bool encode, bool restoreStatus, IReadOnlyList<string> folders)
    {
        Func<string, string> key = encode ? UrlEncode : Escape;
        var xml = new StringBuilder(Declaration);
        xml.Append("<ListBucketResult xmlns=\"http://s3.amazonaws.com/doc/2006-03-01/\">")
            .Append(CultureInfo.InvariantCulture, $"<Name>{bucket}</Name><Prefix>{key(prefix)}</Prefix><KeyCount>{objects.Count}</KeyCount><MaxKeys>1000</MaxKeys>")
            .Append(encode ? "<EncodingType>url</EncodingType>" : "")
            .Append(CultureInfo.InvariantCulture, $"<IsTruncated>{(next is null ? "false" : "true")}</IsTruncated>");
        if (next is not null)
            xml.Append("<NextContinuationToken>").Append(next).Append("</NextContinuationToken>");
        foreach (var o in objects)
        {
            xml.Append(CultureInfo.InvariantCulture, $"<Contents><Key>{key(o.Key)}</Key><LastModified>{o.LastModified.UtcDateTime:yyyy-MM-ddTHH:mm:ss.000Z}</LastModified>")
                .Append(CultureInfo.InvariantCulture, $"<ETag>&quot;{o.ETag}&quot;</ETag><Size>{o.Size}</Size><StorageClass>{o.StorageClass}</StorageClass>");
            if (restoreStatus && o.RestoredUntil is { } until)
                xml.Append(CultureInfo.InvariantCulture, $"<RestoreStatus><IsRestoreInProgress>false</IsRestoreInProgress><RestoreExpiryDate>{Iso(until)}</RestoreExpiryDate></RestoreStatus>");
            xml.Append("</Contents>");
        }
        foreach (var folder in folders)
            xml.Append("<CommonPrefixes><Prefix>").Append(key(folder)).Append("</Prefix></CommonPrefixes>");
        return xml.Append("</ListBucketResult>").ToString();
    }

    private static string Iso(DateTimeOffset t) => t.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ssZ", CultureInfo.InvariantCulture);

    private static string Escape(string text) => SecurityElement.Escape(text);

    /// <summary>As S3 does it: a space becomes a plus, a slash stays.</summary>
    private static string UrlEncode(string key) => Uri.EscapeDataString(key).Replace("%2F", "/", StringComparison.Ordinal).Replace("%20", "+", StringComparison.Ordinal);
}
