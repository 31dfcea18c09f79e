using System.Net;
using System.Text;
using System.Text.RegularExpressions;
using PeakS3Feed.Errors;
using PeakS3Feed.Files;

namespace PeakS3Feed.Connections;

/// <summary>The rules for definitions of connections. They make no requests.</summary>
internal static partial class ConnectionRules
{
    private static readonly TimeSpan MinSession = TimeSpan.FromMinutes(15);
    private static readonly TimeSpan MaxSession = TimeSpan.FromHours(12);

    /// <summary>Finds all problems, in the order of the definition's members.</summary>
    public static IEnumerable<DefinitionProblem> Check(S3Connection connection)
    {
        if (NameRules.Check(connection.Name) is { } name)
            yield return name;
        if (BucketNameRules.Check(connection.BucketName) is { } bucket)
            yield return bucket;
        if (RootPathRules.Check(connection.RootPath, connection.BucketName) is { } rootPath)
            yield return rootPath;
        foreach (var problem in CheckPlace(connection).Concat(ArnRules.Check(connection)).Concat(CheckRole(connection)).Concat(CheckLimits(connection)))
            yield return problem;
    }

    /// <summary>Throws if the connection is not valid.</summary>
    /// <exception cref="FeedException"><c>ConnectionInvalid</c>, with the first problem and the number of the others.</exception>
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
            yield return new(
                nameof(S3Connection.Region), $"\"{region}\" is not the name of a region.", "Give its system name, for example eu-west-1.");
        if (connection.EndpointUrl is { } endpoint && CheckEndpoint(endpoint) is { } wrong)
            yield return wrong;
        if (connection.StsEndpointUrl is { } sts && !IsWebUrl(sts))
            yield return new(nameof(S3Connection.StsEndpointUrl), $"\"{sts}\" is not the address of an STS endpoint.",
                "Write it as https://host or http://host:port.");
    }

    private static IEnumerable<DefinitionProblem> CheckLimits(S3Connection connection)
    {
        if (connection.MaxConnections is < 1 or > S3Connection.LargestMaxConnections)
            yield return new(nameof(S3Connection.MaxConnections), $"{connection.MaxConnections:N0} connections are not possible.",
                $"Choose 1 to {S3Connection.LargestMaxConnections}, or none for {S3Connection.DefaultMaxConnections}.");
    }

    private static IEnumerable<DefinitionProblem> CheckRole(S3Connection connection)
    {
        if (connection.ExternalId is { } externalId && !ExternalIdPattern().IsMatch(externalId))
            yield return new(nameof(S3Connection.ExternalId), "STS does not accept this external id.",
                "Use 2 to 1224 letters, digits and _+=,.@:/- without spaces.");
        if (connection.SessionDuration < MinSession || connection.SessionDuration > MaxSession)
            yield return new(nameof(S3Connection.SessionDuration), $"A session of {connection.SessionDuration:c} is not possible.",
                "Choose 15 minutes to 12 hours.");
        if (connection.Anonymous && (connection.RoleArn is not null || connection.ProfileName is not null))
            yield return new(nameof(S3Connection.Anonymous), "An anonymous connection cannot have a role or a profile.",
                "Leave out RoleArn and ProfileName, or leave out Anonymous.");
    }

    private static DefinitionProblem? CheckEndpoint(string endpoint)
    {
        if (!RootedPath.IsFolderAddress(endpoint, RootedPath.Here))
        {
            return IsWebUrl(endpoint) ? null : new(
                nameof(S3Connection.EndpointUrl), $"\"{endpoint}\" is not the address of an S3 server.",
                "Write it as https://host or http://host:port, or file:///folder for a folder.");
        }
        return RootedPath.FromAddress(endpoint, RootedPath.Here) is not null ? null : new(
            nameof(S3Connection.EndpointUrl),
            $"\"{endpoint}\" is not an absolute path of a folder.",
            "Write three slashes and the whole path, for example "
                + $"{(RootedPath.Here == PathStyle.Windows ? "file:///C:/data/incoming" : "file:///data/incoming")}.");
    }

    private static bool IsWebUrl(string text)
        => Uri.TryCreate(text, UriKind.Absolute, out var uri) && uri.Scheme is "http" or "https" && uri.Host.Length > 0 && uri.UserInfo.Length == 0;

    [GeneratedRegex(@"\A[A-Za-z0-9_+=,.@:/-]{2,1224}\z", RegexOptions.CultureInvariant, 1000)]
    private static partial Regex ExternalIdPattern();
}

