namespace PeakS3Feed.Watchers;

/// <summary>The security of the connection to a mail server.</summary>
public enum SmtpSecurity
{
    /// <summary>Start in plain text, then require TLS (port 587).</summary>
    StartTls,

    /// <summary>TLS from the first byte (port 465).</summary>
    Tls,

    /// <summary>No encryption; for a server on this machine.</summary>
    None,
}
