namespace PeakS3Feed.TestServers.Control;

/// <summary>
/// How a service answers a token that it has seen: a client token of Redshift's Data API, or a request id of Snowflake's SQL API.
/// </summary>
public enum TokenMode
{
    /// <summary>The statement of the token, while it runs and after it has finished; after a failure, a new one.</summary>
    Normal,

    /// <summary>It has forgotten the token: always a new statement.</summary>
    Forget,

    /// <summary>The statement of the token, also after it failed.</summary>
    ReplayFailure,
}
