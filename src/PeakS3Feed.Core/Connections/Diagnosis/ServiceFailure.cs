using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Text.RegularExpressions;
using System.Xml;
using Amazon.Runtime;
using Amazon.Runtime.Internal;
using Amazon.Runtime.Internal.Transform;
using Amazon.S3;

namespace PeakS3Feed.Connections.Diagnosis;

/// <summary>A failed call, from exceptions of the SDK and of the network. Only this file knows these exceptions.</summary>
/// <param name="Kind">The layer that failed.</param>
/// <param name="Message">The message of the service or the network.</param>
internal sealed partial record ServiceFailure(FailureKind Kind, string Message)
{
    private const string RegionHeader = "x-amz-bucket-region";

    private static readonly HashSet<string> ThrottleCodes = new(StringComparer.Ordinal)
    {
        "SlowDown", "ServiceUnavailable", "Throttling", "ThrottlingException", "ThrottledException", "RequestLimitExceeded",
        "KMS.ThrottlingException",
        "TooManyRequests", "TooManyRequestsException", "RequestThrottled", "RequestThrottledException", "BandwidthLimitExceeded",
        "PriorRequestNotComplete", "ActiveStatementsExceededException", "ActiveSessionsExceededException",
    };

    /// <summary>The service's error code, or null.</summary>
    public string? Code { get; init; }

    /// <summary>The HTTP status, or 0.</summary>
    public int Status { get; init; }

    /// <summary>The service's request id, or null.</summary>
    public string? RequestId { get; init; }

    /// <summary>The bucket's region if the response names it, or null.</summary>
    public string? Region { get; init; }

    /// <summary>The server's time in the response, or null.</summary>
    public DateTimeOffset? ServerTime { get; init; }

    /// <summary>Converts an exception. The caller handles its own cancellation first.</summary>
    public static ServiceFailure From(Exception exception)
    {
        for (var e = exception; e is not null; e = e.InnerException)
        {
            if (e is DeleteObjectsException { Response.DeleteErrors: [var refused, ..] } partial)
                return new(FailureKind.Refused, refused.Message ?? "") { Code = NullIfEmpty(refused.Code), RequestId = GetRequestId(partial) };
            if (e is AmazonServiceException service && ((int)service.StatusCode > 0 || !string.IsNullOrEmpty(service.ErrorCode)))
                return FromService(service);
            if (NetworkFailure.From(e) is { } network)
                return network;
        }
        return new(FailureKind.Client, exception.Message);
    }

    /// <summary>Whether a policy or an access list denies the request. A response without a body has no error code.</summary>
    public bool IsDenial => Kind == FailureKind.Refused && (Status == 403 || Code is "AccessDenied" or "AccessDeniedException");

    /// <summary>Whether the service asks for fewer requests.</summary>
    public bool IsThrottle => Kind == FailureKind.Refused && (Status is 503 or 429 || ThrottleCodes.Contains(Code ?? ""));

    /// <summary>Whether the same call may succeed later.</summary>
    public bool IsTransient => IsThrottle
        || Kind is FailureKind.Unreachable or FailureKind.NameNotFound or FailureKind.TimedOut
        || (Kind == FailureKind.NotTheService && Status is 500 or 502 or 503 or 504 or 429)
        || (Kind == FailureKind.Refused && (Status is 500 or 502 or 504
            // The latter two mean that another conditional request for the same object is under way (HTTP 409).
            || Code is "RequestTimeout" or "InternalError" or "ConditionalRequestConflict" or "OperationAborted"));

    /// <summary>Whether the session is no longer valid. Ceph answers InvalidAccessKeyId for an expired session.</summary>
    public bool IsSessionOver => Kind == FailureKind.Refused
        && Code is "ExpiredToken" or "ExpiredTokenException" or "TokenRefreshRequired" or "InvalidAccessKeyId" or "InvalidToken";

    /// <summary>Whether this machine's clock is wrong. STS then answers that the signature has expired or is not yet current.</summary>
    public bool IsClockSkew => Code is "RequestTimeTooSkewed" or "RequestExpired" or "RequestInTheFuture"
        || (Code is "SignatureDoesNotMatch" or "InvalidSignatureException"
            && (Message.Contains("Signature expired", StringComparison.Ordinal) || Message.Contains("not yet current", StringComparison.Ordinal)));

    /// <summary>Whether the request was signed for, or sent to, another region than the bucket's.</summary>
    public bool IsWrongRegion => Kind == FailureKind.Refused
        && (Code is "PermanentRedirect" || Code?.StartsWith("IllegalLocationConstraint", StringComparison.Ordinal) == true
            || (Code is "AuthorizationHeaderMalformed" && Region is not null) || (Status is 301 or 307 && Region is not null));

    /// <summary>Whether the caller's identity was refused, so that the answer says nothing about the request.</summary>
    public bool IsAboutIdentity => Kind == FailureKind.Refused && (IsSessionOver || IsClockSkew
        || Code is "SignatureDoesNotMatch" or "InvalidSignatureException" or "IncompleteSignature" or "InvalidClientTokenId"
        or "AuthorizationHeaderMalformed"
            or "UnrecognizedClientException" or "MissingAuthenticationToken");

    /// <summary>Whether KMS refused the request, and not S3.</summary>
    public bool IsAboutKms => Kind == FailureKind.Refused && (Code?.StartsWith("KMS", StringComparison.OrdinalIgnoreCase) == true
        || Denial.Parse(Message)?.Action.StartsWith("kms:", StringComparison.Ordinal) == true
        || Message.StartsWith("The ciphertext refers to", StringComparison.Ordinal));

