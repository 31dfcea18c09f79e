using System.Management.Automation;
using PeakS3Feed.Cmdlets.Completion;
using PeakS3Feed.Cmdlets.Pipeline;
using PeakS3Feed.Triggers;

namespace PeakS3Feed.Cmdlets.Triggers;

/// <summary>The schedule parameters of Register-S3FeedTrigger and Set-S3FeedTrigger.</summary>
public abstract class TriggerSettingsCmdlet : FeedCmdlet
{
    private protected const string DailySet = "Daily";
    private protected const string WeeklySet = "Weekly";
    private protected const string EverySet = "Every";
    private protected const string CronSet = "Cron";
    private protected const string OnceSet = "Once";
    private protected const string WebhookSet = "Webhook";
    private protected const string QueueSet = "Queue";

    [Parameter(Mandatory = true, ParameterSetName = DailySet, HelpMessage = "Fire every day, at a time.")]
    public SwitchParameter Daily { get; set; }

    [Parameter(Mandatory = true, ParameterSetName = WeeklySet, HelpMessage = "Fire on some days of the week, at a time.")]
    public SwitchParameter Weekly { get; set; }

    [Parameter(Mandatory = true, ParameterSetName = OnceSet, HelpMessage = "Fire once, at an instant.")]
    public SwitchParameter Once { get; set; }

    [Parameter(
        Mandatory = true, ParameterSetName = DailySet,
        HelpMessage = "The time of day, for example 07:00; with -Once an instant, for example 2026-12-01T09:00.")]
    [Parameter(
        Mandatory = true, ParameterSetName = WeeklySet,
        HelpMessage = "The time of day, for example 07:00; with -Once an instant, for example 2026-12-01T09:00.")]
    [Parameter(
        Mandatory = true, ParameterSetName = OnceSet,
        HelpMessage = "The time of day, for example 07:00; with -Once an instant, for example 2026-12-01T09:00.")]
    [TimeTransformation]
    [ValidateNotNull]
    public virtual object? At { get; set; }

    [Parameter(Mandatory = true, ParameterSetName = WeeklySet, HelpMessage = "The days of the week, for example Monday, Tuesday; or Weekdays, or Weekend.")]
    [DayOfWeekTransformation]
    [ValidateNotNullOrEmpty]
    public virtual DayOfWeek[] DaysOfWeek { get; set; } = [];

    [Parameter(Mandatory = true, ParameterSetName = EverySet, HelpMessage = "The interval, for example 2m or 00:02:00 for two minutes.")]
    [DurationTransformation]
    public TimeSpan Every { get; set; }

    [Parameter(
        Mandatory = true, ParameterSetName = CronSet,
        HelpMessage = "A cron expression of 6 or 7 fields (Quartz) or 5 (Unix), for example '0 15 10 ? * MON-FRI'.")]
    [ValidateNotNullOrEmpty]
    public string? Cron { get; set; }

    [Parameter(
        Mandatory = true, ParameterSetName = QueueSet,
        HelpMessage = "The URL of the SQS queue that gets the events of the bucket. The trigger fires when it announces an object of the feed.")]
    [ValidateNotNullOrEmpty]
    public string? Queue { get; set; }

    [Parameter(ParameterSetName = DailySet, HelpMessage = "The time zone of the clock, for example Europe/Paris; by default this system's.")]
    [Parameter(ParameterSetName = WeeklySet, HelpMessage = "The time zone of the clock, for example Europe/Paris; by default this system's.")]
    [Parameter(ParameterSetName = CronSet, HelpMessage = "The time zone of the clock, for example Europe/Paris; by default this system's.")]
    [ArgumentCompleter(typeof(TimeZoneCompleter))]
    [ValidateNotNullOrEmpty]
    public virtual string? TimeZone { get; set; }

    /// <summary>Returns the trigger with the schedule of the parameters.</summary>
    /// <param name="trigger">The trigger before the change.</param>
    /// <param name="zone">The time zone, if the command gives none.</param>
    private protected S3FeedTrigger Scheduled(S3FeedTrigger trigger, string? zone)
    {
        // Removes the settings of other kinds.
        trigger = trigger with { At = null, DaysOfWeek = [], Every = null, Cron = null, OnceAt = null, TimeZone = null, Queue = null };
        if (ParameterSetName != WebhookSet)
            trigger = trigger with { WebhookId = null, SecretHash = null, SigningKey = null };
        return ParameterSetName switch
        {
            DailySet => trigger with { Kind = TriggerKind.Daily, At = TimeTransformationAttribute.TimeOf(At!), TimeZone = TimeZone ?? zone },
            WeeklySet => trigger with
            {
                Kind = TriggerKind.Weekly,
                At = TimeTransformationAttribute.TimeOf(At!),
                DaysOfWeek = DaysOfWeek.Distinct().ToArray(),
                TimeZone = TimeZone ?? zone,
            },
            EverySet => trigger with { Kind = TriggerKind.Every, Every = Every },
            CronSet => trigger with { Kind = TriggerKind.Cron, Cron = Cron, TimeZone = TimeZone ?? zone },
            OnceSet => trigger with { Kind = TriggerKind.Once, OnceAt = TimeTransformationAttribute.InstantOf(At!, DateTime.Now) },
            QueueSet => trigger with { Kind = TriggerKind.Queue, Queue = Queue },
            _ => trigger with { Kind = TriggerKind.Webhook },
        };
    }
}
