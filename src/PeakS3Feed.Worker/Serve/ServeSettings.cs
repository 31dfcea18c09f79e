using System.Net;
using PeakS3Feed.Feeds.Running;

namespace PeakS3Feed.Worker.Serve;

/// <summary>The settings of the serving worker.</summary>
internal sealed record ServeSettings
{
    /// <summary>The default port.</summary>
    public const int DefaultPort = 8462;

    /// <summary>The default of <see cref="StopLimit"/>: 5 minutes.</summary>
    public static readonly TimeSpan DefaultStopLimit = TimeSpan.FromMinutes(5);

    /// <summary>The addresses to listen at.</summary>
    public required IReadOnlyList<ServeAddress> Addresses { get; init; }

    /// <summary>The accepted host names, in addition to those of the loopback and the addresses.</summary>
    public IReadOnlyList<string> HostNames { get; init; } = [];

    /// <summary>The certificate for TLS: a PKCS#12 file, or PEM together with its key.</summary>
    public string? Certificate { get; init; }

    /// <summary>The certificate's key, PEM; null if the certificate's file has it.</summary>
    public string? CertificateKey { get; init; }

    /// <summary>The reference to the password of the certificate's file, or null.</summary>
    public string? CertificatePassword { get; init; }

    /// <summary>The reference to the token that the pages require, or null for none.</summary>
    public string? Token { get; init; }

    /// <summary>The number of feeds that run at the same time.</summary>
    public required int Parallel { get; init; }

    /// <summary>How many files a run may read at a time.</summary>
    public int MaxParallelism { get; init; } = RunOptions.DefaultMaxParallelism;

    /// <summary>How long runs may continue after a stop request.</summary>
    public TimeSpan StopLimit { get; init; } = DefaultStopLimit;

    /// <summary>Whether only this machine can reach the worker.</summary>
    public bool IsLoopback => Addresses.All(a => IPAddress.IsLoopback(a.Address));
}

/// <summary>An address to listen at.</summary>
/// <param name="Address">The IP address.</param>
/// <param name="Port">The port; 0 for any free port.</param>
/// <param name="Tls">Whether to use TLS.</param>
internal sealed record ServeAddress(IPAddress Address, int Port, bool Tls)
{
    /// <summary>The address as a URL.</summary>
    public string Url => $"{(Tls ? "https" : "http")}://{new IPEndPoint(Address, Port)}";

    /// <summary>
    /// Parses <c>http://ADDRESS:PORT</c> or <c>https://ADDRESS:PORT</c>; the address is an IP address, <c>localhost</c>, or <c>*</c> for all.
    /// </summary>
    /// <exception cref="Errors.FeedException"><c>ServeAddressInvalid</c>.</exception>
    public static ServeAddress Parse(string text)
    {
        var star = text.Replace("//*", "//[::]", StringComparison.Ordinal);
        if (!Uri.TryCreate(star, UriKind.Absolute, out var url) || url.Scheme is not ("http" or "https") || url.PathAndQuery is not ("" or "/")
            || url.UserInfo.Length > 0)
            throw WorkerErrors.NotAnAddress(text);
        var address = url.Host == "localhost" ? IPAddress.Loopback
            : IPAddress.TryParse(url.Host.Trim('[', ']'), out var given) ? given
            : throw WorkerErrors.NotAnAddress(text);
        var hasPort = star[(star.IndexOf("//", StringComparison.Ordinal) + 2)..].TrimEnd('/').Split(']')[^1].Contains(':', StringComparison.Ordinal);
        return new(address, hasPort ? url.Port : ServeSettings.DefaultPort, url.Scheme == "https");
    }
}
