using static PeakS3Feed.Errors.FeedErrorCategory;

namespace PeakS3Feed.Connections.Diagnosis;

/// <content>Calls that the service did not answer: problems of the network, TLS or a proxy, or the answer of another server.</content>
internal static partial class AccessDiagnosis
{
    private const string ProxyVariables = "HTTPS_PROXY, HTTP_PROXY and NO_PROXY";

    private static Explanation ExplainNoAnswer(AccessAttempt attempt, ServiceFailure failure) => failure.Kind switch
    {
        FailureKind.Tls => new("TlsFailed", ConnectionError, $"The certificate of {attempt.Host} was not accepted: {failure.Message.TrimEnd('.')}.",
            TlsHint(failure.Message)),
        FailureKind.NotTls => new(
            "TlsFailed", ConnectionError, $"{attempt.Host} does not use TLS.",
            "The endpoint's scheme or port is at fault: write http:// if the server has no TLS, or use the port that has TLS."),
        FailureKind.NameNotFound => new(
            "S3Unreachable", ConnectionError, $"The host name {attempt.Host} cannot be resolved: {failure.Message.TrimEnd('.')}.",
            attempt.Connection.EndpointUrl is null
                ? $"Name resolution is at fault: check that {attempt.Connection.Region} is a region, and that this machine's DNS resolves public "
                    + "names (a private network needs a VPC endpoint)."
                : "Name resolution is at fault: check the host name of the connection's endpoint, and this machine's DNS."),
        FailureKind.TimedOut => new(
            "S3Unreachable", ConnectionError, $"{attempt.Host} did not answer in time.",
            $"The network is at fault: check the firewall, the route, and the proxy ({ProxyVariables})."),
        FailureKind.Proxy => new(
            "S3Unreachable", ConnectionError, $"The proxy does not allow connections to {attempt.Host}: {failure.Message.TrimEnd('.')}.",
            $"The proxy is at fault: check {ProxyVariables}; 407 means that it requires a user and password, 403 that it forbids the host."),
        FailureKind.Unreachable => new(
            "S3Unreachable", ConnectionError, $"{attempt.Host} cannot be reached: {failure.Message.TrimEnd('.')}.",
            $"The network is at fault: check the endpoint's host and port, the firewall, and the proxy ({ProxyVariables}).{IfPlain(attempt)}"),
        FailureKind.NotTheService => new(
            "NotS3", ConnectionError, $"{attempt.Host} answers (HTTP {failure.Status}), but not like {attempt.Service}.",
            StrangeHint(attempt, failure)),
        _ => new("S3Failed", NotSpecified, $"{attempt.Service} could not be called: {failure.Message.TrimEnd('.')}.",
            "Check the connection's region and endpoint."),
    };

    private static string TlsHint(string message)
    {
        if (message.Contains("NotTimeValid", StringComparison.Ordinal))
            return "The certificate's validity is at fault: it has expired or is not valid yet (or this machine's clock is wrong). "
                + "Renew it on the server.";
        return message.Contains("NameMismatch", StringComparison.Ordinal)
            ? "The host name is at fault: the certificate is for another host. Use an endpoint whose name is in the certificate; if the host name "
                + "contains the bucket's name, forcePathStyle may help."
            : "Trust is at fault: this machine does not trust the certificate authority. Install the authority's certificate "
                + "(on Linux, SSL_CERT_FILE may name it). A proxy that inspects TLS has an authority of its own.";
    }

    private static string StrangeHint(AccessAttempt attempt, ServiceFailure failure) => failure.Status switch
    {
        407 => $"The proxy is at fault: it requires a user and password. Check {ProxyVariables}.",
        >= 500 => "A load balancer or proxy is at fault, or the server behind it is down: try again later.",
        _ when attempt.Connection.EndpointUrl is null => "A proxy, a filter or a sign-in page of the network is at fault: open any page in a "
            + $"browser, and check {ProxyVariables}.",
        _ => "The endpoint is at fault: another service answers there, such as a console, a website or a proxy. Check the address and port of "
            + $"{attempt.Service}{(attempt.Service == "STS" ? " (stsEndpointUrl)" : "")}, and {ProxyVariables}.",
    };

    private static string IfPlain(AccessAttempt attempt)
        => attempt.Connection.EndpointUrl?.StartsWith("http:", StringComparison.OrdinalIgnoreCase) == true
            ? " A server with TLS needs https://."
            : "";
}
