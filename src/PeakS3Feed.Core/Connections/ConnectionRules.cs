using System.Net;
using System.Text;
using System.Text.RegularExpressions;
using PeakS3Feed.Errors;
using PeakS3Feed.Files;

namespace PeakS3Feed.Connections;

/// <summary>The rules of a connection's definition. They use no network.</summary>
internal static partial class ConnectionRules
{
    private static readonly TimeSpan ShortestSession = TimeSpan.FromMinutes(15);
    private static readonly TimeSpan LongestSession = TimeSpan.FromHours(12);

    /// <summary>All problems, in the order of the definition's fields.</summary>
    public static IEnumerable<DefinitionProblem> Check(S3Connection connection)
    {
        if (NameRules.Check(connection.Name) is { } name)
            yield return name;
        if (BucketNameRules.Check(connection.BucketName) is { } bucket)
            yield return bucket;
        if (RootPathRules.Check(connection.RootPath, connection.BucketName) is { } rootPath)
            yield return rootPath;
        foreach (var problem in CheckPlace(connection).Concat(ArnRules.Check(connection)).Concat(CheckRole(connection)))
            yield return problem;
    }

    /// <summary>Throws when there are problems.</summary>
    /// <exception cref="FeedException"><c>ConnectionInvalid</c>.</exception>
    public static void ThrowIfInvalid(S3Connection connection)
    {
        if (connection.Validate() is { Count: > 0 } problems)
            throw DefinitionErrors.Invalid("Connection", connection.Name, problems);
    }

    private static IEnumerable<DefinitionProblem> CheckPlace(S3Connection connection)
    {
        if (connection.EndpointUrl is null && string.IsNullOrEmpty(connection.Region))
            yield return new(nameof(S3Connection.Region), "The connection names no region.", "Give the bucket's region, for example eu-west-1.");
        if (connection.Region is { Length: > 0 } region && !AwsRegions.IsName(region))
            yield return new(nameof(S3Connection.Region), $"\"{region}\" is not a region's name.", "Give its system name, for example eu-west-1.");
        if (connection.EndpointUrl is { } endpoint && CheckEndpoint(endpoint) is { } wrong)
            yield return wrong;
        if (connection.StsEndpointUrl is { } sts && !IsWebUrl(sts))
            yield return new(nameof(S3Connection.StsEndpointUrl), $"\"{sts}\" is not an address of STS.",
                "Write it as https://host or http://host:port.");
    }

    private static IEnumerable<DefinitionProblem> CheckRole(S3Connection connection)
    {
        if (connection.ExternalId is { } externalId && !ExternalIdPattern().IsMatch(externalId))
            yield return new(nameof(S3Connection.ExternalId), "The external id is not one that STS takes.",
                "Use 2 to 1224 letters, digits and _+=,.@:/- without spaces.");
        if (connection.SessionDuration < ShortestSession || connection.SessionDuration > LongestSession)
            yield return new(nameof(S3Connection.SessionDuration), $"A session of {connection.SessionDuration:c} is not possible.",
                "Choose 15 minutes to 12 hours.");
        if (connection.Anonymous && (connection.RoleArn is not null || connection.ProfileName is not null))
            yield return new(nameof(S3Connection.Anonymous), "An anonymous connection has neither a role nor a profile.",
                "Leave out RoleArn and ProfileName, or Anonymous.");
    }

