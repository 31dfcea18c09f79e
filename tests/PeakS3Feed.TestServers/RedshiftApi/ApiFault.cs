namespace PeakS3Feed.TestServers.RedshiftApi;

/// <summary>An answer in place of the usual one.</summary>
public sealed record ApiFault
{
    /// <summary>The HTTP status.</summary>
    public int Status { get; init; } = 400;

    /// <summary>The service's error code.</summary>
    public string Code { get; init; } = "InternalServerException";

    /// <summary>The service's message.</summary>
    public string Message { get; init; } = "";

    /// <summary>Whether the code is in the header X-Amzn-ErrorType only.</summary>
    public bool CodeInHeader { get; init; }

    /// <summary>A page of HTML, as from a proxy, with nothing of the service's; or null.</summary>
    public string? Page { get; init; }

    /// <summary>Whether the connection breaks after the request was carried out, before its answer.</summary>
    public bool LosesAnswer { get; init; }

    /// <summary>Run before the answer.</summary>
    public Action? Then { get; init; }

    public static ApiFault Throttling => new() { Code = "ThrottlingException", Message = "Rate exceeded" };

    public static ApiFault InternalError => new() { Status = 500, Message = "The request failed due to an internal failure." };

    public static ApiFault AccessDenied(string operation) => new()
    {
        Code = "AccessDeniedException", Message = $"User: arn:aws:iam::111122223333:user/loader is not authorized to perform: {operation}",
    };

    public static ApiFault ExpiredToken => new() { Code = "ExpiredTokenException", Message = "The security token included in the request is expired" };
}
