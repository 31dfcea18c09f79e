using System.Management.Automation;
using PeakS3Feed.Cmdlets.Completion;
using PeakS3Feed.Engine;
using PeakS3Feed.Triggers;

namespace PeakS3Feed.Cmdlets.Triggers;

/// <summary>Changes triggers, in what is given alone. One that fires at other times than before misses nothing that was due before now.</summary>
[Cmdlet(VerbsCommon.Set, "S3FeedTrigger", SupportsShouldProcess = true, DefaultParameterSetName = SettingsSet)]
[OutputType(typeof(S3FeedTriggerInfo))]
public sealed class SetS3FeedTriggerCommand : TriggerSettingsCmdlet
{
    private const string SettingsSet = "Settings";
    private const string TimeHelp = "The time of day, for example 07:00; of what fires once an instant, for example 2026-12-01T09:00.";
    private const string ZoneHelp = "The time zone of the clock, for example Europe/Paris; as it was, or else this system's, when left out.";

    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true, HelpMessage = "The trigger's name.")]
    [ArgumentCompleter(typeof(TriggerNameCompleter))]
    [ValidateNotNullOrEmpty]
    public string[] Name { get; set; } = [];

    /// <inheritdoc/>
    [Parameter(Mandatory = true, ParameterSetName = DailySet, HelpMessage = TimeHelp)]
    [Parameter(Mandatory = true, ParameterSetName = WeeklySet, HelpMessage = TimeHelp)]
    [Parameter(Mandatory = true, ParameterSetName = OnceSet, HelpMessage = TimeHelp)]
    [Parameter(ParameterSetName = SettingsSet, HelpMessage = TimeHelp)]
    [TimeTransformation]
    [ValidateNotNull]
    public override object? At { get; set; }

    /// <inheritdoc/>
    [Parameter(Mandatory = true, ParameterSetName = WeeklySet, HelpMessage = "The days of the week, for example Monday, Tuesday.")]
    [Parameter(ParameterSetName = SettingsSet, HelpMessage = "The days of the week, for example Monday, Tuesday.")]
    [DayOfWeekTransformation]
    [ValidateNotNullOrEmpty]
    public override DayOfWeek[] DaysOfWeek { get; set; } = [];

    /// <inheritdoc/>
    [Parameter(ParameterSetName = DailySet, HelpMessage = ZoneHelp)]
    [Parameter(ParameterSetName = WeeklySet, HelpMessage = ZoneHelp)]
    [Parameter(ParameterSetName = CronSet, HelpMessage = ZoneHelp)]
    [Parameter(ParameterSetName = SettingsSet, HelpMessage = ZoneHelp)]
    [ArgumentCompleter(typeof(TimeZoneCompleter))]
    [ValidateNotNullOrEmpty]
    public override string? TimeZone { get; set; }

    [Parameter(Mandatory = true, ParameterSetName = WebhookSet, HelpMessage = "Make a new secret; the one before is worth nothing any more.")]
    public SwitchParameter Regenerate { get; set; }

    [Parameter(ParameterSetName = WebhookSet, HelpMessage = "Where the key is kept that requests must be signed with; empty for requests that need not be signed.")]
    [Parameter(ParameterSetName = SettingsSet, HelpMessage = "Where the key is kept that requests must be signed with; empty for requests that need not be signed.")]
    [AllowEmptyString]
    [AllowNull]
    public string? SigningKey { get; set; }

    [Parameter(HelpMessage = "What becomes of fires that were missed while nothing ran: RunOnce or Skip.")]
    public MisfireAction Misfire { get; set; }

    [Parameter(HelpMessage = "Write the trigger as it is now; one with a new secret is always written.")]
    public SwitchParameter PassThru { get; set; }

    protected override void ProcessRecord()
    {
        foreach (var name in Name)
            RunFor(name, (engine, cancellationToken) => ChangeAsync(engine, name, cancellationToken));
    }

    private async Task ChangeAsync(FeedEngine engine, string name, CancellationToken cancellationToken)
    {
        var (secret, hash) = Regenerate ? WebhookSecret.Make() : (null, null);
        Func<S3FeedTrigger, S3FeedTrigger> edit = t => hash is null ? Changed(t) : Changed(t) with { SecretHash = hash };
        await engine.Definitions.DryRun.EditTriggerAsync(name, edit, cancellationToken);
        if (!await ShouldAsync(name, Regenerate ? "Make a new secret for the trigger" : "Change the trigger"))
            return;
        var trigger = await engine.Definitions.EditTriggerAsync(name, edit, cancellationToken);
        if (PassThru || Regenerate)
            await EmitAsync(S3FeedTriggerInfo.Made(new(trigger, DateTimeOffset.UtcNow, secret: secret)), StorePath);
    }

    private S3FeedTrigger Changed(S3FeedTrigger trigger)
    {
        if (ParameterSetName is not (SettingsSet or WebhookSet))
            trigger = Scheduled(trigger, trigger.TimeZone ?? TriggerTimeZone.SystemId);
        else
            trigger = Moved(trigger);
        if (Given(nameof(SigningKey)))
            trigger = trigger with { SigningKey = string.IsNullOrEmpty(SigningKey) ? null : SigningKey };
        return Given(nameof(Misfire)) ? trigger with { Misfire = Misfire } : trigger;
    }

    // At another time, and otherwise as it was. Whether its kind has one is for the rules to say.
    private S3FeedTrigger Moved(S3FeedTrigger trigger)
    {
        if (Given(nameof(At)))
        {
            trigger = trigger.Kind == TriggerKind.Once
                ? trigger with { OnceAt = TimeTransformationAttribute.InstantOf(At!, DateTime.Now) }
                : trigger with { At = TimeTransformationAttribute.TimeOf(At!) };
        }
        if (Given(nameof(DaysOfWeek)))
            trigger = trigger with { DaysOfWeek = DaysOfWeek.Distinct().ToArray() };
        return Given(nameof(TimeZone)) ? trigger with { TimeZone = TimeZone } : trigger;
    }
}
