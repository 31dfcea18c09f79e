using System.Diagnostics.CodeAnalysis;
using PeakS3Feed.Files;

namespace PeakS3Feed.Secrets;

/// <summary>
/// A reference to a secret: <c>env:NAME</c>, <c>file:PATH</c> (an absolute path) or <c>vault:VAULT/NAME</c>. It never contains the secret, so it may
/// be stored and shown.
/// </summary>
public sealed record SecretReference
{
    private SecretReference(SecretKind kind, string location)
    {
        Kind = kind;
        Location = location;
    }

    /// <summary>The kind of place that stores the secret.</summary>
    public SecretKind Kind { get; }

    /// <summary>The variable's name, the file's path, or vault and name with a slash between them.</summary>
    public string Location { get; }

    /// <summary>The vault, for <see cref="SecretKind.Vault"/>; otherwise null.</summary>
    public string? VaultName => Kind == SecretKind.Vault ? Location[..Location.IndexOf('/', StringComparison.Ordinal)] : null;

    /// <summary>The secret's name in its vault, for <see cref="SecretKind.Vault"/>; otherwise null.</summary>
    public string? SecretName => Kind == SecretKind.Vault ? Location[(Location.IndexOf('/', StringComparison.Ordinal) + 1)..] : null;

    /// <summary>Parses a reference.</summary>
    /// <exception cref="Errors.FeedException"><c>SecretReferenceInvalid</c>. The text may be the secret itself, so the message does not repeat
    /// it.</exception>
    public static SecretReference Parse(string? text) => TryParse(text, out var reference) ? reference : throw SecretErrors.NotAReference();

    /// <summary>Parses a reference; returns false if the text is not one.</summary>
    public static bool TryParse(string? text, [NotNullWhen(true)] out SecretReference? reference)
    {
        reference = null;
        if (text is null) return false;
        var colon = text.IndexOf(':', StringComparison.Ordinal);
        if (colon < 0) return false;
        var location = text[(colon + 1)..];
        reference = text[..colon].ToUpperInvariant() switch
        {
            "ENV" when IsVariable(location) => new(SecretKind.Environment, location),
            "FILE" when FilePath(location) is { } path => new(SecretKind.File, path),
            "VAULT" when IsVaultEntry(location) => new(SecretKind.Vault, location),
            _ => null,
        };
        return reference is not null;
    }

    /// <summary>Returns the reference as definitions contain it.</summary>
    public override string ToString() => Kind switch
    {
        SecretKind.Environment => "env:" + Location,
        SecretKind.File => "file:" + Location,
        _ => "vault:" + Location,
    };

    private static bool IsVariable(string name) => name.Length > 0 && !name.Any(c => c == '=' || char.IsWhiteSpace(c) || char.IsControl(c));

    // A relative path would mean another file wherever a run starts. file:///run/secrets/x is the form that people know from URLs.
    private static string? FilePath(string path)
    {
        path = RootedPath.FromUri("file:" + path, RootedPath.Here) ?? path;
        return RootedPath.IsRooted(path, RootedPath.Here) && !path.Any(char.IsControl) ? path : null;
    }

    private static bool IsVaultEntry(string entry)
    {
        var slash = entry.IndexOf('/', StringComparison.Ordinal);
        return slash > 0 && slash < entry.Length - 1 && !entry.Any(char.IsControl);
    }
}

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
