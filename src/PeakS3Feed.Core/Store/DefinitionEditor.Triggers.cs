using PeakS3Feed.Destinations;
using PeakS3Feed.Errors;
using PeakS3Feed.Secrets;
using PeakS3Feed.Triggers;

namespace PeakS3Feed.Store;

/// <content>Triggers.</content>
public sealed partial class DefinitionEditor
{
    /// <summary>Returns the trigger with this name.</summary>
    /// <exception cref="Errors.FeedException"><c>TriggerNotFound</c>, with the existing names.</exception>
    public async Task<S3FeedTrigger> FindTriggerAsync(string name, CancellationToken cancellationToken = default)
        => (await _store.ReadAsync(cancellationToken)).GetTrigger(name);

    /// <summary>
    /// Adds a trigger. Fires that were due before now do not count as missed. A webhook gets an id; a trigger with an empty name gets a name.
    /// </summary>
    /// <returns>The trigger as it was stored.</returns>
    /// <exception cref="Errors.FeedException">
    /// <c>TriggerInvalid</c>, <c>NameInUse</c>, <c>FeedNotFound</c>; <c>TriggerNeverFires</c>: all its times have passed;
    /// <c>SecretNeedsPowerShell</c> for a webhook whose feed has a secret in a vault: only the worker answers requests, and it cannot open vaults.
    /// </exception>
    public Task<S3FeedTrigger> AddAsync(S3FeedTrigger trigger, CancellationToken cancellationToken = default)
        => UpdateAsync(d => Add(d, trigger, _time.GetUtcNow(), _store.Kinds), cancellationToken);

    /// <summary>
    /// Returns the secrets of a trigger's feed that are in vaults. The worker cannot open vaults; only cmdlets can run the trigger then.
    /// </summary>
    public async Task<IReadOnlyList<SecretReference>> FindVaultSecretsAsync(S3FeedTrigger trigger, CancellationToken cancellationToken = default)
        => [.. FindVaultSecrets(await _store.ReadAsync(cancellationToken), trigger, _store.Kinds)];

    /// <summary>Changes a trigger. If it then fires at other times, fires that were due before now do not count as missed.</summary>
    /// <exception cref="Errors.FeedException">As <see cref="AddAsync(S3FeedTrigger, CancellationToken)"/>; <c>TriggerNotFound</c>.</exception>
    public Task<S3FeedTrigger> EditTriggerAsync(string name, Func<S3FeedTrigger, S3FeedTrigger> edit, CancellationToken cancellationToken = default)
        => UpdateAsync(d => Edit(d, name, edit, _time.GetUtcNow(), _store.Kinds), cancellationToken);

    /// <summary>Changes settings of a trigger, given as text: either all of them or none.</summary>
    /// <param name="name">The trigger.</param>
    /// <param name="settings">Keys as in the import document, and values. An empty value restores the default.</param>
    /// <param name="cancellationToken">Cancels.</param>
    /// <exception cref="FeedException">
    /// <c>TriggerNotFound</c>; <c>SettingInvalid</c>: a key or value is invalid, or an import would refuse the result.
    /// </exception>
    public Task<SettingsResult<S3FeedTrigger>> SetTriggerAsync(
        string name, IReadOnlyList<KeyValuePair<string, string>> settings, CancellationToken cancellationToken = default)
        => UpdateAsync(d => TextSettings.Apply(d, d.GetTrigger(name), settings, _store.Format), cancellationToken);

    /// <summary>Removes a trigger.</summary>
    /// <exception cref="Errors.FeedException"><c>TriggerNotFound</c>.</exception>
    public Task RemoveTriggerAsync(string name, CancellationToken cancellationToken = default)
        => UpdateAsync(d => d.WithoutTrigger(d.GetTrigger(name).Id), cancellationToken);

    /// <summary>Prepares a trigger for the store: sets a webhook's id and the time since which the trigger counts.</summary>
    /// <param name="old">The stored trigger, or null.</param>
    /// <param name="given">The new trigger.</param>
    /// <param name="now">The time since which a trigger counts that is new or fires at other times than before.</param>
    internal static S3FeedTrigger Prepare(S3FeedTrigger? old, S3FeedTrigger given, DateTimeOffset now)
    {
        var next = given with { Since = old?.Since };
        if (next.Kind == TriggerKind.Webhook) next = next with { WebhookId = next.WebhookId ?? old?.WebhookId ?? WebhookSecret.NewId() };
        return old is not null && Same(FiringSettings(old), FiringSettings(next)) ? next : next with { Since = now };
    }

