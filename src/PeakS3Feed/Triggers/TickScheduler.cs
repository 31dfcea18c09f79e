namespace PeakS3Feed.Cmdlets.Triggers;

/// <summary>A scheduler of the system that can run a command every minute.</summary>
public enum TickScheduler
{
    /// <summary>A user's crontab.</summary>
    Cron,

    /// <summary>A timer of systemd.</summary>
    SystemdTimer,

    /// <summary>The Task Scheduler of Windows.</summary>
    TaskScheduler,
}
