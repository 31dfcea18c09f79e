using System.Globalization;
using PeakS3Feed.Errors;
using PeakS3Feed.Triggers;

namespace PeakS3Feed.Store;

/// <summary>The command that gives a trigger its settings.</summary>
internal static class TriggerCommand
{
    /// <summary>Changes the trigger of that name into this one. The program does not change triggers.</summary>
    public static Remedy Set(S3FeedTrigger trigger)
    {
        var zone = trigger.TimeZone is { } id ? $" -TimeZone {CommandText.PowerShell(id)}" : "";
        var key = trigger.SigningKey is { } reference ? CommandText.PowerShell(reference) : "''";
        var when = trigger.Kind switch
        {
            TriggerKind.Daily => $"-Daily -At {Time(trigger.At)}{zone}",
            TriggerKind.Weekly => $"-Weekly -At {Time(trigger.At)} -DaysOfWeek {string.Join(", ", trigger.DaysOfWeek)}{zone}",
            TriggerKind.Every => $"-Every {trigger.Every?.ToString("c", CultureInfo.InvariantCulture)}",
            TriggerKind.Cron => $"-Cron {CommandText.PowerShellQuoted(trigger.Cron ?? "")}{zone}",
            TriggerKind.Once => $"-Once -At {trigger.OnceAt?.ToString("yyyy-MM-dd'T'HH:mm:ssK", CultureInfo.InvariantCulture)}",
            _ => $"-SigningKey {key}",
        };
        return new($"Set-S3FeedTrigger -Name {CommandText.PowerShell(trigger.Name)} {when} -Misfire {trigger.Misfire}");
    }

    private static string? Time(TimeOnly? time) => time?.ToString(time.Value.Second == 0 ? "HH':'mm" : "HH':'mm':'ss", CultureInfo.InvariantCulture);
}
