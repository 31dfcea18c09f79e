using PeakS3Feed.Connections;
using PeakS3Feed.Destinations.Sql;

namespace PeakS3Feed.Destinations.Snowflake;

/// <summary>
/// The objects of Snowflake that a destination uses, as SQL: those that the definition names, and names of our own for the others, made of the
/// destination's name.
/// </summary>
/// <param name="destination">The destination; valid.</param>
/// <param name="staging">The connection that takes staged files.</param>
internal sealed class SnowflakeObjects(SnowflakeDestination destination, S3Connection staging)
{
    private const string Compatible = "s3compat";

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

    /// <summary>The database of the stage.</summary>
    public string StageDatabase => StagePath[0];

    /// <summary>The schema of the stage, with its database.</summary>
    public string StageSchema => $"{StagePath[0]}.{StagePath[1]}";

    /// <summary>The stage, with its schema and database.</summary>
    public string Stage => string.Join('.', StagePath);

    /// <summary>The folder for staged files, as the address that Snowflake takes: <c>s3://bucket/folder/</c>.</summary>
    public string Location
    {
        get
        {
            var scheme = !staging.IsOnAmazon ? Compatible : AwsPartition.From(staging.Region).Name switch
            {
                "aws-cn" => "s3china",
                "aws-us-gov" => "s3gov",
                _ => "s3",
            };
            return $"{scheme}://{staging.BucketName}/{SnowflakePolicies.GetStagingPlace(destination, staging).Prefix}";
        }
    }

    /// <summary>
    /// Returns whether a stage's URL is the folder for staged files. Schemes do not count, because they say only which provider has the bucket, nor
    /// does the last slash, which Snowflake keeps as it was given, nor the endpoint's host before the bucket.
    /// </summary>
    /// <param name="url">The URL, as DESC STAGE shows it.</param>
    public bool IsLocation(string url) => GetPlace(url) is { } place && place == GetPlace(Location);

    /// <summary>The provider of the storage: <c>S3</c>, or that of a partition of its own.</summary>
    public string Provider => AwsPartition.From(staging.Region).Name switch { "aws-cn" => "S3CHINA", "aws-us-gov" => "S3GOV", _ => "S3" };

    /// <summary>The host of the bucket's endpoint, with its port unless that is the default; null without an endpoint.</summary>
    public string? EndpointHost => Uri.TryCreate(staging.EndpointUrl, UriKind.Absolute, out var url) ? url.Authority : staging.EndpointUrl;

    // The database and the schema of the destination stand for those that the path of the stage does not name.
    private string[] StagePath
    {
        get
        {
            var names = SnowflakeIdentifier.ReadPath(destination.Stage);
            string[] defaults = [SnowflakeIdentifier.Read(destination.Database), SnowflakeIdentifier.Read(destination.Schema)];
            return [.. defaults.Take(3 - names.Count).Concat(names).Select(SqlIdentifier.Quote)];
        }
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
