using System.Text.RegularExpressions;
using PeakS3Feed.Errors;
using PeakS3Feed.Files;

namespace PeakS3Feed.Connections;

/// <summary>What a connection's definition must satisfy. Nothing here touches the network.</summary>
internal static partial class ConnectionRules
{
    private static readonly TimeSpan ShortestSession = TimeSpan.FromMinutes(15);
    private static readonly TimeSpan LongestSession = TimeSpan.FromHours(12);

    /// <summary>All that is wrong with it, in the order of the definition's fields.</summary>
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
    public static void Demand(S3Connection connection)
    {
        if (connection.Validate() is { Count: > 0 } problems)
            throw DefinitionErrors.Invalid("Connection", connection.Name, problems);
    }

    /// <summary>Whether it can be the name of a region, known or not.</summary>
    public static bool IsRegion(string name) => RegionPattern().IsMatch(name);

    private static IEnumerable<DefinitionProblem> CheckPlace(S3Connection connection)
    {
        if (connection.EndpointUrl is null && string.IsNullOrEmpty(connection.Region))
            yield return new(nameof(S3Connection.Region), "The connection names no region.", "Give the bucket's region, for example eu-west-1.");
        if (connection.Region is { Length: > 0 } region && !IsRegion(region))
            yield return new(nameof(S3Connection.Region), $"\"{region}\" is not a region's name.", "Give its system name, for example eu-west-1.");
        if (connection.EndpointUrl is { } endpoint && CheckEndpoint(endpoint) is { } wrong)
            yield return wrong;
        if (connection.StsEndpointUrl is { } sts && !IsWebUrl(sts))
            yield return new(nameof(S3Connection.StsEndpointUrl), $"\"{sts}\" is not an address of STS.", "Write it as https://host or http://host:port.");
    }

    private static IEnumerable<DefinitionProblem> CheckRole(S3Connection connection)
    {
        if (connection.ExternalId is { } externalId && !ExternalIdPattern().IsMatch(externalId))
            yield return new(nameof(S3Connection.ExternalId), "The external id is not one that STS takes.", "Use 2 to 1224 letters, digits and _+=,.@:/- without spaces.");
        if (connection.SessionDuration < ShortestSession || connection.SessionDuration > LongestSession)
            yield return new(nameof(S3Connection.SessionDuration), $"A session of {connection.SessionDuration:c} is not possible.", "Choose 15 minutes to 12 hours.");
        if (connection.Anonymous && (connection.RoleArn is not null || connection.ProfileName is not null))
            yield return new(nameof(S3Connection.Anonymous), "An anonymous connection has neither a role nor a profile.", "Leave out RoleArn and ProfileName, or Anonymous.");
    }

    private static DefinitionProblem? CheckEndpoint(string endpoint)
    {
        if (!RootedPath.IsFolderAddress(endpoint, RootedPath.Here))
        {
            return IsWebUrl(endpoint) ? null : new(
                nameof(S3Connection.EndpointUrl), $"\"{endpoint}\" is not an address of an S3 server.", "Write it as https://host or http://host:port, or file:///folder for a folder.");
        }
        return RootedPath.OfAddress(endpoint, RootedPath.Here) is not null ? null : new(
            nameof(S3Connection.EndpointUrl),
            $"\"{endpoint}\" does not name a folder from its root.",
            $"Write three slashes and the whole path, for example {(RootedPath.Here == PathStyle.Windows ? "file:///C:/data/incoming" : "file:///data/incoming")}.");
    }

    private static bool IsWebUrl(string text)
        => Uri.TryCreate(text, UriKind.Absolute, out var uri) && uri.Scheme is "http" or "https" && uri.Host.Length > 0 && uri.UserInfo.Length == 0;

    [GeneratedRegex(@"\A[a-z0-9][a-z0-9-]{0,38}[a-z0-9]\z", RegexOptions.CultureInvariant, 1000)]
    private static partial Regex RegionPattern();

    [GeneratedRegex(@"\A[A-Za-z0-9_+=,.@:/-]{2,1224}\z", RegexOptions.CultureInvariant, 1000)]
    private static partial Regex ExternalIdPattern();
}
