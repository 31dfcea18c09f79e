using PeakS3Feed.Destinations;
using PeakS3Feed.Secrets;
using PeakS3Feed.Triggers;

namespace PeakS3Feed.Store;

/// <content>Triggers.</content>
public sealed partial class DefinitionEditor
{
    /// <summary>The trigger of that name.</summary>
    /// <exception cref="Errors.FeedException"><c>TriggerNotFound</c>, with the names that there are.</exception>
    public async Task<S3FeedTrigger> FindTriggerAsync(string name, CancellationToken cancellationToken = default)
        => (await _store.ReadAsync(cancellationToken)).GetTrigger(name);

    /// <summary>Makes a trigger. What was due before now is not missed; a webhook gets its id, one with an empty name a name.</summary>
    /// <returns>The trigger as it was stored.</returns>
    /// <exception cref="Errors.FeedException">
    /// <c>TriggerInvalid</c>, <c>NameInUse</c>, <c>FeedNotFound</c>; <c>TriggerNeverFires</c>: all its times have passed; <c>SecretNeedsPowerShell</c>:
    /// only the worker answers requests, and the feed has a secret that it could not read.
    /// </exception>
    public Task<S3FeedTrigger> AddAsync(S3FeedTrigger trigger, CancellationToken cancellationToken = default)
        => UpdateAsync(d => Add(d, trigger, _time.GetUtcNow(), _store.Kinds), cancellationToken);

    /// <summary>The secrets of a trigger's feed that are in vaults: the worker cannot open them, so that only cmdlets can run the trigger.</summary>
    public async Task<IReadOnlyList<SecretReference>> VaultsOfAsync(S3FeedTrigger trigger, CancellationToken cancellationToken = default)
        => [.. VaultsOf(await _store.ReadAsync(cancellationToken), trigger, _store.Kinds)];

    /// <summary>Changes a trigger. One that fires at other times than before, or again, misses nothing that was due before now.</summary>
    /// <exception cref="Errors.FeedException">As <see cref="AddAsync(S3FeedTrigger, CancellationToken)"/>; <c>TriggerNotFound</c>.</exception>
    public Task<S3FeedTrigger> EditTriggerAsync(string name, Func<S3FeedTrigger, S3FeedTrigger> edit, CancellationToken cancellationToken = default)
        => UpdateAsync(d => Edit(d, name, edit, _time.GetUtcNow(), _store.Kinds), cancellationToken);

    /// <summary>Removes a trigger.</summary>
    /// <exception cref="Errors.FeedException"><c>TriggerNotFound</c>.</exception>
    public Task RemoveTriggerAsync(string name, CancellationToken cancellationToken = default)
        => UpdateAsync(d => d.WithoutTrigger(d.GetTrigger(name).Id), cancellationToken);

    /// <summary>The trigger as it goes into the store.</summary>
    /// <param name="old">The stored trigger, or null.</param>
    /// <param name="given">The trigger that is wanted.</param>
    /// <param name="now">A trigger that is new or fires at other times than before misses nothing that was due before this instant.</param>
    internal static S3FeedTrigger Next(S3FeedTrigger? old, S3FeedTrigger given, DateTimeOffset now)
    {
        var next = given with { Since = old?.Since };
        if (next.Kind == TriggerKind.Webhook) next = next with { WebhookId = next.WebhookId ?? old?.WebhookId ?? WebhookSecret.NewId() };
        return old is not null && Same(Due(old), Due(next)) ? next : next with { Since = now };
    }

