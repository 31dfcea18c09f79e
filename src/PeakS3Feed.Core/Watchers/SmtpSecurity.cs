namespace PeakS3Feed.Watchers;

/// <summary>How the connection to a mail server is secured.</summary>
public enum SmtpSecurity
{
    /// <summary>In plain text first, then with TLS, or not at all (port 587).</summary>
    StartTls,

    /// <summary>With TLS from the first byte (port 465).</summary>
    Tls,

    /// <summary>Not at all; for a server on this machine.</summary>
    None,
}
