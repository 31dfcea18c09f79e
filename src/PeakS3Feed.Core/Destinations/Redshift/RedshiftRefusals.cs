using System.Text.RegularExpressions;
using PeakS3Feed.Destinations.Warehouses;

namespace PeakS3Feed.Destinations.Redshift;

/// <summary>
/// Reads why a warehouse refused a statement. The wire has an SQLSTATE, which decides where it is specific; Redshift reports most of its own errors
/// as XX000, and the Data API has no SQLSTATE, so that the message decides.
/// </summary>
internal static partial class RedshiftRefusals
{
    // SQLSTATEs: PostgreSQL documentation, appendix A; Redshift has those of PostgreSQL 8.0.
    private static readonly Dictionary<string, StatementRefusal> States = new(StringComparer.Ordinal)
    {
        ["40001"] = StatementRefusal.Conflict,       // serialization_failure
        ["40P01"] = StatementRefusal.Conflict,       // deadlock_detected
        ["22012"] = StatementRefusal.CheckFailed,    // division_by_zero
        ["42P07"] = StatementRefusal.Exists,         // duplicate_table
        ["42701"] = StatementRefusal.Exists,         // duplicate_column
        ["42P06"] = StatementRefusal.Exists,         // duplicate_schema
        ["42P01"] = StatementRefusal.Missing,        // undefined_table
        ["42703"] = StatementRefusal.Missing,        // undefined_column
        ["3F000"] = StatementRefusal.Missing,        // invalid_schema_name
        ["42501"] = StatementRefusal.Denied,         // insufficient_privilege
        ["57014"] = StatementRefusal.Cancelled,      // query_canceled
        ["25006"] = StatementRefusal.NotReady,       // read_only_sql_transaction: a cluster that is being resized
        ["53300"] = StatementRefusal.NotReady,       // too_many_connections
        ["57P01"] = StatementRefusal.NotReady,       // admin_shutdown
        ["57P02"] = StatementRefusal.NotReady,       // crash_shutdown
        ["57P03"] = StatementRefusal.NotReady,       // cannot_connect_now
    };

    // In the order of this list: an error about a file may say that something does not exist, and one about a role that something is denied.
    private static readonly (Regex Text, StatementRefusal Refusal)[] Messages =
    [
        (RowPattern(), StatementRefusal.RowRefused),
        (BusyS3Pattern(), StatementRefusal.NotReady),
        (FilesPattern(), StatementRefusal.FilesRefused),
        (ConflictPattern(), StatementRefusal.Conflict),
        (CheckPattern(), StatementRefusal.CheckFailed),
        (CancelledPattern(), StatementRefusal.Cancelled),
        (NotReadyPattern(), StatementRefusal.NotReady),
        (ExistsPattern(), StatementRefusal.Exists),
        (MissingPattern(), StatementRefusal.Missing),
        (DeniedPattern(), StatementRefusal.Denied),
    ];

    /// <summary>Returns why a statement was refused.</summary>
    /// <param name="state">The SQLSTATE, or null for the Data API.</param>
    /// <param name="message">The warehouse's message with its detail. The Data API puts <c>ERROR:</c> before it.</param>
    public static StatementRefusal Read(string? state, string message)
    {
        if (state is not null && States.TryGetValue(state, out var refusal))
            return refusal;
        if (state?.StartsWith("08", StringComparison.Ordinal) == true)
            return StatementRefusal.NotReady;
        foreach (var (text, meaning) in Messages)
        {
            if (text.IsMatch(message))
                return meaning;
        }
        return StatementRefusal.Other;
    }

    /// <summary>Returns a message in one line, without the rulers that Redshift draws around details and the prefix of the Data API.</summary>
    public static string Clean(string message)
    {
        var text = BlankPattern().Replace(message, " ").Trim();
        return text.StartsWith("ERROR: ", StringComparison.Ordinal) ? text["ERROR: ".Length..] : text;
    }

    // Redshift's documentation, "Troubleshooting data loads"; older versions name the STL table.
    [GeneratedRegex("Load into table '.*' failed\\.\\s+Check '(sys_load_error_detail|stl_load_errors)'", Options, Limit)]
    private static partial Regex RowPattern();

    // S3 API reference, "Error responses": the errors of a busy service, which Redshift passes on: S3ServiceException:Please reduce your request
    // rate., Status 503,Error SlowDown.
    [GeneratedRegex("S3ServiceException.*(Status 50[03]|SlowDown|InternalError|ServiceUnavailable|RequestTimeout)", Options, Limit)]
    private static partial Regex BusyS3Pattern();

    // S3ServiceException, "Problem reading manifest file" and "The specified S3 prefix": Redshift's documentation, "Troubleshooting data loads".
    // "Mandatory url", "is not authorized to assume IAM Role" and "Not authorized to get credentials of role": reports of users. Manifests: COPY's
    // reference, meta content_length.
    [GeneratedRegex(
        "S3ServiceException|S3CurlException|Problem reading manifest file|Invalid manifest|Mandatory url is not present|incorrect content_length"
        + "|The specified S3 prefix|Invalid S3 URL|is not authorized to assume IAM Role|Not authorized to get credentials of role", Options, Limit)]
    private static partial Regex FilesPattern();

    // Redshift's documentation, "Serializable isolation": ERROR:1023 DETAIL: Serializable isolation violation. PostgreSQL's own words otherwise.
    [GeneratedRegex("^(ERROR:\\s*)?1023\\b|Serializable isolation violation|could not serialize access|deadlock detected", Options, Limit)]
    private static partial Regex ConflictPattern();

    // The leader node has PostgreSQL's words; the compute nodes have their own.
    [GeneratedRegex("division by zero|divide by zero", Options, Limit)]
    private static partial Regex CheckPattern();

    // STL_ERROR and WLM: "Query (123) cancelled on user's request", "… cancelled by WLM abort action …"; PostgreSQL: "canceling statement".
    [GeneratedRegex("cancell?ed (on user's|by WLM|on user)|canceling statement|Query was cancell?ed", Options, Limit)]
    private static partial Regex CancelledPattern();

    // PostgreSQL's words for 57P01 to 57P03, 53300 and 25006.
    [GeneratedRegex(
        "terminating connection|the database system is (starting up|shutting down|in recovery mode)|too many (connections|clients)"
        + "|connection limit .* exceeded|in a read-only transaction", Options, Limit)]
    private static partial Regex NotReadyPattern();

    // PostgreSQL's words for 42P07, 42701 and 42P06; Redshift begins some of them with a capital.
    [GeneratedRegex("(relation|table|column|schema) .*already exists", Options, Limit)]
    private static partial Regex ExistsPattern();

    // PostgreSQL's words for 42P01, 42703 and 3F000; and COPY's, which comes as XX000 (estuary/connectors, pull request 918).
    [GeneratedRegex("(relation|table|column|schema) .*does not exist|Cannot COPY into nonexistent table", Options, Limit)]
    private static partial Regex MissingPattern();

    // PostgreSQL's words for 42501.
    [GeneratedRegex("permission denied|must be owner of", Options, Limit)]
    private static partial Regex DeniedPattern();

    [GeneratedRegex("(\\s|-{5,})+", Options, Limit)]
    private static partial Regex BlankPattern();

    private const RegexOptions Options = RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant | RegexOptions.IgnoreCase;
    private const int Limit = 1000;
}
