using System.Globalization;
using PeakS3Feed.Destinations.Loading;
using PeakS3Feed.Destinations.Sql;
using PeakS3Feed.Destinations.Warehouses;
using PeakS3Feed.Errors;
using PeakS3Feed.Remedies;

namespace PeakS3Feed.Destinations.Snowflake;

/// <summary>The errors about statements that Snowflake refused. Those about the SQL API are <see cref="SnowflakeServiceErrors"/>.</summary>
/// <param name="definition">The destination.</param>
/// <param name="location">The destination, for messages: <c>Snowflake ANALYTICS.PUBLIC in org-account</c>.</param>
internal sealed class SnowflakeErrors(SnowflakeDestination definition, string location)
{
    /// <summary>Returns the error to show for an exception of a channel.</summary>
    /// <param name="exception">The exception.</param>
    /// <param name="target">The load, where it is known.</param>
    public Exception Translate(Exception exception, LoadTarget? target = null) => exception switch
    {
        StatementInDoubtException { InnerException: { } inner } => Translate(inner, target),
        StatementRefusedException { InnerException: FeedException service } => service,
        StatementRefusedException { Refusal: StatementRefusal.FilesRefused } e => FilesRefused(e, target),
        StatementRefusedException e => Refused(e, target),
        _ => exception,
    };

    /// <summary>A statement is longer than Snowflake takes, because the table has many columns.</summary>
    /// <param name="statement">What the statement does.</param>
    /// <param name="bytes">Its size.</param>
    public FeedException StatementTooLong(string statement, int bytes)
        => new("StatementTooLong", FeedErrorCategory.LimitsExceeded,
            $"A statement for {location} ({statement}) has "
            + string.Create(CultureInfo.InvariantCulture, $"{bytes:N0} bytes; Snowflake takes {SnowflakeChannel.MaxStatementBytes:N0}."))
        {
            Target = definition.Name,
            Hint = "The table has many columns or long names. Load fewer columns, or give them shorter names.",
        };

    /// <summary>The virtual warehouse is suspended, and statements do not resume it.</summary>
    /// <param name="name">Its name, as the catalog has it.</param>
    /// <param name="state">Its state, for people.</param>
    public FeedException WarehouseSuspended(string name, string state) => new("DestinationNotReady", FeedErrorCategory.ResourceUnavailable, state)
    {
        Target = definition.Name,
        Hint = $"Resume it: ALTER WAREHOUSE {SqlIdentifier.Quote(name)} RESUME; or let statements resume it: ALTER WAREHOUSE "
            + $"{SqlIdentifier.Quote(name)} SET AUTO_RESUME = TRUE;",
    };

    /// <summary>The stage is for another folder than the one where files are staged.</summary>
    /// <param name="url">The stage's URL.</param>
    /// <param name="staged">The place of staged files, as a stage names it: <c>s3://bucket/folder/</c>.</param>
    public FeedException StageElsewhere(string url, string staged) => new(
        "StagedFilesRefused", FeedErrorCategory.InvalidArgument, $"Stage {definition.Stage} has the URL {url}, but the files are staged at {staged}.")
    {
        Target = definition.Name,
        Hint = $"Change the URL: ALTER STAGE {StagePath.Quote(definition.Stage)} SET URL = {SnowflakeText.Literal(staged)}; the storage "
            + "integration must allow this place, too. Or name another stage, another staging connection or another prefix in the destination.",
    };