    /// <summary>
    /// Adds a trigger to the definitions; one without a name gets one. If the feed already has a trigger with these settings (and with this name, if
    /// one is given), returns that trigger and adds nothing, so that a script can run twice.
    /// </summary>
    internal static (StoreDefinitions Definitions, S3FeedTrigger Added) Add(
        StoreDefinitions current, S3FeedTrigger given, DateTimeOffset now, DestinationKinds kinds)
    {
        var feed = current.GetFeed(given.FeedName);
        given = given with { FeedName = feed.Name };
        if (current.Triggers.FirstOrDefault(
            t => (given.Name.Length == 0 || IsNamed(t, given.Name)) && Same(Settings(t), Settings(given))) is { } existing)
            return (current, existing);
        var name = given.Name.Length > 0
            ? given.Name
            : FindFreeName(current, feed.Name, given.Kind.ToString().ToLowerInvariant());
        var added = Prepare(old: null, given with { Name = name }, now);
        if (current.FindTrigger(added.Name) is { } other)
            throw StoreErrors.NameInUse("Trigger", other.Name, IsOfFeed(other, feed.Name) ? TriggerCommand.Set(added) : null);
        ThrowIfUnusable(current, added, now, kinds);
        return current.FindTrigger(added.Id) is null
            ? (current.With(added), added)
            : throw StoreErrors.IdInUse("Trigger", added.Name, added.Id.ToString());
    }

    /// <summary>Changes a trigger in the definitions. Returns the same instance if nothing changes.</summary>
    internal static (StoreDefinitions Definitions, S3FeedTrigger Now) Edit(
        StoreDefinitions current, string name, Func<S3FeedTrigger, S3FeedTrigger> edit, DateTimeOffset now, DestinationKinds kinds)
    {
        var old = current.GetTrigger(name);
        var next = Prepare(old, edit(old), now);
        if (Same(old, next)) return (current, old);
        ThrowIfUnusable(current, next, now, kinds);
        return (current.With(next), next);
    }

    /// <summary>Resets the triggers of feeds that were disabled and are enabled now: their earlier fires do not count as missed.</summary>
    internal static StoreDefinitions ResetTriggers(StoreDefinitions before, StoreDefinitions after, DateTimeOffset now)
        => after.Triggers
            .Where(t => before.FindFeed(t.FeedName) is { Enabled: false } && after.FindFeed(t.FeedName) is { Enabled: true })
            .Aggregate(after, (d, t) => d.With(t with { Since = now }));

    /// <summary>Returns whether two triggers are equal when written as JSON.</summary>
    internal static bool Same(S3FeedTrigger left, S3FeedTrigger right) => DefinitionFormat.AreSame(left, right);

    private static void ThrowIfUnusable(StoreDefinitions current, S3FeedTrigger trigger, DateTimeOffset now, DestinationKinds kinds)
    {
        if (TriggerSchedule.From(trigger) is { } schedule)
        {
            if (trigger.Enabled && schedule.NextAfter(now) is null) throw TriggerErrors.NeverFires(trigger);
            return;
        }
        if (QueueTriggerRules.Check(current, trigger) is { } problem) throw DefinitionErrors.Invalid("Trigger", trigger.Name, [problem]);
        if (trigger.Kind == TriggerKind.Queue) return; // Invoke-S3FeedTrigger also reads queues, and it opens vaults

        // Only the worker answers requests, and it cannot open vaults.
        foreach (var secret in FindVaultSecrets(current, trigger, kinds)) throw SecretErrors.OnlyInPowerShell(secret);
    }

    /// <summary>Returns the secrets in vaults that a run of a trigger's feed needs.</summary>
    internal static IEnumerable<SecretReference> FindVaultSecrets(StoreDefinitions current, S3FeedTrigger trigger, DestinationKinds kinds)
    {
        var destinations = current.FindFeed(trigger.FeedName)?.DestinationNames.Select(current.FindDestination) ?? [];
        return destinations.OfType<S3FeedDestination>().SelectMany(kinds.Secrets).Append(trigger.SigningKey)
            .Select(s => SecretReference.TryParse(s, out var secret) ? secret : null)
            .OfType<SecretReference>()
            .Where(s => s.Kind == SecretKind.Vault);
    }

    private static bool IsNamed(S3FeedTrigger trigger, string name) => string.Equals(trigger.Name, name, StringComparison.OrdinalIgnoreCase);

    private static bool IsOfFeed(S3FeedTrigger trigger, string feed) => string.Equals(trigger.FeedName, feed, StringComparison.OrdinalIgnoreCase);

    // The settings that a script gives, except the name. The rest is generated, or set later.
    private static S3FeedTrigger Settings(S3FeedTrigger t) => t with
        {
            Id = Guid.Empty, Name = "", FeedName = t.FeedName.ToUpperInvariant(), WebhookId = null, SecretHash = null, Since = null, Enabled = true,
        };

    // The settings that decide when the trigger fires.
    private static S3FeedTrigger FiringSettings(S3FeedTrigger trigger)
        => trigger with { Id = Guid.Empty, Name = "", FeedName = "", Misfire = default, SecretHash = null, SigningKey = null, Since = null };
}
