using System.Globalization;

namespace PeakS3Feed.TestServers.S3;

/// <summary>What goes wrong with a request.</summary>
public sealed record Fault
{
    /// <summary>HTTP status of an error answer; 0 to answer as usual.</summary>
    public int Status { get; init; }

    /// <summary>The service's error code.</summary>
    public string Code { get; init; } = "InternalError";

    /// <summary>The service's words.</summary>
    public string Message { get; init; } = "";

    /// <summary>More elements of the error body, as XML.</summary>
    public string Details { get; init; } = "";

    /// <summary>More headers of the answer.</summary>
    public IReadOnlyDictionary<string, string> Headers { get; init; } = new Dictionary<string, string>(StringComparer.Ordinal);

    /// <summary>Send no body with the error, as S3 does to some requests.</summary>
    public bool Empty { get; init; }

    /// <summary>Answer with this page of HTML and nothing of S3's, as a proxy or another server would; null not to.</summary>
    public string? Page { get; init; }

    /// <summary>Break the connection after so many bytes of the body, although Content-Length promises all; null not to.</summary>
    public int? DropAfter { get; init; }

    /// <summary>End the body in good order after so many bytes, with a Content-Length that says so; null not to.</summary>
    public int? EndAfter { get; init; }

    /// <summary>Break the connection before answering.</summary>
    public bool HangUp { get; init; }

    /// <summary>Carry out a write, and break the connection in place of the answer.</summary>
    public bool LosesAnswer { get; init; }

    /// <summary>Wait before answering.</summary>
    public TimeSpan Delay { get; init; }

    /// <summary>Fall silent for so long after <see cref="SilentAfter"/> bytes of the body.</summary>
    public TimeSpan Silence { get; init; }

    /// <summary>See <see cref="Silence"/>.</summary>
    public int SilentAfter { get; init; }

    /// <summary>Run when the fault strikes, before the answer: to change an object at the right moment.</summary>
    public Action? Then { get; init; }

    public static Fault SlowDown => new() { Status = 503, Code = "SlowDown", Message = "Please reduce your request rate." };

    public static Fault InternalError => new() { Status = 500, Code = "InternalError", Message = "We encountered an internal error. Please try again." };

    public static Fault AccessDenied => new() { Status = 403, Code = "AccessDenied", Message = "Access Denied" };

    public static Fault NoSuchKey => new() { Status = 404, Code = "NoSuchKey", Message = "The specified key does not exist." };

    public static Fault NoSuchBucket => new() { Status = 404, Code = "NoSuchBucket", Message = "The specified bucket does not exist" };

    public static Fault PreconditionFailed => new()
    {
        Status = 412, Code = "PreconditionFailed", Message = "At least one of the pre-conditions you specified did not hold", Details = "<Condition>If-Match</Condition>",
    };

    /// <summary>Another conditional request for the same key was under way (S3 API reference, PutObject).</summary>
    public static Fault ConditionalRequestConflict => new()
    {
        Status = 409, Code = "ConditionalRequestConflict",
        Message = "The conditional request cannot succeed due to a conflicting operation against this resource.",
    };

    public static Fault InvalidObjectState => new()
    {
        Status = 403, Code = "InvalidObjectState", Message = "The operation is not valid for the object's storage class", Details = "<StorageClass>GLACIER</StorageClass>",
    };

    public static Fault ExpiredToken => new() { Status = 400, Code = "ExpiredToken", Message = "The provided token has expired." };

    public static Fault InvalidAccessKeyId => new() { Status = 403, Code = "InvalidAccessKeyId", Message = "The AWS Access Key Id you provided does not exist in our records." };

    public static Fault SignatureDoesNotMatch => new()
    {
        Status = 403, Code = "SignatureDoesNotMatch", Message = "The request signature we calculated does not match the signature you provided. Check your key and signing method.",
    };

    public static Fault RequestTimeTooSkewed => new()
    {
        Status = 403, Code = "RequestTimeTooSkewed", Message = "The difference between the request time and the current time is too large.",
        Details = string.Create(CultureInfo.InvariantCulture, $"<ServerTime>{DateTime.UtcNow:yyyy-MM-ddTHH:mm:ssZ}</ServerTime><MaxAllowedSkewMilliseconds>900000</MaxAllowedSkewMilliseconds>"),
    };

    /// <summary>The bucket is in another region.</summary>
    public static Fault PermanentRedirect(string region) => new()
    {
        Status = 301, Code = "PermanentRedirect", Message = "The bucket you are attempting to access must be addressed using the specified endpoint. Please send all future requests to this endpoint.",
        Details = $"<Endpoint>s3.{region}.amazonaws.com</Endpoint>",
        Headers = new Dictionary<string, string>(StringComparer.Ordinal) { ["x-amz-bucket-region"] = region },
    };

    /// <summary>Signed for another region.</summary>
    public static Fault AuthorizationHeaderMalformed(string region) => new()
    {
        Status = 400, Code = "AuthorizationHeaderMalformed", Message = $"The authorization header is malformed; the region 'eu-west-1' is wrong; expecting '{region}'", Details = $"<Region>{region}</Region>",
    };

    public static Fault Drop(int afterBytes) => new() { DropAfter = afterBytes };

    public static Fault EndEarly(int afterBytes) => new() { EndAfter = afterBytes };
}
