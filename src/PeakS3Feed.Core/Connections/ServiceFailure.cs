using System.Net.Sockets;
using System.Security.Authentication;
using Amazon.Runtime;
using Amazon.Runtime.Internal;

namespace PeakS3Feed.Connections;

/// <summary>What an exception of the SDK, or of the network below it, says; the one place that knows their shapes.</summary>
/// <param name="Kind">Where it broke.</param>
/// <param name="Code">The service's error code, or null.</param>
/// <param name="Status">The HTTP status, or 0.</param>
/// <param name="RequestId">The service's request id, or null.</param>
/// <param name="Message">The service's or the network's own words.</param>
/// <param name="Region">The bucket's region where the answer names it, or null.</param>
internal sealed record ServiceFailure(FailureKind Kind, string? Code, int Status, string? RequestId, string Message, string? Region)
{
    private const string RegionHeader = "x-amz-bucket-region";

    private static readonly HashSet<string> ThrottleCodes = new(StringComparer.Ordinal)
    {
        "SlowDown", "ServiceUnavailable", "Throttling", "ThrottlingException", "ThrottledException", "RequestLimitExceeded",
        "TooManyRequests", "TooManyRequestsException", "RequestThrottled", "RequestThrottledException", "BandwidthLimitExceeded", "PriorRequestNotComplete",
    };

    /// <summary>Reads an exception; cancellation by the caller must have been told apart before.</summary>
    public static ServiceFailure From(Exception exception)
    {
        foreach (var e in Chain(exception))
        {
            switch (e)
            {
                case AmazonServiceException service when (int)service.StatusCode > 0 || !string.IsNullOrEmpty(service.ErrorCode):
                    return OfService(service);
                case AuthenticationException:
                    return new(FailureKind.Tls, null, 0, null, Innermost(e).Message, null);
                case TimeoutException or OperationCanceledException:
                    return new(FailureKind.TimedOut, null, 0, null, e.Message, null);
            }
        }
        var network = Chain(exception).FirstOrDefault(e => e is HttpRequestException or SocketException or IOException);
        return network is null
            ? new(FailureKind.Client, null, 0, null, exception.Message, null)
            : new(FailureKind.Unreachable, null, 0, null, Innermost(network).Message, null);
    }

    /// <summary>Whether the service asks to be called less often.</summary>
    public bool IsThrottle => Kind == FailureKind.Refused && (Status is 503 or 429 || ThrottleCodes.Contains(Code ?? ""));

    /// <summary>Whether the same call may well succeed in a while.</summary>
    public bool IsTransient => IsThrottle
        || Kind is FailureKind.Unreachable or FailureKind.TimedOut
        || (Kind == FailureKind.Refused && (Status is 500 or 502 or 504 || Code is "RequestTimeout" or "InternalError"));

    /// <summary>Whether the session is no longer known. An expired one is InvalidAccessKeyId on Ceph.</summary>
    public bool IsSessionOver => Kind == FailureKind.Refused
        && Code is "ExpiredToken" or "ExpiredTokenException" or "TokenRefreshRequired" or "InvalidAccessKeyId" or "InvalidToken";

    /// <summary>Whether the caller's clock is off. STS calls it a signature that has expired, or is not yet current.</summary>
    public bool IsClockSkew => Code is "RequestTimeTooSkewed" or "RequestExpired" or "RequestInTheFuture"
        || (Code is "SignatureDoesNotMatch" && (Message.Contains("Signature expired", StringComparison.Ordinal) || Message.Contains("not yet current", StringComparison.Ordinal)));

    /// <summary>Whether the caller's identity itself was not accepted, so that it says nothing about the thing asked for.</summary>
    public bool IsAboutIdentity => IsSessionOver || IsClockSkew || Code is "SignatureDoesNotMatch" or "InvalidClientTokenId" or "AuthorizationHeaderMalformed";

    /// <summary>Whether KMS, and not S3, refused.</summary>
    public bool IsAboutKms => Code?.StartsWith("KMS", StringComparison.OrdinalIgnoreCase) == true
        || (Kind == FailureKind.Refused && Message.Contains("kms", StringComparison.OrdinalIgnoreCase));

    private static ServiceFailure OfService(AmazonServiceException e)
    {
        var response = (e.InnerException as HttpErrorResponseException)?.Response;
        var region = response?.IsHeaderPresent(RegionHeader) == true ? response.GetHeaderValue(RegionHeader) : null;
        return new(
            FailureKind.Refused, NullIfEmpty(e.ErrorCode), (int)e.StatusCode, NullIfEmpty(e.RequestId), e.Message, NullIfEmpty(region));
    }

    private static string? NullIfEmpty(string? text) => string.IsNullOrEmpty(text) ? null : text;

    private static Exception Innermost(Exception e) => e.InnerException is { } inner ? Innermost(inner) : e;

    private static IEnumerable<Exception> Chain(Exception? e)
    {
        for (; e is not null; e = e.InnerException)
            yield return e;
    }
}
