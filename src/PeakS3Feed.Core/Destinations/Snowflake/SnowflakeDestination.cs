using PeakS3Feed.Destinations.Loading;

namespace PeakS3Feed.Destinations.Snowflake;

/// <summary>
/// A schema of a Snowflake database, reached through Snowflake's SQL API over HTTPS. Rows are staged as files in a bucket, and Snowflake loads them
/// with COPY INTO from an external stage.
/// </summary>
public sealed record SnowflakeDestination : S3FeedDestination
{
    /// <summary>The maximum of <see cref="PartSizeMiB"/>. Snowflake recommends files of 100 to 250 MB.</summary>
    public const int MaxPartSizeMiB = 1024;

    /// <summary>
    /// The account, in any form that Snowflake shows: <c>org-account</c>, <c>ORG.ACCOUNT</c>, a locator with or without its region
    /// (<c>xy12345.eu-central-1</c>), a host name, or an address of Snowsight.
    /// </summary>
    public required string Account { get; init; }

    /// <summary>
    /// The address of the SQL API if it does not follow from <see cref="Account"/>: a PrivateLink host or a proxy, with <c>https://</c> and without
    /// a path. Null for the account's own host.
    /// </summary>
    public string? EndpointUrl { get; init; }

    /// <summary>The user of a login with a key pair; null for a login with a token, which names its user.</summary>
    public string? Username { get; init; }

    /// <summary>
    /// A reference to the private key of a login with a key pair (<c>file:PATH</c>, <c>env:NAME</c>, <c>vault:VAULT/NAME</c>): PKCS#8 in PEM,
    /// encrypted or not; or null.
    /// </summary>
    public string? PrivateKey { get; init; }

    /// <summary>A reference to the passphrase of an encrypted <see cref="PrivateKey"/>, or null.</summary>
    public string? PrivateKeyPassphrase { get; init; }

    /// <summary>A reference to an OAuth access token, or null.</summary>
    public string? OAuthToken { get; init; }

    /// <summary>A reference to a programmatic access token, or null.</summary>
    public string? AccessToken { get; init; }

    /// <summary>The role of the session; null for the user's default role.</summary>
    public string? Role { get; init; }

    /// <summary>The virtual warehouse that runs the statements; null for the user's default warehouse.</summary>
    public string? Warehouse { get; init; }

    /// <summary>The database. Like all names here, it is folded to upper case, unless it is written in double quotes.</summary>
    public required string Database { get; init; }

    /// <summary>The schema that tables are created in.</summary>
    public string Schema { get; init; } = "PUBLIC";

    /// <summary>
    /// The external stage whose location is the folder for staged files: a name, or <c>schema.name</c>, or <c>database.schema.name</c>.
    /// </summary>
    public string Stage { get; init; } = "PEAKS3FEED_STAGE";

    /// <summary>
    /// The external stage through which Snowflake loads the objects of feeds itself: a name, or <c>schema.name</c>, or <c>database.schema.name</c>. Its
    /// location is the bucket of the objects, or a folder that has all of them. Null where all rows are staged.
    /// </summary>
    public string? SourceStage { get; init; }

    /// <summary>How the rows of objects reach Snowflake.</summary>
    public LoadPath LoadPath { get; init; }

    /// <summary>The name of the connection whose bucket takes the staged files. It must be allowed to write and delete.</summary>
    public required string StagingConnection { get; init; }

    /// <summary>The folder for staged files below the connection's root path; ends in a slash, or is empty.</summary>
    public string StagingPrefix { get; init; } = "peaks3feed-staging/";

    /// <summary>The size at which a staged file ends, compressed: 1 to <see cref="MaxPartSizeMiB"/> MiB.</summary>
    public int PartSizeMiB { get; init; } = 128;

    /// <summary>The ARN of the IAM role with which Snowflake's storage integration reads the staged files, for the set-up only; or null.</summary>
    public string? IntegrationRole { get; init; }

    /// <inheritdoc/>
    public override string Kind => "Snowflake";

    /// <inheritdoc/>
    public override string Place => $"{ShortAccount}/{Database}, schema {Schema}";

    // An address of Snowsight has slashes of its own.
    private string ShortAccount
        => Account.Contains('/', StringComparison.Ordinal) && SnowflakeAccount.TryParse(Account, out var account)
            ? account.Name.ToLowerInvariant()
            : Account;
}
