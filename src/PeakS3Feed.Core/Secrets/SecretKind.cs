namespace PeakS3Feed.Secrets;

/// <summary>Where a secret is kept.</summary>
public enum SecretKind
{
    /// <summary>In an environment variable.</summary>
    Environment,

    /// <summary>In a file, as containers and systemd hand them over.</summary>
    File,

    /// <summary>In a SecretManagement vault, which only PowerShell can open.</summary>
    Vault,
}
