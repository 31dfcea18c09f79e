using System.Management.Automation;
using PeakS3Feed.Cmdlets.Completion;
using PeakS3Feed.Engine;
using PeakS3Feed.Triggers;

namespace PeakS3Feed.Cmdlets.Triggers;

/// <summary>Has feeds run by themselves: by a schedule, once, or when a URL is called.</summary>
[Cmdlet(VerbsLifecycle.Register, "S3FeedTrigger", SupportsShouldProcess = true, DefaultParameterSetName = DailySet)]
[OutputType(typeof(S3FeedTriggerInfo))]
public sealed class RegisterS3FeedTriggerCommand : TriggerSettingsCmdlet
{
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true, HelpMessage = "The feed to run: its name, or the feed itself.")]
    [FeedNameTransformation]
    [ArgumentCompleter(typeof(FeedNameCompleter))]
    [ValidateNotNullOrEmpty]
    public string FeedName { get; set; } = "";

    [Parameter(HelpMessage = "The trigger's name; made of the feed's name and the kind of trigger when left out.")]
    [ValidateNotNullOrEmpty]
    public string? Name { get; set; }

    [Parameter(Mandatory = true, ParameterSetName = WebhookSet, HelpMessage = "Fire when a URL of its own is called.")]
    public SwitchParameter Webhook { get; set; }

    [Parameter(ParameterSetName = WebhookSet, HelpMessage = "Where the key is kept that requests must be signed with: env:NAME or file:/PATH.")]
    [ValidateNotNullOrEmpty]
    public string? SigningKey { get; set; }

    [Parameter(HelpMessage = "What becomes of fires that were missed while nothing ran: RunOnce or Skip.")]
    public MisfireAction Misfire { get; set; }

    [Parameter(HelpMessage = "Make the trigger disabled: it does not fire until Enable-S3FeedTrigger.")]
    public SwitchParameter Disabled { get; set; }

    protected override void ProcessRecord() => RunFor(FeedName, MakeAsync);

    private async Task MakeAsync(FeedEngine engine, CancellationToken cancellationToken)
    {
        var trigger = Scheduled(
            new S3FeedTrigger { Name = Name ?? "", FeedName = FeedName, Kind = default, Misfire = Misfire, SigningKey = SigningKey, Enabled = !Disabled },
            TriggerTimeZone.SystemId);
        string? secret = null;
        if (trigger.Kind == TriggerKind.Webhook)
        {
            (secret, var hash) = WebhookSecret.Make();
            trigger = trigger with { SecretHash = hash };
        }
        if (await ShouldAsync(FeedName, $"Register a trigger of the kind {trigger.Kind}"))
            await EmitAsync(new S3FeedTriggerInfo(await engine.Definitions.AddAsync(trigger, cancellationToken), DateTimeOffset.UtcNow, secret: secret), StorePath);
    }
}
