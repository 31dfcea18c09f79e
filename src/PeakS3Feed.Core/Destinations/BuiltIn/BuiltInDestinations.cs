using PeakS3Feed.Destinations.PostgreSql;
using PeakS3Feed.Destinations.Redshift;
using PeakS3Feed.Destinations.S3External;
using PeakS3Feed.Destinations.Snowflake;
using PeakS3Feed.Destinations.Sqlite;

namespace PeakS3Feed.Destinations.BuiltIn;

/// <summary>The kinds of destination that come with the core, and the destination that exists in every store.</summary>
public static class BuiltInDestinations
{
    /// <summary>SQLite, PostgreSQL, Amazon Redshift, Snowflake, and tables on S3.</summary>
    public static DestinationKinds Kinds { get; }
        = new([new SqliteKind(), new PostgreSqlKind(), new RedshiftKind(), new SnowflakeKind(), new S3ExternalKind()]);

    /// <summary>
    /// The destination <see cref="DestinationKinds.LocalName"/>, which exists without being defined: the SQLite file <c>local.db</c> in the state
    /// directory. The definitions file does not contain it.
    /// </summary>
    public static S3FeedDestination Local { get; } = new SqliteDestination { Name = DestinationKinds.LocalName, Path = "local.db" };
}
