using System.Management.Automation;
using PeakS3Feed.Engine;
using PeakS3Feed.Errors;
using PeakS3Feed.Secrets;
using PeakS3Feed.Store;
using PeakS3Feed.Wording;

namespace PeakS3Feed.Cmdlets.Pipeline;

/// <summary>A cmdlet that works on a store.</summary>
public abstract class FeedCmdlet : AsyncCmdlet
{
    private FeedEngine? _engine;

    /// <summary>The store.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true, HelpMessage = "The folder of the store; by default PEAKS3FEED_HOME, or the user's own.")]
    [StorePathTransformation]
    [ValidateNotNullOrEmpty]
    public string? StorePath { get; set; }

    /// <summary>Whether the cmdlet may make a store that is named and missing: it makes definitions that need no others.</summary>
    private protected virtual bool MakesStore => false;

    /// <summary>The core, on the store that was asked for.</summary>
    private protected FeedEngine Engine
    {
        get
        {
            var paths = StorePaths.Resolve(StorePath, Variable);
            if (!MakesStore)
                paths = paths.Existing();
            if (_engine is null || _engine.Paths.ConfigDirectory != paths.ConfigDirectory)
                _engine = new FeedEngine(paths, new FeedEngineOptions { Loggers = new PipelineLoggers(this), Secrets = new SecretResolver(vault: ReadVaultAsync) });
            return _engine;
        }
    }

    /// <summary>The errors of this cmdlet.</summary>
    private protected ErrorRecords Errors => new(StorePath);

    /// <summary>Returns the command of a remedy. It names the store if <c>-StorePath</c> does.</summary>
    private protected string Next(Remedy remedy) => StorePath is null ? remedy.Cmdlet : remedy.OnStore(StorePath).Cmdlet;

    /// <summary>Warns that a change of a connection needs the role's documents to be made again.</summary>
    private protected void WarnOfPolicy(string connection)
        => Warn($"The policy of {connection} no longer fits, so the role's documents must be made again. Next: {Next(Remedy.ShowPolicy(connection))}");

    /// <summary>
    /// Does the work for one item. What fails is written as an error with the item as its target, and the next item has its turn.
    /// </summary>
    /// <param name="target">What the work is about.</param>
    /// <param name="work">The work.</param>
    private protected void RunFor(object? target, Func<FeedEngine, CancellationToken, Task> work)
    {
        FeedEngine engine;
        try
        {
            engine = Engine;
        }
        catch (FeedException e)
        {
            WriteError(Errors.Of(e, target));
            return;
        }
        Run(cancellationToken => TryAsync(target, () => work(engine, cancellationToken), cancellationToken));
    }

    /// <summary>Does a part of the work whose failure leaves the rest to be done.</summary>
    private protected async Task TryAsync(object? target, Func<Task> part, CancellationToken cancellationToken)
    {
        try
        {
            await part();
        }
        catch (FeedException e)
        {
            await ErrorAsync(Errors.Of(e, target));
        }
        catch (Exception e) when (!cancellationToken.IsCancellationRequested && e is not (OperationCanceledException or RuntimeException))
        {
            await ErrorAsync(Errors.Unexpected(e, target));
        }
    }

    /// <summary>Writes a definition. One of a store that was named takes the store along, so that the next cmdlet finds it there.</summary>
    private protected Task EmitAsync(object definition, string? storePath)
    {
        if (storePath is null)
            return EmitAsync(definition);
        var carrier = definition as PSObject ?? new PSObject(definition);
        carrier.Properties.Add(new PSNoteProperty(nameof(StorePath), storePath));
        return EmitAsync((object)carrier);
    }

    /// <summary>Writes a warning of a run or plan, with what to type next.</summary>
    private protected void Warn(FeedWarning warning)
    {
        var hint = warning.Hint is null ? "" : " " + warning.Hint;
        var next = warning.Remedies.Count == 0 ? "" : " Next: " + string.Join(", or: ", warning.Remedies.Select(Next));
        Warn(warning.Text + hint + next);
    }

    /// <summary>Writes a warning some time; what files and keys bring into it cannot move the cursor.</summary>
    private protected void Warn(string text) => Post(() => WriteWarning(VisibleText.Escape(text)));

    /// <summary>Whether a parameter was given, by its name.</summary>
    private protected bool Given(string parameter) => MyInvocation.BoundParameters.ContainsKey(parameter);

    // A relative PEAKS3FEED_HOME counts from the session's location, as it does for a program that is started there.
    private string? Variable(string name) => Environment.GetEnvironmentVariable(name) is { } value && name == StorePaths.HomeVariable && !string.IsNullOrWhiteSpace(value)
        ? StorePathTransformationAttribute.Absolute(SessionState.Path, value)
        : Environment.GetEnvironmentVariable(name);

    // Vaults are PowerShell modules, so only script can ask them. What that script throws belongs to the work, and not to the pipeline.
    private async Task<string> ReadVaultAsync(string vault, string name, CancellationToken cancellationToken)
    {
        var (secret, failure) = await CallAsync(() => ReadVault(vault, name)).WaitAsync(cancellationToken);
        return failure is null ? secret! : throw failure;
    }

    private (string? Secret, Exception? Failure) ReadVault(string vault, string name)
    {
        const string Script = "param($vault, $name) Microsoft.PowerShell.SecretManagement\\Get-Secret -Vault $vault -Name $name -AsPlainText -ErrorAction Stop";
        try
        {
            return (InvokeCommand.InvokeScript(Script, vault, name).FirstOrDefault()?.BaseObject as string ?? "", null);
        }
        catch (RuntimeException e)
        {
            return (null, e);
        }
    }

    /// <summary>Has something done on the pipeline's thread some time.</summary>
    internal void PostToPipeline(Action action) => Post(action);
}
