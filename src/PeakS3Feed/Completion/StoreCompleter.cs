using System.Collections;
using System.Management.Automation;
using PeakS3Feed.Cmdlets.Pipeline;
using PeakS3Feed.Store;

namespace PeakS3Feed.Cmdlets.Completion;

/// <summary>Completes from the definitions of the store that the command names. It only reads the store.</summary>
public abstract class StoreCompleter : Completer
{
    // A slow disk must not block the prompt.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);

    private protected sealed override IEnumerable<Candidate> Candidates(IDictionary given)
    {
        var paths = FindStore(given);
        return Candidates(Wait(c => new DefinitionStore(paths).PeekAsync(c)), paths, given);
    }

    private protected abstract IEnumerable<Candidate> Candidates(StoreDefinitions definitions, IDictionary given);

    private protected virtual IEnumerable<Candidate> Candidates(StoreDefinitions definitions, StorePaths paths, IDictionary given)
        => Candidates(definitions, given);

    /// <summary>Waits for a read, but not longer than a person at a prompt would.</summary>
    private protected static T Wait<T>(Func<CancellationToken, Task<T>> read)
    {
        using var stop = new CancellationTokenSource(Patience);
        return Task.Run(() => read(stop.Token)).WaitAsync(stop.Token).GetAwaiter().GetResult();
    }

    private static StorePaths FindStore(IDictionary given)
    {
        var storePath = given[nameof(FeedCmdlet.StorePath)];
        return StorePaths.Resolve(storePath is null ? null : FromHere(LanguagePrimitives.ConvertTo<string>(storePath)), Variable);
    }

    private static string? Variable(string name)
        => Environment.GetEnvironmentVariable(name) is { } value && name == StorePaths.HomeVariable && !string.IsNullOrWhiteSpace(value)
        ? FromHere(value)
        : Environment.GetEnvironmentVariable(name);

    // Relative to the session's location, which differs from the process's working directory.
    private static string FromHere(string path)
    {
        using var shell = PowerShell.Create(RunspaceMode.CurrentRunspace);
        return shell.AddScript("$ExecutionContext.SessionState.Path.GetUnresolvedProviderPathFromPSPath($args[0])", useLocalScope: true)
            .AddArgument(path).Invoke<string>()[0];
    }
}
