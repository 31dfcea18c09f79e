namespace PeakS3Feed.Cmdlets.Triggers;

/// <summary>What of the system can run a command every minute.</summary>
public enum TickScheduler
{
    /// <summary>A user's crontab.</summary>
    Cron,

    /// <summary>A timer of systemd.</summary>
    SystemdTimer,

    /// <summary>The Task Scheduler of Windows.</summary>
    TaskScheduler,
}
