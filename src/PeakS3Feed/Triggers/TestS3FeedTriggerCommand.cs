using System.Globalization;
using System.Management.Automation;
using PeakS3Feed.Cmdlets.Completion;
using PeakS3Feed.Cmdlets.Output;
using PeakS3Feed.Cmdlets.Pipeline;
using PeakS3Feed.Connections;
using PeakS3Feed.Engine;
using PeakS3Feed.Serving;
using PeakS3Feed.Triggers;
using PeakS3Feed.Wording;

namespace PeakS3Feed.Cmdlets.Triggers;

/// <summary>Shows the fire times of stored triggers or of a cron expression, or checks whether this account can run triggers.</summary>
[Cmdlet(VerbsDiagnostic.Test, "S3FeedTrigger", DefaultParameterSetName = NameSet)]
[OutputType(typeof(S3FeedFireTime), ParameterSetName = [NameSet, CronSet])]
[OutputType(typeof(S3FeedCheck), typeof(bool), ParameterSetName = [PreflightSet])]
public sealed class TestS3FeedTriggerCommand : FeedCmdlet
{
    private const string NameSet = "Name";
    private const string CronSet = "Cron";
    private const string PreflightSet = "Preflight";

    [Parameter(
        Mandatory = true, Position = 0, ParameterSetName = NameSet, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true,
        HelpMessage = "The names of triggers, or patterns with * and ?.")]
    [PipedName(Noun.Trigger)]
    [ArgumentCompleter(typeof(TriggerNameCompleter))]
    [SupportsWildcards]
    [ValidateNotNullOrEmpty]
    public string[] Name { get; set; } = [];

    [Parameter(Mandatory = true, ParameterSetName = CronSet, HelpMessage = "A cron expression to test, with 6 or 7 fields (Quartz) or 5 (Unix).")]
    [ValidateNotNullOrEmpty]
    public string Cron { get; set; } = "";

    [Parameter(ParameterSetName = CronSet, HelpMessage = "The time zone of the clock, for example Europe/Paris; by default this system's.")]
    [ArgumentCompleter(typeof(TimeZoneCompleter))]
    [ValidateNotNullOrEmpty]
    public string? TimeZone { get; set; }

    [Parameter(
        Mandatory = true, ParameterSetName = PreflightSet,
        HelpMessage = "Check whether this account can use the store and read the secrets that triggers need.")]
    public SwitchParameter Preflight { get; set; }

    [Parameter(ParameterSetName = PreflightSet, HelpMessage = "Return only whether all checks passed.")]
    public SwitchParameter Quiet { get; set; }

    [Parameter(ParameterSetName = NameSet, HelpMessage = "How many fire times to show; by default 5.")]
    [Parameter(ParameterSetName = CronSet, HelpMessage = "How many fire times to show; by default 5.")]
    [ValidateRange(1, 100_000)]
    public int Count { get; set; } = S3FeedTriggerInfo.ShownTimes;

    [Parameter(ParameterSetName = NameSet, HelpMessage = "Show the fire times after this instant; by default now.")]
    [Parameter(ParameterSetName = CronSet, HelpMessage = "Show the fire times after this instant; by default now.")]
    public DateTimeOffset? After { get; set; }

    // A cron expression needs no store, and the preflight reports a missing store as a check.
    private protected override bool CreatesStore => Preflight || ParameterSetName == CronSet;

    protected override void ProcessRecord()
    {
        if (ParameterSetName == CronSet)
        {
            var tried = new S3FeedTrigger
            {
                Name = "tried", FeedName = "none", Kind = TriggerKind.Cron, Cron = Cron, TimeZone = TimeZone ?? TriggerTimeZone.SystemId,
            };
            RunFor(Cron, (_, _) => WriteAsync(tried));
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
                await EmitAsync(S3FeedCheck.From(check));
        }
        if (Quiet)
            await EmitAsync(passed);
        else
            engine.Paths.Existing();
    }

    private async Task WriteAsync(S3FeedTrigger trigger)
    {
        // Reports errors of the expression itself, instead of errors of a trigger that does not exist.
        if (ParameterSetName == CronSet)
            CronText.Parse(Cron);
        var times = TriggerSchedule.From(trigger)?.After(After ?? DateTimeOffset.UtcNow).Take(Count).ToList() ?? [];
        if (times.Count == 0 && trigger.Kind is not (TriggerKind.Webhook or TriggerKind.Queue))
        {
            var subject = ParameterSetName == CronSet ? "The expression" : $"Trigger {trigger.Name}";
            Warn($"{subject} has no fire time after {After ?? DateTimeOffset.UtcNow:yyyy-MM-dd HH:mm:ss zzz}.");
        }
        Post(() => WriteVerbose(TriggerText.Describe(trigger)));
        var (name, feed) = ParameterSetName == CronSet ? ("", "") : (trigger.Name, trigger.FeedName);
        foreach (var time in times)
        {
            var at = TriggerText.Shown(trigger, time);
            await EmitAsync(new S3FeedFireTime
            {
                Kind = "Trigger",
                Name = name,
                FeedName = feed,
                Step = "Fire",
                Outcome = CheckOutcome.Passed,
                Message = $"Fires at {at.ToString("ddd yyyy-MM-dd HH:mm:ss zzz", CultureInfo.InvariantCulture)}.",
                At = at,
                Utc = time,
            });
        }
    }
}
