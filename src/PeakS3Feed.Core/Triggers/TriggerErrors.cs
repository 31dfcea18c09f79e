using PeakS3Feed.Errors;

namespace PeakS3Feed.Triggers;

/// <summary>The errors about triggers.</summary>
internal static class TriggerErrors
{
    private const string Fields = "Quartz has 6 or 7: seconds, minutes, hours, day of month, month, day of week, and optionally year. "
        + "Unix has 5: minutes, hours, day of month, month, day of week.";

    public static FeedException CronFieldCount(string text, int count) => Cron(
        $"The cron expression \"{text}\" has {count} {(count == 1 ? "field" : "fields")}; it needs 5, 6 or 7.", Fields);

    public static FeedException CronField(string text, string name, int number, int column, string field, string reason) => Cron(
        $"The cron expression \"{text}\" cannot be read at column {column}: the {name} (field {number}) cannot be \"{field}\": {reason}.", Fields);

    public static FeedException CronInvalid(string text, string reason) => Cron($"The cron expression \"{text}\" cannot be read: {reason}.", Fields);

    public static FeedException CronNeverComes(string text, (int Number, int Column, string Text) day, (int Number, string Text) month) => Cron(
        $"The cron expression \"{text}\" never fires: see column {day.Column}; the day of month (field {day.Number}) \"{day.Text}\" "
        + $"does not occur in the month (field {month.Number}) \"{month.Text}\".",
        "Use a day that exists; L is the last day of any month.");

    public static FeedException ZoneUnknown(string id)
        => new("TriggerInvalid", FeedErrorCategory.InvalidArgument, NoZone(id)) { Target = id, Hint = ZoneHint };

    public static FeedException NeverFires(S3FeedTrigger trigger) => new(
        "TriggerNeverFires", FeedErrorCategory.InvalidArgument, $"The trigger \"{trigger.Name}\" would never fire: all its times have passed.")
    {
        Target = trigger.Name,
        Hint = "Use a time in the future.",
    };

    /// <summary>The message about an unknown time zone.</summary>
    public static string NoZone(string id) => $"The time zone \"{id}\" does not exist on this system.";

    /// <summary>The hint about time zones.</summary>
    public const string ZoneHint = "Write an IANA or Windows id, for example Europe/Paris or Romance Standard Time.";

    private static FeedException Cron(string message, string hint) => new("CronInvalid", FeedErrorCategory.InvalidArgument, message) { Hint = hint };
}
