using System.Management.Automation;
using PeakS3Feed.Definitions;
using PeakS3Feed.Engine;
using PeakS3Feed.Errors;
using PeakS3Feed.Remedies;
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
    [FolderTransformation]
    [ValidateNotNullOrEmpty]
    public string? StorePath { get; set; }

    /// <summary>Whether the cmdlet may create a named store that is missing: it creates definitions that need no others.</summary>
    private protected virtual bool CreatesStore => false;

    /// <summary>The engine on the requested store.</summary>
    private protected FeedEngine Engine
    {
        get
        {
            var paths = StorePaths.Resolve(StorePath, Variable);
            if (!CreatesStore)
                paths = paths.Existing();
            if (_engine is null || _engine.Paths.ConfigDirectory != paths.ConfigDirectory)
                _engine = new FeedEngine(
                    paths, new FeedEngineOptions { Loggers = new PipelineLoggers(this, IsVerbose), Secrets = new SecretResolver(vault: ReadVaultAsync) });
            return _engine;
        }
    }

    // On the pipeline's thread only.
    private bool IsVerbose => MyInvocation.BoundParameters.TryGetValue("Verbose", out var given)
        ? LanguagePrimitives.IsTrue(given)
        : LanguagePrimitives.TryConvertTo<ActionPreference>(SessionState.PSVariable.GetValue("VerbosePreference"), out var preference)
            && preference != ActionPreference.SilentlyContinue && preference != ActionPreference.Ignore;

    /// <summary>Creates the errors of this cmdlet.</summary>
    private protected ErrorRecords Errors => new(StorePath);

    /// <summary>Returns the command of a remedy. It names the store if <c>-StorePath</c> does.</summary>
    private protected string Next(Remedy remedy) => StorePath is null ? remedy.Cmdlet : remedy.OnStore(StorePath).Cmdlet;

    /// <summary>Warns that a changed connection needs a new policy.</summary>
    private protected void WarnOfPolicy(string connection)
        => Warn($"The policy of {connection} is out of date, so the role needs new documents. Next: {Next(Remedy.ShowPolicy(connection))}");

    /// <summary>
    /// Does the work for one item. Writes a failure as an error with the item as its target; the next item follows.
    /// </summary>
    /// <param name="target">The item.</param>
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
            WriteError(Errors.Create(e, target));
            return;
        }
        Run(cancellationToken => TryAsync(target, () => work(engine, cancellationToken), cancellationToken));
    }

    /// <summary>Does a part of the work. A failure is written as an error, and the rest of the work continues.</summary>
    private protected async Task TryAsync(object? target, Func<Task> part, CancellationToken cancellationToken)
    {
        try
        {
            await part();
        }
        catch (FeedException e)
        {
            await ErrorAsync(Errors.Create(e, target));
        }
        catch (Exception e) when (!cancellationToken.IsCancellationRequested && e is not (OperationCanceledException or RuntimeException))
        {
            await ErrorAsync(Errors.Unexpected(e, target));
        }
    }

    /// <summary>Changes a definition: checks the change, asks for confirmation, then makes the change.</summary>
    /// <param name="engine">The engine.</param>
    /// <param name="target">The definition's name, for the confirmation.</param>
    /// <param name="action">The change in words, for the confirmation.</param>
    /// <param name="change">The change. It is called twice: first on an editor that writes nothing.</param>
    /// <returns>The result of the change, or null if it was not confirmed.</returns>
    private protected async Task<T?> ChangeAsync<T>(FeedEngine engine, string target, string action, Func<DefinitionEditor, Task<T>> change)
        where T : class
    {
        await change(engine.Definitions.DryRun);
        return await ShouldAsync(target, action) ? await change(engine.Definitions) : null;
    }

    /// <summary>Changes settings of a definition. The confirmation lists them.</summary>
    /// <param name="engine">The engine.</param>
    /// <param name="target">The definition's name.</param>
    /// <param name="action">The change in words.</param>
    /// <param name="find">Returns the definition.</param>
    /// <param name="change">The change, which is called twice, as by <see cref="ChangeAsync{T}"/>.</param>
    /// <param name="changed">Returns the changed definition of the result.</param>
    /// <returns>The result of the change, or null if it was not confirmed.</returns>
    private protected async Task<T?> EditAsync<T>(
        FeedEngine engine, string target, string action, Func<Task<DefinitionRecord>> find, Func<DefinitionEditor, Task<T>> change,
        Func<T, DefinitionRecord> changed)
        where T : class
    {
        var before = await find();
        var after = changed(await change(engine.Definitions.DryRun));
        return await ShouldAsync(target, SettingText.Describe(action, engine.Definitions.Compare(before, after))) ? await change(engine.Definitions) : null;
    }

    /// <summary>Makes a change that has no result, such as removing a definition.</summary>
    /// <inheritdoc cref="ChangeAsync{T}"/>
    private protected async Task ChangeAsync(FeedEngine engine, string target, string action, Func<DefinitionEditor, Task> change)
    {
        await change(engine.Definitions.DryRun);
        if (await ShouldAsync(target, action))
            await change(engine.Definitions);
    }

    /// <summary>Writes a definition. If the command names a store, the object has a StorePath, so that the next cmdlet uses the same store.</summary>
    private protected Task EmitAsync(object definition, string? storePath)
    {
        if (storePath is null)
            return EmitAsync(definition);
        var carrier = definition as PSObject ?? new PSObject(definition);
        carrier.Properties.Add(new PSNoteProperty(nameof(StorePath), storePath));
        return EmitAsync((object)carrier);
    }

    /// <summary>Adds the name of the feed, so that the next cmdlet finds it.</summary>
    private protected static PSObject WithFeed(object value, string? feedName)
    {
        var carrier = new PSObject(value);
        carrier.Properties.Add(new PSNoteProperty("FeedName", feedName));
        return carrier;
    }

    /// <summary>Writes a warning of a run or plan, with the next command.</summary>
    private protected void Warn(FeedWarning warning)
    {
        var hint = warning.Hint is null ? "" : " " + warning.Hint;
        var next = warning.Remedies.Count == 0 ? "" : " Next: " + string.Join(", or: ", warning.Remedies.Select(Next));
        Warn(warning.Text + hint + next);
    }

    /// <summary>Queues a warning. Control characters from files and keys are escaped, so that they cannot move the cursor.</summary>
    private protected void Warn(string text) => Post(() => WriteWarning(VisibleText.Escape(text)));

    /// <summary>Returns the text of a setting; null for an empty one, which restores the default.</summary>
    private protected static string? OrNull(string? text) => string.IsNullOrEmpty(text) ? null : text;

    /// <summary>Whether the command gives a parameter.</summary>
    private protected bool Given(string parameter) => MyInvocation.BoundParameters.ContainsKey(parameter);

    // A relative PEAKS3FEED_HOME is relative to the session's location, as it is for a program started there.
    private string? Variable(string name)
        => Environment.GetEnvironmentVariable(name) is { } value && name == StorePaths.HomeVariable && !string.IsNullOrWhiteSpace(value)
        ? FolderTransformationAttribute.Absolute(SessionState.Path, value)
        : Environment.GetEnvironmentVariable(name);

    // Vaults are PowerShell modules, so only script can read them. Returns the script's failure as one of the work, so that it does not end the
    // pipeline.
    private async Task<string> ReadVaultAsync(string vault, string name, CancellationToken cancellationToken)
    {
        var (secret, failure) = await CallAsync(() => ReadVault(vault, name)).WaitAsync(cancellationToken);
        return failure is null ? secret! : throw failure;
    }

    private (string? Secret, Exception? Failure) ReadVault(string vault, string name)
    {
        const string Script = "param($vault, $name) Microsoft.PowerShell.SecretManagement\\Get-Secret -Vault $vault -Name $name -AsPlainText "
            + "-ErrorAction Stop";
        try
        {
            return (InvokeCommand.InvokeScript(Script, vault, name).FirstOrDefault()?.BaseObject as string ?? "", null);
        }
        catch (RuntimeException e)
        {
            return (null, e);
        }
    }

    /// <summary>Queues an action for the pipeline's thread.</summary>
    internal void PostToPipeline(Action action) => Post(action);
}
