using System.Net.Sockets;
using System.Security.Authentication;
using System.Xml;

namespace PeakS3Feed.Connections.Diagnosis;

/// <summary>Reads the exceptions of the layers below the SDK: names, connections, TLS, proxies, answers that are no XML.</summary>
internal static class NetworkFailure
{
    /// <summary>What an exception says, without regard to those around it; null where it says nothing of the network.</summary>
    public static ServiceFailure? From(Exception exception) => exception switch
    {
        AuthenticationException e => new(IsNoTls(e) ? FailureKind.NotTls : FailureKind.Tls, Innermost(e).Message),
        TimeoutException or OperationCanceledException => new(FailureKind.TimedOut, exception.Message),
        HttpRequestException { HttpRequestError: HttpRequestError.SecureConnectionError, InnerException: { } inner } => From(inner) ?? new(FailureKind.Tls, Innermost(inner).Message),
        HttpRequestException { HttpRequestError: HttpRequestError.NameResolutionError } e => new(FailureKind.NameNotFound, e.Message),
        HttpRequestException { HttpRequestError: HttpRequestError.ProxyTunnelError } e => new(FailureKind.Proxy, e.Message.TrimEnd('"')),

        // Its own message has the address, which that of the socket lacks.
        HttpRequestException { HttpRequestError: HttpRequestError.ConnectionError } e => new(FailureKind.Unreachable, e.Message),
        HttpRequestException or SocketException or IOException => new(FailureKind.Unreachable, Innermost(exception).Message),
        XmlException or StrangeAnswerException => new(FailureKind.NotTheService, exception.Message) { Status = 200 },
        _ => null,
    };

    // .NET has no other word for it: the first bytes of the answer were no TLS record.
    private static bool IsNoTls(AuthenticationException e) => e.Message.StartsWith("Cannot determine the frame size", StringComparison.Ordinal);

    private static Exception Innermost(Exception e) => e.InnerException is { } inner ? Innermost(inner) : e;
}
