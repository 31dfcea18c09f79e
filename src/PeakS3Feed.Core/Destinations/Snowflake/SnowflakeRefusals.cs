using System.Globalization;
using System.Text.RegularExpressions;
using PeakS3Feed.Destinations.Warehouses;

namespace PeakS3Feed.Destinations.Snowflake;

/// <summary>
/// Reads why Snowflake refused a statement, from its code, its SQLSTATE and its message. Words come first where one code has several meanings.
/// </summary>
internal static partial class SnowflakeRefusals
{
    /// <summary>The code of an id that the service does not know, or no longer: "Statement … not found".</summary>
    public const string UnknownStatement = "000709";

    private static readonly Dictionary<string, StatementRefusal> Codes = new(StringComparer.Ordinal)
    {
        ["000603"] = StatementRefusal.NotReady,     // internal error of the service
        ["000604"] = StatementRefusal.Cancelled,    // SQL execution canceled
        ["000606"] = StatementRefusal.NotReady,     // no active warehouse: it is suspended, or the user has none
        ["000625"] = StatementRefusal.Conflict,     // too many statements wait for a lock, or one waited too long
        ["000630"] = StatementRefusal.Cancelled,    // statement or warehouse timeout
        ["000904"] = StatementRefusal.Missing,      // invalid identifier
        ["002002"] = StatementRefusal.Exists,       // object already exists
        ["002003"] = StatementRefusal.Missing,      // object does not exist or not authorized
        ["002043"] = StatementRefusal.Missing,      // object does not exist, or operation cannot be performed
        ["003001"] = StatementRefusal.Denied,       // insufficient privileges
        ["091003"] = StatementRefusal.FilesRefused, // failure using stage area
        ["091016"] = StatementRefusal.FilesRefused, // remote file was not found
    };

    // Those that Snowflake shares with the SQL standard.
    private static readonly Dictionary<string, StatementRefusal> States = new(StringComparer.Ordinal)
    {
        ["42501"] = StatementRefusal.Denied,
        ["42710"] = StatementRefusal.Exists,
        ["42S01"] = StatementRefusal.Exists,
        ["42S02"] = StatementRefusal.Missing,
        ["42S22"] = StatementRefusal.Missing,
        ["57014"] = StatementRefusal.Cancelled,
        ["57P03"] = StatementRefusal.NotReady,
    };

    // In the order of this list: an error about a file may say that something does not exist, and one about a role that something is denied.
    private static readonly (Regex Text, StatementRefusal Refusal)[] Words =
    [
        (RowPattern(), StatementRefusal.RowRefused),
        (BusyS3Pattern(), StatementRefusal.NotReady),
        (FilesPattern(), StatementRefusal.FilesRefused),
        (ConflictPattern(), StatementRefusal.Conflict),
    ];

    // Where neither code nor SQLSTATE says it: a block may put its own before the error.
    private static readonly (Regex Text, StatementRefusal Refusal)[] LaterWords =
    [
        (CancelledPattern(), StatementRefusal.Cancelled),
        (NotReadyPattern(), StatementRefusal.NotReady),
        (ExistsPattern(), StatementRefusal.Exists),
        (MissingPattern(), StatementRefusal.Missing),
        (DeniedPattern(), StatementRefusal.Denied),
    ];

    /// <summary>Returns why a statement was refused.</summary>
    /// <param name="failure">The answer.</param>
    public static StatementRefusal Read(SqlApiException failure)
    {
        var message = SnowflakeScript.Unwrap(failure.Message);
        if (failure.Status == 408)
            return StatementRefusal.Cancelled;
        if (SnowflakeScript.IsCheck(message))
            return StatementRefusal.CheckFailed;
        return Find(Words, message) ?? Find(Codes, failure.Code) ?? Find(LaterWords, message) ?? Find(States, failure.SqlState)
            ?? StatementRefusal.Other;
    }

    /// <summary>Returns a message in one line, without what a block puts before it and without Snowflake's advice on ON_ERROR.</summary>
    public static string Clean(string message)
        => BlankPattern().Replace(AdvicePattern().Replace(SnowflakeScript.Unwrap(message), ""), " ").Trim();

    private static StatementRefusal? Find(Dictionary<string, StatementRefusal> known, string? code)
        => code is not null && known.TryGetValue(code, out var refusal) ? refusal : null;

