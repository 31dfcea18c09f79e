using System.Globalization;
using Npgsql;
using PeakS3Feed.Destinations.Loading;
using PeakS3Feed.Destinations.Sql;
using PeakS3Feed.Destinations.Warehouses;
using PeakS3Feed.Errors;
using PeakS3Feed.Remedies;

namespace PeakS3Feed.Destinations.Redshift;

/// <summary>The errors about a warehouse itself. Those about AWS services are <see cref="RedshiftServiceErrors"/>.</summary>
/// <param name="definition">The destination.</param>
/// <param name="location">The destination, for messages: <c>Redshift dev on host:5439</c>.</param>
internal sealed class RedshiftErrors(RedshiftDestination definition, string location)
{
    /// <summary>Returns the error to show where a session cannot be opened.</summary>
    public FeedException Connecting(Exception exception) => exception switch
    {
        FeedException e => e,
        PostgresException { SqlState: var state } e when state.StartsWith("28", StringComparison.Ordinal) => LoginRefused(e),
        PostgresException { SqlState: PostgresErrorCodes.InvalidCatalogName } e => DatabaseNotFound(e),
        _ when Find<NotSupportedException>(exception) is { } unknown => LoginNotSupported(unknown),
        _ when IsForeignProtocol(exception) => NotRedshift($"another program answers there ({exception.Message.TrimEnd('.')})", exception),
        _ => WireErrors.Connecting(location, exception),
    };

    /// <summary>The server is not Redshift.</summary>
    /// <param name="what">What it is.</param>
    /// <param name="inner">The driver's exception, or null.</param>
    public FeedException NotRedshift(string what, Exception? inner = null)
        => new("DestinationNotRedshift", FeedErrorCategory.InvalidArgument, $"{location} is not Redshift: {what}.", inner)
        {
            Target = definition.Name,
            Hint = "Check the host and the port: they are those of the cluster's or workgroup's endpoint. PostgreSQL has a kind of destination of "
                + "its own.",
        };

    /// <summary>A statement is longer than the Data API takes, because the table has many columns.</summary>
    /// <param name="statement">What the statement does.</param>
    /// <param name="bytes">Its size.</param>
    public FeedException StatementTooLong(string statement, int bytes)
        => new("StatementTooLong", FeedErrorCategory.LimitsExceeded,
            $"A statement for {location} ({statement}) has "
            + string.Create(CultureInfo.InvariantCulture, $"{bytes:N0} bytes; the Data API takes {DataApiClient.MaxStatementBytes:N0}."))
        {
            Target = definition.Name,
            Hint = "The table has many columns or long names. Reach the warehouse by its host name instead, which has no such limit, or load fewer "
                + "columns.",
        };

    /// <summary>A transaction has more statements than the Data API takes, because the load renames many columns.</summary>
    /// <param name="count">Their number.</param>
    public FeedException TooManyStatements(int count)
        => new("TooManyStatements", FeedErrorCategory.LimitsExceeded,
            $"The transaction of a load into {location} has {count} statements; the Data API takes {DataApiClient.MaxBatch}.")
        {
            Target = definition.Name,
            Hint = "Each column that is renamed is one of them: rename some columns of the feed, run it, then rename the others. Or reach "
                + "the warehouse by "
                + "its host name instead, which has no such limit.",
        };

    /// <summary>
    /// A COPY refused a row whose place in the source is not known: the warehouse names only a line, and texts before it have line breaks.
    /// </summary>
    public FeedException RowNotFound(RedshiftLoadError error, Exception inner)
    {
        var type = error.Type.Trim() is { Length: > 0 } text ? $" ({text})" : "";
        return new("DestinationRefused", FeedErrorCategory.InvalidData,
            $"{location} refused a row of the staged file {error.File.Trim()}, line {error.Line}, "
            + $"column \"{error.Column.Trim()}\"{type}: {error.Reason.Trim()}",
            inner)
        {
            Target = definition.Name,
            Hint = "Nothing was loaded. Look for such a value in that column of the source files, or change the column's type in the table.",
        };
    }

    /// <summary>Returns the error to show for an exception of a channel.</summary>
    /// <param name="exception">The exception.</param>
    /// <param name="target">The load, where it is known.</param>
    public Exception Translate(Exception exception, LoadTarget? target = null) => exception switch
    {
        StatementInDoubtException { InnerException: { } inner } => Translate(inner, target),
        StatementRefusedException { InnerException: FeedException service } => service,
        StatementRefusedException { Refusal: StatementRefusal.FilesRefused } e => FilesRefused(e, target),
        StatementRefusedException e => Refused(e, target),
        NpgsqlException or IOException when target is not null => DestinationErrors.Lost(target, "Redshift", exception),
        NpgsqlException or IOException => new FeedException(
            "DestinationLost", FeedErrorCategory.ConnectionError, $"The connection to {location} was lost: {exception.Message}", exception)
        {
            Target = location,
            Hint = "Run the feed again: it continues after the last commit.",
        },
        _ => exception,
    };

