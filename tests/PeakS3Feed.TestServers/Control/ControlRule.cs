namespace PeakS3Feed.TestServers.Control;

/// <summary>What happens to a statement that a rule matches.</summary>
public enum ControlAction
{
    /// <summary>It waits, before PostgreSQL gets it, until the rule is released or the client cancels it.</summary>
    Stall,

    /// <summary>The connection ends before PostgreSQL gets it.</summary>
    DropBefore,

    /// <summary>PostgreSQL runs it, and then the connection ends without an answer.</summary>
    DropAfter,

    /// <summary>It fails with the rule's error.</summary>
    Fail,

    /// <summary>The service does its work, and then the answer is the rule's error. Only for calls of an HTTP API.</summary>
    FailAfter,
}

/// <summary>A rule for statements.</summary>
/// <param name="Name">The name by which it is released or removed.</param>
/// <param name="Match">
/// A regular expression that the statement's text matches, ignoring case; for a table of one test, its name. Calls of the Data API have the text
/// <c>RedshiftData.ExecuteStatement</c> and so on; requests of Snowflake's SQL API are described at the stand-in.
/// </param>
/// <param name="Action">What happens.</param>
/// <param name="Skip">How many matching statements pass first.</param>
/// <param name="Times">How many matching statements it applies to; then it is gone.</param>
/// <param name="State">The SQLSTATE of the error.</param>
/// <param name="Message">The message of the error.</param>
/// <param name="Code">The service's own code of the error; empty for its usual one.</param>
/// <param name="Status">The HTTP status of a request that fails; 0 for the usual one.</param>
/// <param name="RetryAfter">The seconds of the answer's Retry-After; 0 for none.</param>
public sealed record ControlRule(
    string Name, string Match, ControlAction Action, int Skip = 0, int Times = 1,
    string State = "XX000", string Message = "A test asked for this error", string Code = "", int Status = 0, int RetryAfter = 0);
