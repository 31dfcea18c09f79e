using System.Management.Automation.Language;

namespace PeakS3Feed.Cmdlets.Triggers;

/// <summary>Creates the text that lets a system scheduler fire due triggers every minute, without the worker.</summary>
internal static class TickScript
{
    /// <summary>Creates the text, which a person reads and installs.</summary>
    /// <param name="scheduler">The scheduler.</param>
    /// <param name="pwsh">The path of PowerShell.</param>
    /// <param name="module">The name or path for Import-Module.</param>
    /// <param name="store">The store, an absolute path.</param>
    public static string Create(TickScheduler scheduler, string pwsh, string module, string store)
    {
        var import = $"Import-Module {PowerShell(module)}; ";
        var tick = $"{import}Invoke-S3FeedTrigger -StorePath {PowerShell(store)} | Out-Null";
        var preflight = $"{import}Test-S3FeedTrigger -Preflight -StorePath {PowerShell(store)}";
        return scheduler switch
        {
            TickScheduler.Cron => Cron(pwsh, tick, preflight),
            TickScheduler.SystemdTimer => Systemd(pwsh, tick, preflight, store),
            _ => TaskScheduler(pwsh, tick, preflight),
        };
    }

    // In a crontab, % ends the command.
    private static string Cron(string pwsh, string tick, string preflight) => $"""
        # Test it first, as the user of the crontab:
        #   {Shell(pwsh)} -NoProfile -NonInteractive -Command {Shell(preflight)}
        # Then add this line with: crontab -e
        * * * * * {$"{Shell(pwsh)} -NoProfile -NonInteractive -Command {Shell(tick)}".Replace("%", "\\%", StringComparison.Ordinal)}
        """;

    private static string Systemd(string pwsh, string tick, string preflight, string store) => $"""
        # Not tested by us. Replace NAME with the user that runs the feeds, and test it first:
        #   sudo -u NAME {Shell(pwsh)} -NoProfile -NonInteractive -Command {Shell(preflight)}
        # /etc/systemd/system/peaks3feed-tick.service
        [Unit]
        Description=PeakS3Feed: run the feeds that are due in {Percent(store)}
        After=network-online.target

        [Service]
        Type=oneshot
        User=NAME
        ExecStart={Unit(pwsh)} -NoProfile -NonInteractive -Command {Unit(tick)}

        # /etc/systemd/system/peaks3feed-tick.timer; then: systemctl enable --now peaks3feed-tick.timer
        [Unit]
        Description=PeakS3Feed: every minute

        [Timer]
        OnCalendar=minutely
        AccuracySec=1s

        [Install]
        WantedBy=timers.target
        """;

    private static string TaskScheduler(string pwsh, string tick, string preflight) => $"""
        # Not tested by us. Test it first, as the account that will run it:
        #   & {PowerShell(pwsh)} -NoProfile -NonInteractive -Command {PowerShell(preflight)}
        # Then, as an administrator:
        $action = New-ScheduledTaskAction -Execute {PowerShell(pwsh)} -Argument {PowerShell($"-NoProfile -NonInteractive -Command \"{tick}\"")}
        $trigger = New-ScheduledTaskTrigger -Once -At (Get-Date) -RepetitionInterval (New-TimeSpan -Minutes 1)
        $account = Get-Credential
        $password = $account.GetNetworkCredential().Password
        Register-ScheduledTask -TaskName PeakS3Feed -Action $action -Trigger $trigger -User $account.UserName -Password $password
        """;

    private static string PowerShell(string text) => $"'{CodeGeneration.EscapeSingleQuotedStringContent(text)}'";

    private static string Shell(string text) => text.All(c => char.IsAsciiLetterOrDigit(c) || c is '/' or '.' or '_' or '-')
        ? text
        : $"'{text.Replace("'", "'\\''", StringComparison.Ordinal)}'";

    // In a unit, % and $ have special meanings, and quoted text has C's escapes.
    private static string Unit(string text)
    {
        text = Percent(text).Replace("$", "$$", StringComparison.Ordinal);
        return $"\"{text.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal)}\"";
    }

    private static string Percent(string text) => text.Replace("%", "%%", StringComparison.Ordinal);
}

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