    private FeedException Refused(StatementRefusedException e, LoadTarget? target)
        => new("DestinationRefused", Category(e.Refusal), $"{location} refused {What(e, target)}: {e.Message}", e)
        {
            Target = target?.FeedName ?? definition.Name,
            ServiceCode = Answer(e)?.Code,
            RequestId = Answer(e)?.Handle,
            Remedies = e.Refusal is StatementRefusal.Denied or StatementRefusal.Missing ? [Remedy.ShowSetup(definition.Name)] : [],
            Hint = e.Refusal switch
            {
                StatementRefusal.Denied => $"Grant {Role} what the message names. It needs USAGE on the warehouse, on database {Database} and on the "
                    + $"stage {definition.Stage}, USAGE and CREATE TABLE on schema {Database}.{Schema}, and must own the tables that it loads.",
                StatementRefusal.Cancelled => "Somebody cancelled the statement, or it ran into a timeout: check STATEMENT_TIMEOUT_IN_SECONDS of the "
                    + "user and of the warehouse, then run the feed again.",
                StatementRefusal.Conflict => "Other statements hold a lock on the same table. Run the feed again. If the lock stays: SHOW LOCKS; "
                    + "shows the transaction that holds it (SHOW LOCKS IN ACCOUNT; those of all users, for an administrator), and SELECT "
                    + "SYSTEM$ABORT_TRANSACTION(…); with its id rolls it back.",
                StatementRefusal.NotReady => WarehouseHint,
                StatementRefusal.Missing => "Check the names of the role, the warehouse, the database and the schema. Snowflake shows "
                    + $"{Role} only what it has rights on; SHOW GRANTS TO ROLE … lists them, and the command shows the statements that grant them.",
                _ => "Nothing of the statement was kept. Fix what Snowflake reports, then run the feed again.",
            },
        };

    private FeedException FilesRefused(StatementRefusedException e, LoadTarget? target)
        => new("StagedFilesRefused", FeedErrorCategory.PermissionDenied,
            $"{location} could not read the staged files through the stage {definition.Stage}: {e.Message}", e)
        {
            Target = target?.FeedName ?? definition.Name,
            ServiceCode = Answer(e)?.Code,
            RequestId = Answer(e)?.Handle,
            Hint = $"The stage must exist, and {Role} needs USAGE on it. Its URL must be the folder {definition.StagingPrefix} of connection "
                + $"{definition.StagingConnection}, and the IAM role of its storage integration must be allowed to read there. DESC STAGE "
                + $"{StagePath.Quote(definition.Stage)}; shows URL and integration. The commands show the set-up of the stage and the policy of "
                + "the IAM role.",
            Remedies = [Remedy.ShowSetup(definition.Name), Remedy.DestinationPolicy(definition.Name, "Copy")],
        };

    private string Database => SnowflakeIdentifier.Quote(definition.Database);

    private string Schema => SnowflakeIdentifier.Quote(definition.Schema);

    private string Role => definition.Role is { } role ? $"role {SnowflakeIdentifier.Read(role)}" : "the user's default role";

    private string WarehouseHint => definition.Warehouse is { } warehouse
        ? $"If the warehouse is suspended and does not resume by itself: ALTER WAREHOUSE {SnowflakeIdentifier.Quote(warehouse)} "
            + "RESUME; or SET AUTO_RESUME = TRUE. The role needs USAGE on it."
        : "The user may have no default warehouse: set the destination's Warehouse. A suspended one that does not resume by itself needs ALTER "
            + "WAREHOUSE … RESUME.";

    private static string What(StatementRefusedException e, LoadTarget? target)
        => (e.Statement is { Length: > 0 } statement ? $"a statement ({statement})" : "a statement")
            + (target is null ? "" : $" of the load into \"{target.Table}\"");

    private static FeedErrorCategory Category(StatementRefusal refusal) => refusal switch
    {
        StatementRefusal.Denied => FeedErrorCategory.PermissionDenied,
        StatementRefusal.Conflict => FeedErrorCategory.ResourceBusy,
        StatementRefusal.NotReady => FeedErrorCategory.ResourceUnavailable,
        StatementRefusal.Missing => FeedErrorCategory.ObjectNotFound,
        _ => FeedErrorCategory.InvalidOperation,
    };

    private static SqlApiException? Answer(StatementRefusedException e) => e.InnerException as SqlApiException;
}
