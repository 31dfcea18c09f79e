using System.Globalization;
using PeakS3Feed.Remedies;
using PeakS3Feed.Triggers;

namespace PeakS3Feed.Store;

/// <summary>The command that changes the settings of a trigger.</summary>
internal static class TriggerCommand
{
    /// <summary>Changes the trigger with this name to these settings. Only the cmdlets change triggers.</summary>
    public static Remedy Set(S3FeedTrigger trigger)
    {
        List<(string Parameter, object Value)> parameters = trigger.Kind switch
        {
            TriggerKind.Daily => [("Daily", true), ("At", Time(trigger.At))],
            TriggerKind.Weekly => [("Weekly", true), ("At", Time(trigger.At)), ("DaysOfWeek", trigger.DaysOfWeek.Select(d => d.ToString()))],
            TriggerKind.Every => [("Every", new Bare(string.Create(CultureInfo.InvariantCulture, $"{trigger.Every:c}")))],
            TriggerKind.Cron => [("Cron", new Bare(CommandText.PowerShellQuoted(trigger.Cron ?? "")))],
            TriggerKind.Once =>
                [("Once", true), ("At", new Bare(string.Create(CultureInfo.InvariantCulture, $"{trigger.OnceAt:yyyy-MM-dd'T'HH:mm:ssK}")))],
            TriggerKind.Queue => [("Queue", trigger.Queue ?? "")],
            _ => [("SigningKey", trigger.SigningKey ?? "")],
        };
        if (trigger is { Kind: TriggerKind.Daily or TriggerKind.Weekly or TriggerKind.Cron, TimeZone: { } zone })
            parameters.Add(("TimeZone", zone));
        parameters.Add(("Misfire", trigger.Misfire.ToString()));
        return Remedy.SetTrigger(trigger.Name, parameters);
    }

    private static Bare Time(TimeOnly? time)
        => new(time is { } at ? at.ToString(at.Second == 0 ? "HH':'mm" : "HH':'mm':'ss", CultureInfo.InvariantCulture) : "");
}
