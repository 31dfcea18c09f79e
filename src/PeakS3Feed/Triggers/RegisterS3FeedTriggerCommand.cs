using System.Management.Automation;
using PeakS3Feed.Cmdlets.Completion;
using PeakS3Feed.Cmdlets.Pipeline;
using PeakS3Feed.Engine;
using PeakS3Feed.Remedies;
using PeakS3Feed.Triggers;

namespace PeakS3Feed.Cmdlets.Triggers;

/// <summary>Creates a trigger that runs a feed: by a schedule, once, when a URL is called, or when a queue announces an object.</summary>
[Cmdlet(VerbsLifecycle.Register, "S3FeedTrigger", SupportsShouldProcess = true, DefaultParameterSetName = DailySet)]
[OutputType(typeof(S3FeedTriggerInfo), ParameterSetName = [DailySet, WeeklySet, EverySet, CronSet, OnceSet, WebhookSet, QueueSet])]
[OutputType(typeof(string), ParameterSetName = [ScriptSet])]
public sealed class RegisterS3FeedTriggerCommand : TriggerSettingsCmdlet
{
    private const string ScriptSet = "Script";
    private const string FeedHelp = "The feed to run: its name, or the feed itself.";
    private const string NameHelp = "The trigger's name; by default the feed's name and the kind of trigger.";
    private const string MisfireHelp = "What happens to fires that were missed while nothing ran: RunOnce or Skip.";
    private const string DisabledHelp = "Create the trigger disabled: it does not fire until Enable-S3FeedTrigger.";

    [Parameter(
        Mandatory = true, ParameterSetName = DailySet, Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true,
        HelpMessage = FeedHelp)]
    [Parameter(
        Mandatory = true, ParameterSetName = WeeklySet, Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true,
        HelpMessage = FeedHelp)]
    [Parameter(
        Mandatory = true, ParameterSetName = EverySet, Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true,
        HelpMessage = FeedHelp)]
    [Parameter(
        Mandatory = true, ParameterSetName = CronSet, Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true,
        HelpMessage = FeedHelp)]
    [Parameter(
        Mandatory = true, ParameterSetName = OnceSet, Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true,
        HelpMessage = FeedHelp)]
    [Parameter(
        Mandatory = true, ParameterSetName = WebhookSet, Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true,
        HelpMessage = FeedHelp)]
    [Parameter(
        Mandatory = true, ParameterSetName = QueueSet, Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true,
        HelpMessage = FeedHelp)]
    [PipedName(Noun.Feed)]
    [ArgumentCompleter(typeof(FeedNameCompleter))]
    [ValidateNotNullOrEmpty]
    public string FeedName { get; set; } = "";

    [Parameter(ParameterSetName = DailySet, HelpMessage = NameHelp)]
    [Parameter(ParameterSetName = WeeklySet, HelpMessage = NameHelp)]
    [Parameter(ParameterSetName = EverySet, HelpMessage = NameHelp)]
    [Parameter(ParameterSetName = CronSet, HelpMessage = NameHelp)]
    [Parameter(ParameterSetName = OnceSet, HelpMessage = NameHelp)]
    [Parameter(ParameterSetName = WebhookSet, HelpMessage = NameHelp)]
    [Parameter(ParameterSetName = QueueSet, HelpMessage = NameHelp)]
    [ValidateNotNullOrEmpty]
    public string? Name { get; set; }

    [Parameter(Mandatory = true, ParameterSetName = WebhookSet, HelpMessage = "Fire when the trigger's own URL is called.")]
    public SwitchParameter Webhook { get; set; }