    private static DefinitionProblem? CheckEndpoint(string endpoint)
    {
        if (!RootedPath.IsFolderAddress(endpoint, RootedPath.Here))
        {
            return IsWebUrl(endpoint) ? null : new(
                nameof(S3Connection.EndpointUrl), $"\"{endpoint}\" is not an address of an S3 server.",
                "Write it as https://host or http://host:port, or file:///folder for a folder.");
        }
        return RootedPath.FromAddress(endpoint, RootedPath.Here) is not null ? null : new(
            nameof(S3Connection.EndpointUrl),
            $"\"{endpoint}\" does not name a folder from its root.",
            $"Write three slashes and the whole path, for example {(RootedPath.Here == PathStyle.Windows ? "file:///C:/data/incoming" : "file:///data/incoming")}.");
    }

    private static bool IsWebUrl(string text)
        => Uri.TryCreate(text, UriKind.Absolute, out var uri) && uri.Scheme is "http" or "https" && uri.Host.Length > 0 && uri.UserInfo.Length == 0;

    [GeneratedRegex(@"\A[A-Za-z0-9_+=,.@:/-]{2,1224}\z", RegexOptions.CultureInvariant, 1000)]
    private static partial Regex ExternalIdPattern();
}

/// <summary>The rules for the ARNs of a connection. Only AWS knows whether they exist.</summary>
internal static partial class ArnRules
{
    /// <summary>All problems of its ARNs.</summary>
    public static IEnumerable<DefinitionProblem> Check(S3Connection connection)
    {
        if (connection.RoleArn is { } role)
        {
            if (!RolePattern().IsMatch(role))
                yield return new(nameof(S3Connection.RoleArn), $"\"{role}\" is not the ARN of an IAM role.",
                    "It has the form arn:aws:iam::123456789012:role/name.");
            else if (CheckPartition(connection, nameof(S3Connection.RoleArn), role) is { } foreign)
                yield return foreign;
        }
        if (connection.TrustedPrincipal is { } principal)
        {
            if (!PrincipalPattern().IsMatch(principal))
            {
                yield return new(
                    nameof(S3Connection.TrustedPrincipal), $"\"{principal}\" is not a principal that may assume a role.",
                    "Give the ARN of one user or role, without wildcards, or the number of an account.");
            }
            else if (CheckPartition(connection, nameof(S3Connection.TrustedPrincipal), principal) is { } foreign)
                yield return foreign;
        }
        if (connection.KmsKeyArn is { } key)
        {
            if (!IsKmsKey(key))
            {
                yield return new(
                    nameof(S3Connection.KmsKeyArn), $"\"{key}\" is not the ARN of a KMS key.",
                    "It has the form arn:aws:kms:region:account:key/id; a policy cannot name a key by its alias.");
            }
            else if ((CheckPartition(connection, nameof(S3Connection.KmsKeyArn), key) ?? CheckRegion(connection, key)) is { } elsewhere)
                yield return elsewhere;
        }
    }

    /// <summary>Whether a text is the ARN of a KMS key.</summary>
    public static bool IsKmsKey(string text) => KmsKeyPattern().IsMatch(text);

    private static DefinitionProblem? CheckPartition(S3Connection connection, string field, string arn)
    {
        var expected = AwsPartition.From(connection.Region).Name;
        return !connection.IsOnAmazon || connection.Region is null || !arn.StartsWith("arn:", StringComparison.Ordinal) || Part(arn, 1) == expected
            ? null : new(
            field, $"\"{arn}\" is of the partition {Part(arn, 1)}, and the region {connection.Region} of {expected}.",
            "Nothing reaches from one partition of AWS into another.");
    }

    private static DefinitionProblem? CheckRegion(S3Connection connection, string key)
        => !connection.IsOnAmazon || connection.Region is null || Part(key, 3) == connection.Region ? null : new(
            nameof(S3Connection.KmsKeyArn), $"\"{key}\" is a key in {Part(key, 3)}, and the bucket is in {connection.Region}.",
            "S3 uses keys of the bucket's own region alone.");

    private static string Part(string arn, int index) => arn.Split(':')[index];

    // No wildcard, no variable, no quote. The account is empty, or a tenant's name, on other servers than Amazon's.
    [GeneratedRegex(@"\Aarn:aws(?:-[a-z]+)*:iam::[A-Za-z0-9_-]*:role/(?:[\x21-\x7E-[*?$'""\\]]{1,510}/)?[A-Za-z0-9_+=,.@-]{1,64}\z", RegexOptions.CultureInvariant, 1000)]
    private static partial Regex RolePattern();

