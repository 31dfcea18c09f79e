using System.Management.Automation;
using PeakS3Feed.Cmdlets.Completion;
using PeakS3Feed.Cmdlets.Pipeline;
using PeakS3Feed.Engine;
using PeakS3Feed.Triggers;

namespace PeakS3Feed.Cmdlets.Triggers;

/// <summary>Changes the given settings of triggers. After a change of schedule, fires that were due before now do not count as missed.</summary>
[Cmdlet(VerbsCommon.Set, "S3FeedTrigger", SupportsShouldProcess = true, DefaultParameterSetName = SettingsSet)]
[OutputType(typeof(S3FeedTriggerInfo))]
public sealed class SetS3FeedTriggerCommand : TriggerSettingsCmdlet
{
    private const string SettingsSet = "Settings";
    private const string TimeHelp = "The time of day, for example 07:00; for a trigger that fires once, an instant, for example 2026-12-01T09:00.";
    private const string ZoneHelp = "The time zone of the clock, for example Europe/Paris; by default the current one, "
        + "or this system's if there is none.";

    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true, HelpMessage = "The trigger's name.")]
    [PipedName(Noun.Trigger)]
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
    [Parameter(Mandatory = true, ParameterSetName = WeeklySet, HelpMessage = "The days of the week, for example Monday, Tuesday; or Weekdays, or Weekend.")]
    [Parameter(ParameterSetName = SettingsSet, HelpMessage = "The days of the week, for example Monday, Tuesday; or Weekdays, or Weekend.")]
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

    [Parameter(Mandatory = true, ParameterSetName = WebhookSet, HelpMessage = "Create a new secret; the old one becomes invalid.")]
    public SwitchParameter Regenerate { get; set; }

    [Parameter(
        ParameterSetName = WebhookSet,
        HelpMessage = "A reference to the key that requests must be signed with; empty for unsigned requests.")]
    [Parameter(
        ParameterSetName = SettingsSet,
        HelpMessage = "A reference to the key that requests must be signed with; empty for unsigned requests.")]
    [AllowEmptyString]
    [AllowNull]
    [ArgumentCompleter(typeof(SecretCompleter))]
    public string? SigningKey { get; set; }

    [Parameter(HelpMessage = "What happens to fires that were missed while nothing ran: RunOnce or Skip.")]
    public MisfireAction Misfire { get; set; }

    [Parameter(HelpMessage = "Return the changed trigger. A trigger with a new secret is always returned.")]
    public SwitchParameter PassThru { get; set; }

    protected override void ProcessRecord()
    {
        foreach (var name in Name)
            RunFor(name, (engine, cancellationToken) => EditAsync(engine, name, cancellationToken));
    }

    private async Task EditAsync(FeedEngine engine, string name, CancellationToken cancellationToken)
    {
        var (secret, hash) = Regenerate ? WebhookSecret.Create() : (null, null);
        Func<S3FeedTrigger, S3FeedTrigger> edit = t => hash is null ? Changed(t) : Changed(t) with { SecretHash = hash };
        var action = Regenerate ? "Create a new secret for the trigger" : "Change the trigger";
        var trigger = Regenerate
            ? await ChangeAsync(engine, name, action, d => d.EditTriggerAsync(name, edit, cancellationToken))
            : await EditAsync(
                engine, name, action, async () => await engine.Definitions.FindTriggerAsync(name, cancellationToken),
                d => d.EditTriggerAsync(name, edit, cancellationToken), t => t);
        if (trigger is not null && (PassThru || Regenerate))
            await EmitAsync(new S3FeedTriggerInfo(trigger, DateTimeOffset.UtcNow, secret: secret).WithDetailView(), StorePath);
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

    // Changes only times. The rules reject a time that the trigger's kind does not have.
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