    /// <summary>Whether the object is encrypted with a key that each request must contain (SSE-C).</summary>
    public bool RequiresKey => Kind == FailureKind.Refused && Status == 400 && Message.Contains("Server Side Encryption", StringComparison.Ordinal);

    private static ServiceFailure FromService(AmazonServiceException e)
    {
        var response = (e.InnerException as HttpErrorResponseException)?.Response;
        var region = (Header(response, RegionHeader) is { } header && AwsRegions.IsName(header) ? header : null) ?? Named(e.Message);
        var id = NullIfEmpty(e.RequestId) ?? Header(response, "x-amz-request-id") ?? Header(response, "x-amzn-RequestId");
        // For a response that is not an error of the service, the SDK sets no code or an invented one, and may pass on the whole body.
        var isStrange = string.IsNullOrEmpty(e.ErrorCode) || e.Message.StartsWith("Error making request with Error Code", StringComparison.Ordinal);
        if (isStrange && id is null && region is null)
            return new(FailureKind.NotTheService, "") { Status = (int)e.StatusCode };
        return new(FailureKind.Refused, e.Message)
        {
            Code = NullIfEmpty(e.ErrorCode), Status = (int)e.StatusCode, RequestId = id, Region = region,
            ServerTime = (e as ServiceRefusalException)?.ServerTime ?? Time(Header(response, "Date")),
        };
    }

    // The answer itself is a success; it names the objects that were not deleted.
    private static string? GetRequestId(DeleteObjectsException e)
        => NullIfEmpty(e.RequestId) ?? NullIfEmpty(e.Response.ResponseMetadata?.RequestId);

    // A response of a region's own endpoint lacks the header.
    private static string? Named(string message) => RegionPattern().Match(message) is { Success: true } m ? m.Groups["region"].Value : null;

    private static string? Header(IWebResponseData? response, string name)
        => response?.IsHeaderPresent(name) == true ? NullIfEmpty(response.GetHeaderValue(name)) : null;

    private static DateTimeOffset? Time(string? text)
        => DateTimeOffset.TryParseExact(text, "R", CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time) ? time : null;

    private static string? NullIfEmpty(string? text) => string.IsNullOrEmpty(text) ? null : text;

    [GeneratedRegex(
        "(expecting '(?<region>[a-z0-9-]+)'|^The (?!unspecified )(?<region>[a-z0-9-]+) location constraint is incompatible)",
        RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant, 1000)]
    private static partial Regex RegionPattern();
}

/// <summary>The layer at which a call to a service failed.</summary>
internal enum FailureKind
{
    /// <summary>The service answered with an error.</summary>
    Refused,

    /// <summary>No answer: connection refused or dropped.</summary>
    Unreachable,

    /// <summary>The server's name cannot be resolved.</summary>
    NameNotFound,

    /// <summary>No answer in time.</summary>
    TimedOut,

    /// <summary>The server's certificate was not accepted.</summary>
    Tls,

    /// <summary>The server does not use TLS.</summary>
    NotTls,

    /// <summary>The proxy refused the connection.</summary>
    Proxy,

    /// <summary>Another server answered: a proxy, a sign-in page or a different service.</summary>
    NotTheService,

    /// <summary>The SDK failed before it sent the request.</summary>
    Client,
}

/// <summary>Converts exceptions of the layers below the SDK: name resolution, connections, TLS, proxies, responses that are not XML.</summary>
internal static class NetworkFailure
{
    /// <summary>Converts one exception without its inner ones; null if it is not about the network.</summary>
    public static ServiceFailure? From(Exception exception) => exception switch
    {
        AuthenticationException e => new(IsNoTls(e) ? FailureKind.NotTls : FailureKind.Tls, Innermost(e).Message),
        TimeoutException or OperationCanceledException => new(FailureKind.TimedOut, exception.Message),
        HttpRequestException { HttpRequestError: HttpRequestError.SecureConnectionError, InnerException: { } inner } => From(inner)
            ?? new(FailureKind.Tls, Innermost(inner).Message),
        HttpRequestException { HttpRequestError: HttpRequestError.NameResolutionError } e => new(FailureKind.NameNotFound, e.Message),
        HttpRequestException { HttpRequestError: HttpRequestError.ProxyTunnelError } e => new(FailureKind.Proxy, e.Message.TrimEnd('"')),

        // The message has the address, unlike that of the socket's exception.
        HttpRequestException { HttpRequestError: HttpRequestError.ConnectionError } e => new(FailureKind.Unreachable, e.Message),
        HttpRequestException or SocketException or IOException => new(FailureKind.Unreachable, Innermost(exception).Message),
        XmlException or UnexpectedResponseException => new(FailureKind.NotTheService, exception.Message) { Status = 200 },
        _ => null,
    };

    // .NET's message if the first bytes of the response are not a TLS record.
    private static bool IsNoTls(AuthenticationException e) => e.Message.StartsWith("Cannot determine the frame size", StringComparison.Ordinal);

    private static Exception Innermost(Exception e) => e.InnerException is { } inner ? Innermost(inner) : e;
}

/// <summary>A service that the SDK has no client for refused a request. Code and request id are null if the response lacks them.</summary>
internal sealed class ServiceRefusalException(string message, string? code, string? requestId, HttpStatusCode status, DateTimeOffset? serverTime)
    : AmazonServiceException(message, null, ErrorType.Unknown, code, requestId, status)
{
    /// <summary>The server's time in the response, or null.</summary>
    public DateTimeOffset? ServerTime { get; } = serverTime;
}

/// <summary>A response with a success status that is not from the service: a page of a proxy, for example.</summary>
internal sealed class UnexpectedResponseException() : Exception("The response is not from the service.");