    [Parameter(ParameterSetName = WebhookSet, HelpMessage = "A reference to the key that requests must be signed with: env:NAME or file:/PATH.")]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(SecretCompleter))]
    public string? SigningKey { get; set; }

    [Parameter(ParameterSetName = DailySet, HelpMessage = MisfireHelp)]
    [Parameter(ParameterSetName = WeeklySet, HelpMessage = MisfireHelp)]
    [Parameter(ParameterSetName = EverySet, HelpMessage = MisfireHelp)]
    [Parameter(ParameterSetName = CronSet, HelpMessage = MisfireHelp)]
    [Parameter(ParameterSetName = OnceSet, HelpMessage = MisfireHelp)]
    [Parameter(ParameterSetName = WebhookSet, HelpMessage = MisfireHelp)]
    public MisfireAction Misfire { get; set; }

    [Parameter(ParameterSetName = DailySet, HelpMessage = DisabledHelp)]
    [Parameter(ParameterSetName = WeeklySet, HelpMessage = DisabledHelp)]
    [Parameter(ParameterSetName = EverySet, HelpMessage = DisabledHelp)]
    [Parameter(ParameterSetName = CronSet, HelpMessage = DisabledHelp)]
    [Parameter(ParameterSetName = OnceSet, HelpMessage = DisabledHelp)]
    [Parameter(ParameterSetName = WebhookSet, HelpMessage = DisabledHelp)]
    [Parameter(ParameterSetName = QueueSet, HelpMessage = DisabledHelp)]
    public SwitchParameter Disabled { get; set; }

    [Parameter(
        Mandatory = true, ParameterSetName = ScriptSet,
        HelpMessage = "Return a script that lets a system scheduler run due triggers every minute. Creates no trigger.")]
    public SwitchParameter AsScript { get; set; }

    [Parameter(ParameterSetName = ScriptSet, HelpMessage = "The scheduler: Cron, SystemdTimer or TaskScheduler; by default this system's.")]
    public TickScheduler Scheduler { get; set; } = OperatingSystem.IsWindows() ? TickScheduler.TaskScheduler : TickScheduler.Cron;

    protected override void ProcessRecord()
    {
        if (AsScript)
            RunFor(null, (engine, _) => EmitAsync(
                TickScript.Create(Scheduler, SessionState.Path.Combine(PsHome, "pwsh"), ModuleToImport, engine.Paths.ConfigDirectory)));
        else
            RunFor(FeedName, CreateAsync);
    }

    private string PsHome => (string)GetVariableValue("PSHOME");

    // The module's name, if every account finds the module by name.
    private string ModuleToImport
    {
        get
        {
            var module = MyInvocation.MyCommand.Module;
            return module.ModuleBase.StartsWith(PsHome, StringComparison.Ordinal)
                ? module.Name
                : System.IO.Path.Combine(module.ModuleBase, module.Name + ".psd1");
        }
    }

    private async Task CreateAsync(FeedEngine engine, CancellationToken cancellationToken)
    {
        var trigger = Scheduled(
            new S3FeedTrigger
            {
                Name = Name ?? "", FeedName = FeedName, Kind = default, Misfire = Misfire, SigningKey = SigningKey, Enabled = !Disabled,
            },
            TriggerTimeZone.SystemId);
        string? secret = null;
        if (trigger.Kind == TriggerKind.Webhook)
        {
            (secret, var hash) = WebhookSecret.Create();
            trigger = trigger with { SecretHash = hash };
        }
        var made = await engine.Definitions.DryRun.AddAsync(trigger, cancellationToken);
        if (made.Id == trigger.Id)
        {
            if (!await ShouldAsync(FeedName, $"Register a trigger of the kind {trigger.Kind}"))
                return;
            made = await engine.Definitions.AddAsync(trigger, cancellationToken);
        }

        if (made.Id != trigger.Id)
        {
            ReportExisting(made);
            secret = null;
        }

        foreach (var vault in await engine.Definitions.FindVaultSecretsAsync(made, cancellationToken))
            Warn($"The feed's secret {vault} is in a vault, which the worker cannot open: only Invoke-S3FeedTrigger can run this trigger. The "
                + "worker reads env:NAME and file:/PATH.");
        await EmitAsync(new S3FeedTriggerInfo(made, DateTimeOffset.UtcNow, secret: secret).WithDetailView(), StorePath);
    }

    private void ReportExisting(S3FeedTrigger trigger)
    {
        var text = $"The feed {trigger.FeedName} already has this trigger: {trigger.Name}. No other trigger was created.";
        if (!trigger.Enabled)
            Warn($"{text} It is disabled. Next: {Next(Remedy.EnableTrigger(trigger.Name))}");
        else if (trigger.Kind == TriggerKind.Webhook)
            Warn($"{text} Its secret cannot be shown again, but you can create a new one. Next: {Next(Remedy.RegenerateSecret(trigger.Name))}");
        else
            Post(() => WriteVerbose(text));
    }
}