    private FeedException LoginRefused(PostgresException e)
        => new("DestinationLoginRefused", FeedErrorCategory.AuthenticationError, $"{location} refused the login: {e.MessageText}", e)
        {
            Target = location,
            ServiceCode = e.SqlState,
            Hint = definition.Username is null
                ? "The temporary password is for the database user that belongs to the AWS credentials, or for DbUser: check that this user exists, "
                    + "is not disabled and may connect to the database."
                : "Check user name, password reference and whether the user may connect to the database.",
        };

    private FeedException DatabaseNotFound(PostgresException e)
        => new("DestinationDatabaseNotFound", FeedErrorCategory.ObjectNotFound, $"{location}: the warehouse has no such database.", e)
        {
            Target = location,
            ServiceCode = e.SqlState,
            Hint = $"Check the name {definition.Database}. Names of databases are in lower case; a new cluster or workgroup has the database dev.",
        };

    // Redshift's own methods: 13 is a digest of the password (SHA-256), 14 an identity provider.
    private FeedException LoginNotSupported(NotSupportedException e)
        => new(
            "DestinationLoginNotSupported", FeedErrorCategory.AuthenticationError,
            $"{location} asks for a login that PeakS3Feed cannot do: {e.Message.TrimEnd('.')}.", e)
        {
            Target = location,
            Hint = "Redshift asks for method 13 where the user's password is stored as SHA-256, and for method 14 where an identity provider checks "
                + "it. Let the destination get temporary passwords (ClusterIdentifier or WorkgroupName beside Host, without Username), use the Data "
                + "API (without Host), or set the user's password again so that it is stored as MD5.",
        };

    private FeedException Refused(StatementRefusedException e, LoadTarget? target)
        => new("DestinationRefused", Category(e.Refusal), $"{location} refused {What(e, target)}: {e.Message}", e)
        {
            Target = target?.FeedName ?? definition.Name,
            ServiceCode = Code(e),
            Hint = e.Refusal switch
            {
                StatementRefusal.Denied => $"Grant the database user what the message names; it needs USAGE and CREATE on schema "
                    + $"\"{definition.Schema}\", and must own the tables that it loads.",
                StatementRefusal.Cancelled => "The warehouse or an administrator cancelled the statement: check its query monitoring rules and "
                    + "timeouts, then run the feed again.",
                StatementRefusal.Conflict => "Another transaction changed the same tables. Run the feed again.",
                _ => "Nothing of the statement was kept. Fix what the warehouse reports, then run the feed again.",
            },
        };

    private FeedException FilesRefused(StatementRefusedException e, LoadTarget? target)
        => new("StagedFilesRefused", FeedErrorCategory.PermissionDenied, $"{location} could not read the staged files with {Role}: {e.Message}", e)
        {
            Target = target?.FeedName ?? definition.Name,
            ServiceCode = Code(e),
            Hint = $"The role must be attached to the warehouse and may read the files of connection {definition.StagingConnection} below "
                + $"{definition.StagingPrefix}. The command shows the policies that it needs.",
            Remedies = [Remedy.DestinationPolicy(definition.Name, "Copy")],
        };

    private string Role => definition.IamRole is { } role ? $"the role {role}" : "its default role";

    private static string What(StatementRefusedException e, LoadTarget? target)
        => (e.Statement is { } statement ? $"a statement ({statement})" : "a statement")
            + (target is null ? "" : $" of the load into \"{target.Table}\"");

    private static FeedErrorCategory Category(StatementRefusal refusal) => refusal switch
    {
        StatementRefusal.Denied => FeedErrorCategory.PermissionDenied,
        StatementRefusal.Conflict => FeedErrorCategory.ResourceBusy,
        StatementRefusal.NotReady => FeedErrorCategory.ResourceUnavailable,
        StatementRefusal.Missing => FeedErrorCategory.ObjectNotFound,
        _ => FeedErrorCategory.InvalidOperation,
    };

    private static string? Code(StatementRefusedException e) => (e.InnerException as PostgresException)?.SqlState;

    // The driver's words for bytes that are no answer of a server; it has no type for them.
    private static bool IsForeignProtocol(Exception exception)
        => exception is NpgsqlException && exception.Message.Contains("response", StringComparison.Ordinal)
            && exception.Message.Contains("SSLRequest", StringComparison.Ordinal);

    private static T? Find<T>(Exception exception)
        where T : Exception
        => exception as T ?? (exception.InnerException is { } inner ? Find<T>(inner) : null);
}
