namespace PeakS3Feed.Secrets;

/// <summary>The kind of place that stores a secret.</summary>
public enum SecretKind
{
    /// <summary>An environment variable.</summary>
    Environment,

    /// <summary>A file, as containers and systemd provide secrets.</summary>
    File,

    /// <summary>A SecretManagement vault, which only PowerShell can open.</summary>
    Vault,
}
