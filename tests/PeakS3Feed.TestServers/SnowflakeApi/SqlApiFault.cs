namespace PeakS3Feed.TestServers.SnowflakeApi;

/// <summary>An answer in place of the usual one.</summary>
public sealed record SqlApiFault(int Status = 503)
{
    /// <summary>The service's code; null for a body that is not the service's.</summary>
    public string? Code { get; init; } = "390000";

    /// <summary>The service's message; or the page of a proxy, where there is no code.</summary>
    public string Message { get; init; } = "";

    /// <summary>The header Retry-After, or null.</summary>
    public string? RetryAfter { get; init; }

    /// <summary>Whether the connection breaks after the request was carried out, before its answer.</summary>
    public bool LosesAnswer { get; init; }

    /// <summary>Whether the connection breaks before the request is carried out.</summary>
    public bool LosesRequest { get; init; }

    /// <summary>Run before the answer.</summary>
    public Action? Then { get; init; }
}
