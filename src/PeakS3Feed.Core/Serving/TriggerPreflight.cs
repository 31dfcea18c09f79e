using System.Runtime.CompilerServices;
using PeakS3Feed.Destinations;
using PeakS3Feed.Engine;
using PeakS3Feed.Errors;
using PeakS3Feed.Secrets;
using PeakS3Feed.Store;
using PeakS3Feed.Wording;

namespace PeakS3Feed.Serving;

/// <summary>Checks whether the current account can use what triggers need to run feeds unattended: the store and the secrets.</summary>
public sealed class TriggerPreflight(FeedEngine engine)
{
    /// <summary>Runs the checks in order. Loads nothing and calls no server.</summary>
    public async IAsyncEnumerable<PreflightCheck> RunAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        StoreDefinitions? definitions = null;
        yield return await TryAsync("Store", engine.Paths.ConfigDirectory, async () =>
        {
            if (!Directory.Exists(engine.Paths.ConfigDirectory))
                throw StoreErrors.NotFound(engine.Paths);
            definitions = await engine.Store.ReadAsync(cancellationToken);
            var (all, enabled) = (definitions.Triggers.Count, definitions.Triggers.Count(t => t.Enabled));
            return $"Can be read; {enabled} of {Quantities.Count(all, "trigger")} {(all == 1 ? "is" : "are")} enabled.";
        });
        yield return await TryAsync("State", engine.Paths.StateDirectory, async () =>
        {
            // The preflight creates no store, so it cannot test a folder that does not exist.
            if (!Directory.Exists(engine.Paths.StateDirectory))
                return definitions is null ? throw StoreErrors.NotFound(engine.Paths) : CheckCreatable(engine.Paths.StateDirectory);
            using var presence = WorkerPresence.Create(engine.Paths.StateDirectory);
            await engine.Fires.ThrowIfNotWritableAsync(cancellationToken);
            return "Can record runs and fires.";
        });
        foreach (var secret in definitions is null ? [] : Secrets(definitions, engine.Options.Kinds))
        {
            yield return await TryAsync("Secret", secret, async () =>
            {
                await engine.Options.Secrets.ResolveAsync(SecretReference.Parse(secret), cancellationToken);
                return "Can resolve the secret.";
            });
        }
    }

    // Checks whether the folder could be created, with a temporary file in its nearest existing parent.
    private static string CheckCreatable(string directory)
    {
        var parent = Path.GetDirectoryName(directory)!;
        while (!Directory.Exists(parent))
            parent = Path.GetDirectoryName(parent) ?? throw new DirectoryNotFoundException("it has no parent folder");
        using var probe = new FileStream(
            Path.Combine(parent, $".peaks3feed-{Guid.NewGuid():N}"), FileMode.CreateNew, FileAccess.Write, FileShare.None, 1,
            FileOptions.DeleteOnClose);
        return "Can record runs and fires; the first one creates the folder.";
    }

    // Returns the secrets of destinations that enabled triggers load into, of these triggers, and of the watchers of their feeds.
    private static IEnumerable<string> Secrets(StoreDefinitions definitions, DestinationKinds kinds)
    {
        var triggers = definitions.Triggers.Where(t => t.Enabled).ToList();
        var feeds = triggers.Select(t => definitions.FindFeed(t.FeedName)).OfType<Feeds.S3Feed>().DistinctBy(f => f.Id).ToList();
        var destinations = feeds.SelectMany(f => f.DestinationNames).Select(definitions.FindDestination).OfType<S3FeedDestination>();
        var watchers = definitions.Watchers.Where(w => w.Enabled && feeds.Exists(f => w.Watches(f.Name)));
        return destinations.SelectMany(kinds.Secrets)
            .Concat(triggers.Select(t => t.SigningKey))
            .Concat(watchers.SelectMany(w => w.Secrets))
            .OfType<string>().Distinct(StringComparer.Ordinal);
    }

    private static async Task<PreflightCheck> TryAsync(string step, string target, Func<Task<string>> check)
    {
        try
        {
            return new(step, target, Passed: true, await check());
        }
        catch (FeedException e)
        {
            return new(step, target, Passed: false, e.Message) { Hint = e.Hint };
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return new(step, target, Passed: false, $"{target} cannot be written: {e.Message.TrimEnd('.')}.")
            {
                Hint = "Give the account that runs the triggers write access to the folder, or use another store.",
            };
        }
    }
}

/// <summary>The result of one check of a preflight.</summary>
/// <param name="Step">What was checked: <c>Store</c>, <c>State</c> or <c>Secret</c>.</param>
/// <param name="Target">The folder or the reference.</param>
/// <param name="Passed">Whether this account can use it.</param>
/// <param name="Message">The result, as a sentence.</param>
public sealed record PreflightCheck(string Step, string Target, bool Passed, string Message)
{
    /// <summary>How to fix the problem, or null.</summary>
    public string? Hint { get; init; }
}
