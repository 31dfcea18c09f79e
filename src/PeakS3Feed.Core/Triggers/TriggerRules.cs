using PeakS3Feed.Errors;
using PeakS3Feed.Secrets;
using PeakS3Feed.Triggers.Queues;

namespace PeakS3Feed.Triggers;

/// <summary>The rules for definitions of triggers.</summary>
public static class TriggerRules
{
    /// <summary>The minimum of <see cref="S3FeedTrigger.Every"/>: 10 seconds.</summary>
    public static readonly TimeSpan ShortestInterval = TimeSpan.FromSeconds(10);

    /// <summary>The maximum of <see cref="S3FeedTrigger.Every"/>: 366 days.</summary>
    public static readonly TimeSpan LongestInterval = TimeSpan.FromDays(366);

    /// <summary>Checks a trigger.</summary>
    /// <returns>All problems; empty if the definition is valid.</returns>
    public static IReadOnlyList<DefinitionProblem> Check(S3FeedTrigger trigger)
    {
        ArgumentNullException.ThrowIfNull(trigger);
        var problems = new List<DefinitionProblem>();
        if (NameRules.Check(trigger.Name, nameof(trigger.Name)) is { } name)
            problems.Add(name);
        if (string.IsNullOrWhiteSpace(trigger.FeedName))
            problems.Add(new(nameof(trigger.FeedName), "The trigger names no feed."));
        if (trigger.Id == Guid.Empty)
            problems.Add(new(nameof(trigger.Id), "The id is empty."));
        problems.AddRange(Fields(trigger).Select(f => CheckField(trigger.Kind, f)).OfType<DefinitionProblem>());
        problems.AddRange(Values(trigger));
        return problems;
    }

    /// <summary>Throws if the trigger is not valid.</summary>
    /// <exception cref="FeedException"><c>TriggerInvalid</c>, with the first problem and the number of the others.</exception>
    public static void ThrowIfInvalid(S3FeedTrigger trigger)
    {
        if (Check(trigger) is { Count: > 0 } problems)
            throw DefinitionErrors.Invalid("Trigger", trigger.Name, problems);
    }

    // The fields of each kind of trigger: which kinds may have it, and whether they must.
    private static IEnumerable<(string Field, bool Given, TriggerKind[] May, bool Must)> Fields(S3FeedTrigger t) =>
    [
        (nameof(t.At), t.At is not null, [TriggerKind.Daily, TriggerKind.Weekly], true),
        (nameof(t.DaysOfWeek), t.DaysOfWeek.Count > 0, [TriggerKind.Weekly], true),
        (nameof(t.Every), t.Every is not null, [TriggerKind.Every], true),
        (nameof(t.Cron), t.Cron is not null, [TriggerKind.Cron], true),
        (nameof(t.OnceAt), t.OnceAt is not null, [TriggerKind.Once], true),
        (nameof(t.TimeZone), t.TimeZone is not null, [TriggerKind.Daily, TriggerKind.Weekly, TriggerKind.Cron], false),
        (nameof(t.WebhookId), t.WebhookId is not null, [TriggerKind.Webhook], true),
        (nameof(t.SecretHash), t.SecretHash is not null, [TriggerKind.Webhook], false),
        (nameof(t.SigningKey), t.SigningKey is not null, [TriggerKind.Webhook], false),
        (nameof(t.Queue), t.Queue is not null, [TriggerKind.Queue], true),
    ];

    private static DefinitionProblem? CheckField(TriggerKind kind, (string Field, bool Given, TriggerKind[] May, bool Must) field)
    {
        var may = field.May.Contains(kind);
        if (field.Given && !may)
            return new(field.Field, $"A trigger of the kind {kind} has no {field.Field}.", $"It is for {string.Join(" and ", field.May)}.");
        return may && field.Must && !field.Given ? new(field.Field, $"A trigger of the kind {kind} needs {field.Field}.") : null;
    }

    private static IEnumerable<DefinitionProblem> Values(S3FeedTrigger trigger)
    {
        if (trigger.Every is { } every && (every < ShortestInterval || every > LongestInterval))
            yield return new(nameof(trigger.Every),
                $"The interval {every} is not between {ShortestInterval.TotalSeconds:0} seconds and {LongestInterval.TotalDays:0} days.");
        if (trigger.DaysOfWeek.Distinct().Count() < trigger.DaysOfWeek.Count)
            yield return new(nameof(trigger.DaysOfWeek), "DaysOfWeek contains a duplicate.");
        if (!TriggerTimeZone.TryFind(trigger.TimeZone, out _))
            yield return new(nameof(trigger.TimeZone), TriggerErrors.NoZone(trigger.TimeZone!), TriggerErrors.ZoneHint);
        if (trigger.Cron is { } cron && CronError(cron) is { } error)
            yield return new(nameof(trigger.Cron), error.Message, error.Hint);
        if (trigger.WebhookId is { } id && !WebhookSecret.IsId(id))
            yield return new(nameof(trigger.WebhookId), "The id of a webhook is 22 letters, digits, - and _.", "Leave it out to get a new one.");
        if (trigger.SecretHash is { } hash && !WebhookSecret.IsHash(hash))
            yield return new(nameof(trigger.SecretHash), "This is not the hash of a webhook's secret.",
                "Leave it out, and create a new secret with Set-S3FeedTrigger -Regenerate.");
        if (trigger.Queue is { } queue && QueueAddress.Check(nameof(trigger.Queue), queue) is { } address)
            yield return address;
        if (trigger.SigningKey is { } key && !SecretReference.TryParse(key, out _))
            yield return new(nameof(trigger.SigningKey), SecretErrors.NotStored, SecretErrors.Kinds);
    }

    private static FeedException? CronError(string text)
    {
        try
        {
            CronText.Parse(text);
            return null;
        }
        catch (FeedException error)
        {
            return error;
        }
    }
}