    private static StatementRefusal? Find((Regex Text, StatementRefusal Refusal)[] words, string message)
    {
        foreach (var (text, meaning) in words)
        {
            if (text.IsMatch(message))
                return meaning;
        }
        return null;
    }

    // COPY's message has the place on lines of its own.
    [GeneratedRegex(@"File '.*', line [0-9]+, character [0-9]+\s", Options | RegexOptions.Singleline, Limit)]
    private static partial Regex RowPattern();

    // S3 API reference, "Error responses": the errors of a busy service.
    [GeneratedRegex("(stage area|remote file).*(Status Code: 50[03]|SlowDown|InternalError|ServiceUnavailable|RequestTimeout)", Options, Limit)]
    private static partial Regex BusyS3Pattern();

    [GeneratedRegex(
        "Failure using stage area|Remote file '.*' was not found|Failed to access remote file|Error assuming AWS_ROLE|sts:AssumeRole"
        + "|\\b(stage|integration) '.*' (does not exist|is not authorized)", Options | RegexOptions.Singleline, Limit)]
    private static partial Regex FilesPattern();

    [GeneratedRegex(
        "this lock has not yet been released|waiters for this lock|lock (wait )?(timeout|timed out)|deadlock|aborted because .*\\block\\b",
        Options | RegexOptions.Singleline, Limit)]
    private static partial Regex ConflictPattern();

    [GeneratedRegex("SQL execution cancell?ed|reached its (statement or warehouse )?timeout", Options, Limit)]
    private static partial Regex CancelledPattern();

    [GeneratedRegex("No active warehouse|warehouse '.*' is (suspended|not running)|internal error|service is unavailable", Options, Limit)]
    private static partial Regex NotReadyPattern();

    [GeneratedRegex("already exists", Options, Limit)]
    private static partial Regex ExistsPattern();

    [GeneratedRegex("does not exist|invalid identifier", Options, Limit)]
    private static partial Regex MissingPattern();

    [GeneratedRegex("insufficient privileges|access control error", Options, Limit)]
    private static partial Regex DeniedPattern();

    [GeneratedRegex(@"\s*If you would like to continue loading.*", Options | RegexOptions.Singleline, Limit)]
    private static partial Regex AdvicePattern();

    [GeneratedRegex(@"\s+", Options, Limit)]
    private static partial Regex BlankPattern();

    private const RegexOptions Options = RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant | RegexOptions.IgnoreCase;
    private const int Limit = 1000;
}

/// <summary>The first row that a COPY refused, as its error says.</summary>
/// <param name="File">The staged file, with the path that Snowflake shows.</param>
/// <param name="Line">The line in it, from 1.</param>
/// <param name="Character">The character in the line, from 1.</param>
/// <param name="Row">The row's number in the file, from 1; 0 if the error does not say.</param>
/// <param name="Column">The column's name; empty if the error does not say.</param>
/// <param name="Ordinal">The column's number, from 1; 0 if the error does not say.</param>
/// <param name="Reason">Why, in Snowflake's words.</param>
internal sealed partial record SnowflakeCopyError(string File, long Line, long Character, long Row, string Column, int Ordinal, string Reason)
{
    /// <summary>Reads the error of a COPY; null if it is not about a row.</summary>
    /// <param name="message">Snowflake's message, with its line breaks.</param>
    public static SnowflakeCopyError? Read(string message)
    {
        var match = Pattern().Match(SnowflakeScript.Unwrap(message));
        if (!match.Success)
            return null;
        return new(
            match.Groups["file"].Value, Number("line"), Number("character"), Number("row"),
            match.Groups["column"].Value.Replace("\"\"", "\"", StringComparison.Ordinal), (int)Number("ordinal"),
            match.Groups["reason"].Value.Trim());

        long Number(string group)
            => long.TryParse(match.Groups[group].Value, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : 0;
    }

    // The reason may quote a value that looks like a place: the last place counts.
    [GeneratedRegex(
        @"\A(?<reason>.*)\s+File '(?<file>.*?)', line (?<line>[0-9]+), character (?<character>[0-9]+)\s+"
        + @"(Row (?<row>[0-9]+)( starts at line [0-9]+)?, column "".*?""\[(""(?<column>.*)"":)?(?<ordinal>[0-9]+)\])?",
        RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant | RegexOptions.Singleline, 1000)]
    private static partial Regex Pattern();
}
