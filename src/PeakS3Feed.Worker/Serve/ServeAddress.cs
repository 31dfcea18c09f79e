using System.Net;

namespace PeakS3Feed.Worker.Serve;

/// <summary>An address to listen at.</summary>
/// <param name="Address">The IP address.</param>
/// <param name="Port">The port; 0 for one that is free.</param>
/// <param name="Tls">Whether with TLS.</param>
internal sealed record ServeAddress(IPAddress Address, int Port, bool Tls)
{
    /// <summary>The address as it is written.</summary>
    public string Url => $"{(Tls ? "https" : "http")}://{new IPEndPoint(Address, Port)}";

    /// <summary>Reads <c>http://ADDRESS:PORT</c> or <c>https://ADDRESS:PORT</c>; the address is an IP address, <c>localhost</c>, or <c>*</c> for all.</summary>
    /// <exception cref="Errors.FeedException"><c>ServeAddressInvalid</c>.</exception>
    public static ServeAddress Parse(string text)
    {
        var star = text.Replace("//*", "//[::]", StringComparison.Ordinal);
        if (!Uri.TryCreate(star, UriKind.Absolute, out var url) || url.Scheme is not ("http" or "https") || url.PathAndQuery is not ("" or "/") || url.UserInfo.Length > 0)
            throw WorkerErrors.NotAnAddress(text);
        var address = url.Host == "localhost" ? IPAddress.Loopback : IPAddress.TryParse(url.Host.Trim('[', ']'), out var given) ? given : throw WorkerErrors.NotAnAddress(text);
        var hasPort = star[(star.IndexOf("//", StringComparison.Ordinal) + 2)..].TrimEnd('/').Split(']')[^1].Contains(':', StringComparison.Ordinal);
        return new(address, hasPort ? url.Port : ServeSettings.UsualPort, url.Scheme == "https");
    }
}