    [GeneratedRegex(
        @"\A(?:[0-9]{12}|arn:aws(?:-[a-z]+)*:(?:iam::[A-Za-z0-9_-]*:(?:root|(?:user|role)/[A-Za-z0-9_+=,.@:/-]{1,576})|sts::[0-9]{12}:assumed-role/[A-Za-z0-9_+=,.@-]{1,64}/[A-Za-z0-9_+=,.@-]{2,64}))\z",
        RegexOptions.CultureInvariant, 1000)]
    private static partial Regex PrincipalPattern();

    [GeneratedRegex(@"\Aarn:aws(?:-[a-z]+)*:kms:[a-z0-9-]+:[0-9]{12}:key/[A-Za-z0-9-]+\z", RegexOptions.CultureInvariant, 1000)]
    private static partial Regex KmsKeyPattern();
}

/// <summary>S3's rules for the names of general purpose buckets and of access point aliases.</summary>
internal static class BucketNameRules
{
    private static readonly string[] ReservedStarts = ["xn--", "sthree-", "amzn-s3-demo-"];
    private static readonly string[] ReservedEnds = ["--ol-s3", ".mrap", "--table-s3"];

    /// <summary>The first rule that the name breaks, or null.</summary>
    public static DefinitionProblem? Check(string name)
    {
        if (name.StartsWith("s3://", StringComparison.OrdinalIgnoreCase))
            return Problem(name, "Give the bucket's name alone, without s3://; folders go into RootPath.");
        if (name.Length is < 3 or > 63)
            return Problem(name, "Use 3 to 63 characters.");
        if (!name.All(c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c is '.' or '-'))
            return Problem(name, "Use lower-case letters, digits, dots and hyphens.");
        if (!char.IsAsciiLetterOrDigit(name[0]) || !char.IsAsciiLetterOrDigit(name[^1]))
            return Problem(name, "Begin and end with a letter or a digit.");
        if (name.Contains("..", StringComparison.Ordinal))
            return Problem(name, "Do not put two dots side by side.");
        if (name.Count(c => c == '.') == 3 && IPAddress.TryParse(name, out _))
            return Problem(name, "It must not look like an IP address.");
        if (name.EndsWith("--x-s3", StringComparison.Ordinal))
            return Problem(name, "Directory buckets do not list their keys in order and cannot be read; use a general purpose bucket.");
        if (ReservedStarts.Any(s => name.StartsWith(s, StringComparison.Ordinal))
            || ReservedEnds.Any(s => name.EndsWith(s, StringComparison.Ordinal)))
            return Problem(name, "S3 keeps this beginning or ending for itself.");
        return null;
    }

    private static DefinitionProblem Problem(string name, string hint)
        => new(nameof(S3Connection.BucketName), $"\"{name}\" is not a name that S3 gives to buckets.", hint);
}

/// <summary>The rules for a root path. It becomes part of a policy, which a wildcard or a variable would widen.</summary>
internal static class RootPathRules
{
    private const int LongestKeyBytes = 1024;

    /// <summary>The first rule that the path breaks, or null.</summary>
    public static DefinitionProblem? Check(string path, string? bucket = null)
    {
        if (PathAddress.Check(path, nameof(S3Connection.RootPath), bucket) is { } address)
            return address;
        if (path is "/")
            return null;
        if (path.Length == 0)
            return Problem(path, "Write / for the whole bucket.");
        if (path.AsSpan().IndexOfAny('*', '?', '$') >= 0)
            return Problem(path, "Leave out *, ? and $: in the policy they would open more than the folder.");
        if (path[0] == '/')
            return Problem(path, $"Write it without the slash in front: {path.TrimStart('/')}");
        if (path[^1] != '/')
            return Problem(path, $"End it with a slash: {path}/");
        if (path.Any(char.IsControl))
            return Problem(path, "Leave out control characters.");
        return Encoding.UTF8.GetByteCount(path) > LongestKeyBytes ? Problem(path, "Use at most 1,024 bytes of UTF-8.") : null;
    }

    private static DefinitionProblem Problem(string path, string hint)
        => new(nameof(S3Connection.RootPath), $"\"{path}\" is not a root path.", hint);
}
