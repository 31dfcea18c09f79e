using PeakS3Feed.Connections;
using PeakS3Feed.Connections.Policies;
using PeakS3Feed.Destinations.Sql;

namespace PeakS3Feed.Destinations.Snowflake;

/// <summary>
/// The objects of Snowflake that a destination uses, as SQL: those that the definition names, and names of our own for the others, made of the
/// destination's name.
/// </summary>
/// <param name="destination">The destination; valid.</param>
/// <param name="read">The connections whose objects Snowflake reads.</param>
internal sealed class SnowflakeObjects(SnowflakeDestination destination, ReadConnections read)
{
    private const string Compatible = "s3compat";

    private readonly S3Connection _staging = read.Staging;
    private readonly string _own = $"PEAKS3FEED_{SnowflakeIdentifier.Fold(destination.Name)}";

    /// <summary>The storage integration.</summary>
    public string Integration => SqlIdentifier.Quote(_own);

    /// <summary>The role of the session.</summary>
    public string Role => SqlIdentifier.Quote(RoleName);

    /// <summary>The name of the role of the session.</summary>
    public string RoleName => ReadOrOwn(destination.Role);

    /// <summary>The virtual warehouse.</summary>
    public string Warehouse => SqlIdentifier.Quote(ReadOrOwn(destination.Warehouse));

    /// <summary>The user.</summary>
    public string User => SqlIdentifier.Quote(ReadOrOwn(destination.Username));

    /// <summary>The network policy of a user with a programmatic access token.</summary>
    public string NetworkPolicy => SqlIdentifier.Quote(_own);

    /// <summary>The programmatic access token.</summary>
    public string Token => SqlIdentifier.Quote(_own);

    /// <summary>The database.</summary>
    public string Database => SnowflakeIdentifier.Quote(destination.Database);

    /// <summary>The schema of tables, with its database.</summary>
    public string Schema => $"{Database}.{SnowflakeIdentifier.Quote(destination.Schema)}";

    /// <summary>The stage of staged files: its database, its schema and its name.</summary>
    public IReadOnlyList<string> Stage => PathOf(destination.Stage);

    /// <summary>The stage of the objects that Snowflake loads itself: its database, its schema and its name.</summary>
    public IReadOnlyList<string> SourceStage => PathOf(destination.SourceStage ?? "");

    /// <summary>The addresses that the storage integration allows.</summary>
    public IEnumerable<string> Locations => read.Sources.Select(GetLocation).Prepend(Location).Distinct(StringComparer.Ordinal);

    /// <summary>The folder for staged files, as the address that Snowflake takes: <c>s3://bucket/folder/</c>.</summary>
    public string Location => GetLocation(SnowflakePolicies.GetStagingPlace(destination, _staging));

    /// <summary>Returns the address of a connection's objects.</summary>
    public static string GetLocation(S3Connection connection) => GetLocation(new BucketPrefix(connection, connection.RootPrefix));

    /// <summary>
    /// Returns whether a stage's URL is the folder for staged files. Schemes do not count, because they say only which provider has the bucket, nor
    /// does the last slash, which Snowflake keeps as it was given, nor the endpoint's host before the bucket.
    /// </summary>
    /// <param name="url">The URL, as DESC STAGE shows it.</param>
    public bool IsLocation(string url) => GetPlace(url) is { } place && place == GetPlace(Location);

    /// <summary>The provider of the storage: <c>S3</c>, or that of a partition of its own.</summary>
    public string Provider => AwsPartition.From(_staging.Region).Name switch { "aws-cn" => "S3CHINA", "aws-us-gov" => "S3GOV", _ => "S3" };

    /// <summary>The host of the bucket's endpoint, with its port unless that is the default; null without an endpoint.</summary>
    public string? EndpointHost => Uri.TryCreate(_staging.EndpointUrl, UriKind.Absolute, out var url) ? url.Authority : _staging.EndpointUrl;

    // The database and the schema of the destination stand for those that the path of the stage does not name.
    private string[] PathOf(string stage)
    {
        var names = SnowflakeIdentifier.ReadPath(stage);
        string[] defaults = [SnowflakeIdentifier.Read(destination.Database), SnowflakeIdentifier.Read(destination.Schema)];
        return [.. defaults.Take(3 - names.Count).Concat(names).Select(SqlIdentifier.Quote)];
    }

    private static string GetLocation(BucketPrefix place)
    {
        var scheme = !place.Connection.IsOnAmazon ? Compatible : AwsPartition.From(place.Connection.Region).Name switch
        {
            "aws-cn" => "s3china",
            "aws-us-gov" => "s3gov",
            _ => "s3",
        };
        return $"{scheme}://{place.Connection.BucketName}/{place.Prefix}";
    }

    // Bucket and folder; null for a storage other than S3.
    private string? GetPlace(string url)
    {
        var parts = url.Split("://", 2);
        if (parts is not ["s3" or "s3gov" or "s3china" or Compatible, var place])
            return null;
        var host = parts[0] == Compatible && EndpointHost is { } endpoint ? $"{endpoint}/" : "";
        return (place.StartsWith(host, StringComparison.OrdinalIgnoreCase) ? place[host.Length..] : place).TrimEnd('/');
    }

    private string ReadOrOwn(string? written) => written is null ? _own : SnowflakeIdentifier.Read(written);
}
