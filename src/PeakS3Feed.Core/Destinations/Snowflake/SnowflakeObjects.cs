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
            var scheme = !staging.IsOnAmazon ? "s3compat" : AwsPartition.From(staging.Region).Name switch
            {
                "aws-cn" => "s3china",
                "aws-us-gov" => "s3gov",
                _ => "s3",
            };
            return $"{scheme}://{staging.BucketName}/{SnowflakePolicies.GetStagingPlace(destination, staging).Prefix}";
        }
    }

    /// <summary>The provider of the storage: <c>S3</c>, or that of a partition of its own.</summary>
    public string Provider => AwsPartition.From(staging.Region).Name switch { "aws-cn" => "S3CHINA", "aws-us-gov" => "S3GOV", _ => "S3" };

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

    private string ReadOrOwn(string? written) => written is null ? _own : SnowflakeIdentifier.Read(written);
}
