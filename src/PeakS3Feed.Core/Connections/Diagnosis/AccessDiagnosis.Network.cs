using static PeakS3Feed.Errors.FeedErrorCategory;

namespace PeakS3Feed.Connections.Diagnosis;

/// <content>Calls without an answer of the service: the network, TLS, a proxy, or another server.</content>
internal static partial class AccessDiagnosis
{
    private const string ProxyVariables = "HTTPS_PROXY, HTTP_PROXY and NO_PROXY";

    private static Explanation ExplainNoAnswer(AccessAttempt attempt, ServiceFailure failure) => failure.Kind switch
    {
        FailureKind.Tls => new("TlsFailed", ConnectionError, $"The certificate of {attempt.Host} was not accepted: {failure.Message.TrimEnd('.')}.",
            TlsHint(failure.Message)),
        FailureKind.NotTls => new(
            "TlsFailed", ConnectionError, $"{attempt.Host} does not speak TLS.",
            "The endpoint's scheme or port is at fault: write http:// if it is meant to be without TLS, or the port that has TLS."),
        FailureKind.NameNotFound => new(
            "S3Unreachable", ConnectionError, $"{attempt.Host} has no address: {failure.Message.TrimEnd('.')}.",
            attempt.Connection.EndpointUrl is null
                ? $"Name resolution is at fault: check that {attempt.Connection.Region} is a region, and that this machine's DNS knows public names (a private network needs a VPC endpoint)."
                : "Name resolution is at fault: check the host name of the connection's endpoint, and this machine's DNS."),
        FailureKind.TimedOut => new(
            "S3Unreachable", ConnectionError, $"{attempt.Host} did not answer in time.",
            $"The network is at fault: check the firewall, the route, and the proxy ({ProxyVariables})."),
        FailureKind.Proxy => new(
            "S3Unreachable", ConnectionError, $"The proxy does not let us through to {attempt.Host}: {failure.Message.TrimEnd('.')}.",
            $"The proxy is at fault: look at {ProxyVariables}; 407 means that it wants a user and password, 403 that it forbids the host."),
        FailureKind.Unreachable => new(
            "S3Unreachable", ConnectionError, $"{attempt.Host} cannot be reached: {failure.Message.TrimEnd('.')}.",
            $"The network is at fault: check the endpoint's host and port, the firewall, and the proxy ({ProxyVariables}).{IfPlain(attempt)}"),
        FailureKind.NotTheService => new(
            "NotS3", ConnectionError, $"{attempt.Host} answers (HTTP {failure.Status}), but not as {attempt.Service} does.",
            StrangeHint(attempt, failure)),
        _ => new("S3Failed", NotSpecified, $"{attempt.Service} could not be called: {failure.Message.TrimEnd('.')}.",
            "Check the connection's region and endpoint."),
    };

    private static string TlsHint(string message)
    {
        if (message.Contains("NotTimeValid", StringComparison.Ordinal))
            return "The certificate's time is at fault: it has run out or has not begun (or this machine's clock is wrong). Renew it on the server.";
        return message.Contains("NameMismatch", StringComparison.Ordinal)
            ? "The host name is at fault: the certificate is another host's. Write the endpoint with a name that is in it; with a bucket's name as host, forcePathStyle may help."
            : "Trust is at fault: this machine does not know the authority that signed it. Install that authority's certificate (on Linux, SSL_CERT_FILE may name it); a proxy that opens TLS has one of its own.";
    }

    private static string StrangeHint(AccessAttempt attempt, ServiceFailure failure) => failure.Status switch
    {
        407 => $"The proxy is at fault: it wants a user and password. Look at {ProxyVariables}.",
        >= 500 => "A load balancer or proxy before it is at fault, or the server behind it is down: try later.",
        _ when attempt.Connection.EndpointUrl is null => $"A proxy, a sign-in page of the network or a filter is at fault: open any page in a browser, and look at {ProxyVariables}.",
        _ => $"The endpoint is at fault: a console, a website or a proxy listens there. Check the address and port of {attempt.Service}{(attempt.Service == "STS" ? " (stsEndpointUrl)" : "")}, and {ProxyVariables}.",
    };

    private static string IfPlain(AccessAttempt attempt)
        => attempt.Connection.EndpointUrl?.StartsWith("http:", StringComparison.OrdinalIgnoreCase) == true
            ? " A server that has TLS wants https://."
            : "";
}
