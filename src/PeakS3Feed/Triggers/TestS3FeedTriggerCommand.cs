using System.Management.Automation;
using PeakS3Feed.Cmdlets.Completion;
using PeakS3Feed.Cmdlets.Pipeline;
using PeakS3Feed.Engine;
using PeakS3Feed.Serving;
using PeakS3Feed.Triggers;
using PeakS3Feed.Wording;

namespace PeakS3Feed.Cmdlets.Triggers;

/// <summary>Shows when triggers will fire: those of the store, or one that is only thought of. Or tries whether this account can run them.</summary>
[Cmdlet(VerbsDiagnostic.Test, "S3FeedTrigger", DefaultParameterSetName = NameSet)]
[OutputType(typeof(S3FeedFireTime), ParameterSetName = [NameSet, CronSet])]
[OutputType(typeof(PreflightCheck), typeof(bool), ParameterSetName = [PreflightSet])]
public sealed class TestS3FeedTriggerCommand : FeedCmdlet
{
    private const string NameSet = "Name";
    private const string CronSet = "Cron";
    private const string PreflightSet = "Preflight";

    [Parameter(
        Mandatory = true, Position = 0, ParameterSetName = NameSet, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true,
        HelpMessage = "The names of triggers, or patterns with * and ?.")]
    [ArgumentCompleter(typeof(TriggerNameCompleter))]
    [SupportsWildcards]
    [ValidateNotNullOrEmpty]
    public string[] Name { get; set; } = [];

    [Parameter(Mandatory = true, ParameterSetName = CronSet, HelpMessage = "A cron expression to try, of 6 or 7 fields (Quartz) or 5 (Unix).")]
    [ValidateNotNullOrEmpty]
    public string Cron { get; set; } = "";

    [Parameter(ParameterSetName = CronSet, HelpMessage = "The time zone of the clock, for example Europe/Paris; this system's when left out.")]
    [ArgumentCompleter(typeof(TimeZoneCompleter))]
    [ValidateNotNullOrEmpty]
    public string? TimeZone { get; set; }

    [Parameter(Mandatory = true, ParameterSetName = PreflightSet, HelpMessage = "Try whether this account can use the store and has the secrets that triggers need.")]
    public SwitchParameter Preflight { get; set; }

    [Parameter(ParameterSetName = PreflightSet, HelpMessage = "Write whether all of it passed, and nothing else.")]
    public SwitchParameter Quiet { get; set; }

    [Parameter(ParameterSetName = NameSet, HelpMessage = "How many times to show; 5 when left out.")]
    [Parameter(ParameterSetName = CronSet, HelpMessage = "How many times to show; 5 when left out.")]
    [ValidateRange(1, 100_000)]
    public int Count { get; set; } = S3FeedTriggerInfo.ShownTimes;

    [Parameter(ParameterSetName = NameSet, HelpMessage = "Show the times after this one; now when left out.")]
    [Parameter(ParameterSetName = CronSet, HelpMessage = "Show the times after this one; now when left out.")]
    public DateTimeOffset? After { get; set; }

    // A cron expression needs no store, and the preflight says that there is none as one of its checks.
    private protected override bool MakesStore => Preflight || ParameterSetName == CronSet;

    protected override void ProcessRecord()
    {
        if (ParameterSetName == CronSet)
        {
            RunFor(Cron, (_, _) => WriteAsync(new S3FeedTrigger { Name = "tried", FeedName = "none", Kind = TriggerKind.Cron, Cron = Cron, TimeZone = TimeZone ?? TriggerTimeZone.SystemId }));
            return;
        }
        if (Preflight)
        {
            RunFor(null, TryAllAsync);
            return;
        }
        foreach (var name in Name)
        {
            RunFor(name, async (engine, cancellationToken) =>
            {
                var definitions = await engine.Store.ReadAsync(cancellationToken);
                foreach (var trigger in NamePattern.Find(name, definitions.Triggers, t => t.Name, definitions.GetTrigger))
                    await TryAsync(trigger.Name, () => WriteAsync(trigger), cancellationToken);
            });
        }
    }

    private async Task TryAllAsync(FeedEngine engine, CancellationToken cancellationToken)
    {
        var passed = true;
        await foreach (var check in new TriggerPreflight(engine).RunAsync(cancellationToken))
        {
            passed &= check.Passed;
            if (!Quiet)
                await EmitAsync(check);
        }
        if (Quiet)
            await EmitAsync(passed);
        else
            engine.Paths.Existing();
    }

    private async Task WriteAsync(S3FeedTrigger trigger)
    {
        // An expression that is tried is told of by itself, and not as a trigger that nobody has made.
        if (ParameterSetName == CronSet)
            CronText.Parse(Cron);
        var times = TriggerSchedule.From(trigger)?.After(After ?? DateTimeOffset.UtcNow).Take(Count).ToList() ?? [];
        if (times.Count == 0 && trigger.Kind != TriggerKind.Webhook)
            Warn($"{(ParameterSetName == CronSet ? "The expression" : $"Trigger {trigger.Name}")} has no fire time after {After ?? DateTimeOffset.UtcNow:yyyy-MM-dd HH:mm:ss zzz}.");
        Post(() => WriteVerbose(TriggerText.Describe(trigger)));
        foreach (var time in times)
            await EmitAsync(new S3FeedFireTime(ParameterSetName == CronSet ? "" : trigger.Name, ParameterSetName == CronSet ? "" : trigger.FeedName, TriggerText.Shown(trigger, time), time));
    }
}
