using System.Collections;
using System.Management.Automation;

namespace PeakS3Feed.Cmdlets.Completion;

/// <summary>
/// Completes references to secrets: environment variables, files, and the vaults and secrets that SecretManagement knows if it is loaded. It shows
/// names, never values.
/// </summary>
public sealed class SecretCompleter : Completer
{
    private const string Variable = "env:";
    private const string File = "file:";
    private const string Vault = "vault:";

    private protected override IEnumerable<Candidate> Candidates(IDictionary given) =>
    [
        new(Variable, "env:NAME, an environment variable"),
        new(File, "file:/PATH, the absolute path of a file"),
        new(Vault, "vault:VAULT/NAME, a SecretManagement vault"),
    ];

    private protected override IEnumerable<Candidate> Candidates(IDictionary given, string typed) => typed switch
    {
        _ when typed.StartsWith(Variable, StringComparison.OrdinalIgnoreCase) => Variables(),
        _ when typed.StartsWith(File, StringComparison.OrdinalIgnoreCase) => Files(typed[File.Length..]),
        _ when typed.StartsWith(Vault, StringComparison.OrdinalIgnoreCase) => Secrets(typed[Vault.Length..]),
        _ => Candidates(given),
    };

    private static IEnumerable<Candidate> Variables() => Environment.GetEnvironmentVariables().Keys.Cast<string>()
        .Order(StringComparer.OrdinalIgnoreCase)
        .Select(v => new Candidate(Variable + v, $"The environment variable {v}"));

    private static IEnumerable<Candidate> Files(string typed)
    {
        var folder = typed.Length == 0 ? Path.GetPathRoot(Environment.CurrentDirectory)! : Path.GetDirectoryName(typed + "x");
        return folder is null || !Path.IsPathRooted(folder) || !Directory.Exists(folder)
            ? []
            : new DirectoryInfo(folder).EnumerateFileSystemInfos()
                .OrderBy(f => f.Name, StringComparer.OrdinalIgnoreCase)
                .Select(f => new Candidate(File + f.FullName + (f is DirectoryInfo ? Path.DirectorySeparatorChar : ""), f.FullName));
    }

    // Not before the module is loaded: to load it would take longer than a person waits for a completion.
    private static IEnumerable<Candidate> Secrets(string typed)
    {
        const string Script = """
            param($vault)
            if (-not (Get-Module Microsoft.PowerShell.SecretManagement)) { return }
            if ($vault) { Microsoft.PowerShell.SecretManagement\Get-SecretInfo -Vault $vault -ErrorAction Ignore | ForEach-Object { "$vault/$($_.Name)" } }
            else { Microsoft.PowerShell.SecretManagement\Get-SecretVault -ErrorAction Ignore | ForEach-Object { "$($_.Name)/" } }
            """;
        using var shell = PowerShell.Create(RunspaceMode.CurrentRunspace);
        var vault = typed.Split('/') is [var name, _, ..] ? name : null;
        return [.. shell.AddScript(Script, useLocalScope: true).AddArgument(vault).Invoke<string>().Select(s => new Candidate(Vault + s, s))];
    }
}