/// <summary>The rules for the ARNs of a connection. Whether the ARNs exist is not checked.</summary>
internal static partial class ArnRules
{
    /// <summary>Finds all problems of the ARNs.</summary>
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
                    nameof(S3Connection.TrustedPrincipal), $"\"{principal}\" is not a principal that can assume a role.",
                    "Give the ARN of one user or role, without wildcards, or an account number.");
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
                    "It has the form arn:aws:kms:region:account:key/id. A policy cannot use an alias of a key.");
            }
            else if ((CheckPartition(connection, nameof(S3Connection.KmsKeyArn), key) ?? CheckRegion(connection, key)) is { } elsewhere)
                yield return elsewhere;
        }
    }

    /// <summary>Returns whether a text is the ARN of a KMS key.</summary>
    public static bool IsKmsKey(string text) => KmsKeyPattern().IsMatch(text);

    private static DefinitionProblem? CheckPartition(S3Connection connection, string field, string arn)
    {
        var expected = AwsPartition.From(connection.Region).Name;
        return !connection.IsOnAmazon || connection.Region is null || !arn.StartsWith("arn:", StringComparison.Ordinal) || Part(arn, 1) == expected
            ? null : new(
            field, $"\"{arn}\" belongs to the partition {Part(arn, 1)}, but the region {connection.Region} to {expected}.",
            "AWS allows no access from one partition to another.");
    }

    private static DefinitionProblem? CheckRegion(S3Connection connection, string key)
        => !connection.IsOnAmazon || connection.Region is null || Part(key, 3) == connection.Region ? null : new(
            nameof(S3Connection.KmsKeyArn), $"The key \"{key}\" is in {Part(key, 3)}, but the bucket is in {connection.Region}.",
            "S3 uses only keys of the bucket's own region.");

    private static string Part(string arn, int index) => arn.Split(':')[index];

    // No wildcard, variable or quote. On other servers than Amazon's, the account is empty or the name of a tenant.
    [GeneratedRegex(
        @"\Aarn:aws(?:-[a-z]+)*:iam::[A-Za-z0-9_-]*:role/(?:[\x21-\x7E-[*?$'""\\]]{1,510}/)?[A-Za-z0-9_+=,.@-]{1,64}\z",
        RegexOptions.CultureInvariant, 1000)]
    private static partial Regex RolePattern();

    [GeneratedRegex(
        @"\A(?:[0-9]{12}|arn:aws(?:-[a-z]+)*:(?:iam::[A-Za-z0-9_-]*:(?:root|(?:user|role)/[A-Za-z0-9_+=,.@:/-]{1,576})"
        + @"|sts::[0-9]{12}:assumed-role/[A-Za-z0-9_+=,.@-]{1,64}/[A-Za-z0-9_+=,.@-]{2,64}))\z",
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

    /// <summary>Returns the first problem of a bucket name, or null.</summary>
    public static DefinitionProblem? Check(string name)
    {
        if (name.StartsWith("s3://", StringComparison.OrdinalIgnoreCase))
            return Problem(name, "Give only the bucket's name, without s3://. Folders belong in RootPath.");
        if (name.Length is < 3 or > 63)
            return Problem(name, "Use 3 to 63 characters.");
        if (!name.All(c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c is '.' or '-'))
            return Problem(name, "Use lower-case letters, digits, dots and hyphens.");
        if (!char.IsAsciiLetterOrDigit(name[0]) || !char.IsAsciiLetterOrDigit(name[^1]))
            return Problem(name, "Begin and end with a letter or a digit.");
        if (name.Contains("..", StringComparison.Ordinal))
            return Problem(name, "Do not write two dots in a row.");
        if (name.Count(c => c == '.') == 3 && IPAddress.TryParse(name, out _))
            return Problem(name, "It must not have the form of an IP address.");
        if (name.EndsWith("--x-s3", StringComparison.Ordinal))
            return Problem(name, "Directory buckets do not list their keys in order and cannot be read. Use a general purpose bucket.");
        if (ReservedStarts.Any(s => name.StartsWith(s, StringComparison.Ordinal))
            || ReservedEnds.Any(s => name.EndsWith(s, StringComparison.Ordinal)))
            return Problem(name, "S3 reserves this beginning or ending.");
        return null;
    }

    private static DefinitionProblem Problem(string name, string hint)
        => new(nameof(S3Connection.BucketName), $"\"{name}\" is not a valid bucket name.", hint);
}

/// <summary>The rules for a root path. It becomes part of a policy, which a wildcard or variable would widen.</summary>
internal static class RootPathRules
{
    private const int MaxKeyBytes = 1024;

    /// <summary>Returns the first problem of a root path, or null.</summary>
    public static DefinitionProblem? Check(string path, string? bucket = null)
    {
        if (PathAddress.Check(path, nameof(S3Connection.RootPath), bucket) is { } address)
            return address;
        if (path is "/")
            return null;
        if (path.Length == 0)
            return Problem(path, "Write / for the whole bucket.");
        if (path.AsSpan().IndexOfAny('*', '?', '$') >= 0)
            return Problem(path, "Leave out *, ? and $. In a policy they would allow more than the folder.");
        if (path[0] == '/')
            return Problem(path, $"Write it without the leading slash: {path.TrimStart('/')}");
        if (path[^1] != '/')
            return Problem(path, $"End it with a slash: {path}/");
        if (path.Any(char.IsControl))
            return Problem(path, "Leave out control characters.");
        return Encoding.UTF8.GetByteCount(path) > MaxKeyBytes ? Problem(path, "Use at most 1,024 bytes of UTF-8.") : null;
    }

    private static DefinitionProblem Problem(string path, string hint)
        => new(nameof(S3Connection.RootPath), $"\"{path}\" is not a valid root path.", hint);
}
