using Microsoft.AspNetCore.Http;

namespace PeakS3Feed.SnowflakeServer.Api;

/// <summary>An error of the SQL API, as its clients see it.</summary>
/// <param name="status">The HTTP status.</param>
/// <param name="code">Snowflake's code.</param>
/// <param name="state">The SQLSTATE.</param>
/// <param name="message">The message.</param>
internal sealed class SqlApiException(int status, string code, string state, string message) : Exception(message)
{
    /// <summary>The HTTP status.</summary>
    public int Status { get; } = status;

    /// <summary>Snowflake's code.</summary>
    public string Code { get; } = code;

    /// <summary>The SQLSTATE.</summary>
    public string State { get; } = state;

    /// <summary>The seconds of Retry-After; 0 for none.</summary>
    public int RetryAfter { get; init; }

    public static SqlApiException BadRequest(string message) => new(StatusCodes.Status400BadRequest, "390142", "08000", message);

    public static SqlApiException Refused(string code, string state, string message)
        => new(StatusCodes.Status422UnprocessableEntity, code, state, message);

    public static SqlApiException NotFound(string handle)
        => new(StatusCodes.Status404NotFound, "391917", "02000", $"The statement handle {handle} does not exist.");

    public static SqlApiException LoginFailed(string code, string message) => new(StatusCodes.Status401Unauthorized, code, "08001", message);
}
