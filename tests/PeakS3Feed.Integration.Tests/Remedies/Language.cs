namespace PeakS3Feed.Integration.Remedies;

/// <summary>What a person types commands in.</summary>
public enum Language
{
    /// <summary>The program <c>peaks3feed</c>, in bash.</summary>
    Shell,

    /// <summary>The module, in pwsh.</summary>
    PowerShell,
}
