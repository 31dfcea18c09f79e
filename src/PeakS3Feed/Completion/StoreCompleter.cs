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
        => Candidates(Read(given[nameof(FeedCmdlet.StorePath)]), given);

    private protected abstract IEnumerable<Candidate> Candidates(StoreDefinitions definitions, IDictionary given);

    private static StoreDefinitions Read(object? storePath)
    {
        var paths = StorePaths.Resolve(storePath is null ? null : FromHere(LanguagePrimitives.ConvertTo<string>(storePath)), Variable);
        using var stop = new CancellationTokenSource(Patience);
        return Task.Run(() => new DefinitionStore(paths).PeekAsync(stop.Token)).WaitAsync(stop.Token).GetAwaiter().GetResult();
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