    /// <summary>
    /// The store with a new trigger; one without a name gets one. Where the feed has one of these settings already, and of this name if one is
    /// given, that one stays and nothing is made: a script may run twice.
    /// </summary>
    internal static (StoreDefinitions Definitions, S3FeedTrigger Made) Add(StoreDefinitions current, S3FeedTrigger given, DateTimeOffset now, DestinationKinds kinds)
    {
        var feed = current.GetFeed(given.FeedName);
        given = given with { FeedName = feed.Name };
        if (current.Triggers.FirstOrDefault(t => (given.Name.Length == 0 || IsNamed(t, given.Name)) && Same(Settings(t), Settings(given))) is { } there)
            return (current, there);
        var name = given.Name.Length > 0 ? given.Name : FindFreeName($"{feed.Name}_{given.Kind.ToString().ToLowerInvariant()}", n => current.FindTrigger(n) is not null);
        var made = Next(old: null, given with { Name = name }, now);
        if (current.FindTrigger(made.Name) is { } other) throw StoreErrors.NameInUse("Trigger", other.Name, IsOfFeed(other, feed.Name) ? TriggerCommand.Set(made) : null);
        ThrowIfUnusable(current, made, now, kinds);
        return current.FindTrigger(made.Id) is null ? (current.With(made), made) : throw StoreErrors.IdInUse("Trigger", made.Name, made.Id.ToString());
    }

    /// <summary>The store with a trigger changed; the same store when nothing is.</summary>
    internal static (StoreDefinitions Definitions, S3FeedTrigger Now) Edit(
        StoreDefinitions current, string name, Func<S3FeedTrigger, S3FeedTrigger> edit, DateTimeOffset now, DestinationKinds kinds)
    {
        var old = current.GetTrigger(name);
        var next = Next(old, edit(old), now);
        if (Same(old, next)) return (current, old);
        ThrowIfUnusable(current, next, now, kinds);
        return (current.With(next), next);
    }

    /// <summary>The store with its triggers as they follow from changed feeds: one whose feed was disabled, and is no more, has missed nothing.</summary>
    internal static StoreDefinitions AfterFeeds(StoreDefinitions before, StoreDefinitions after, DateTimeOffset now)
        => after.Triggers.Where(t => before.FindFeed(t.FeedName) is { Enabled: false } && after.FindFeed(t.FeedName) is { Enabled: true }).Aggregate(after, (d, t) => d.With(t with { Since = now }));

    /// <summary>Whether two triggers are the same as they are written.</summary>
    internal static bool Same(S3FeedTrigger left, S3FeedTrigger right) => DefinitionFormat.AreSame(left, right);

    private static void ThrowIfUnusable(StoreDefinitions current, S3FeedTrigger trigger, DateTimeOffset now, DestinationKinds kinds)
    {
        if (TriggerSchedule.From(trigger) is { } schedule)
        {
            if (trigger.Enabled && schedule.NextAfter(now) is null) throw TriggerErrors.NeverFires(trigger);
            return;
        }

        // Only the worker answers requests, and it cannot open vaults.
        foreach (var secret in VaultsOf(current, trigger, kinds)) throw SecretErrors.OnlyInPowerShell(secret);
    }

    /// <summary>The secrets in vaults that the worker would need to run a trigger's feed.</summary>
    internal static IEnumerable<SecretReference> VaultsOf(StoreDefinitions current, S3FeedTrigger trigger, DestinationKinds kinds)
    {
        var destinations = current.FindFeed(trigger.FeedName)?.DestinationNames.Select(current.FindDestination) ?? [];
        return destinations.OfType<S3FeedDestination>().SelectMany(kinds.Secrets).Append(trigger.SigningKey)
            .Select(s => SecretReference.TryParse(s, out var secret) ? secret : null).OfType<SecretReference>().Where(s => s.Kind == SecretKind.Vault);
    }

    private static bool IsNamed(S3FeedTrigger trigger, string name) => string.Equals(trigger.Name, name, StringComparison.OrdinalIgnoreCase);

    private static bool IsOfFeed(S3FeedTrigger trigger, string feed) => string.Equals(trigger.FeedName, feed, StringComparison.OrdinalIgnoreCase);

    // What a script says of a trigger, but for its name; what else there is has been made for it, or was done to it afterwards.
    private static S3FeedTrigger Settings(S3FeedTrigger t)
        => t with { Id = Guid.Empty, Name = "", FeedName = t.FeedName.ToUpperInvariant(), WebhookId = null, SecretHash = null, Since = null, Enabled = true };

    // What it fires at, and nothing else.
    private static S3FeedTrigger Due(S3FeedTrigger trigger)
        => trigger with { Id = Guid.Empty, Name = "", FeedName = "", Misfire = default, SecretHash = null, SigningKey = null, Since = null };
}
