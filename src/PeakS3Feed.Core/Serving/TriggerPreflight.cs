using System.Runtime.CompilerServices;
using PeakS3Feed.Destinations;
using PeakS3Feed.Engine;
using PeakS3Feed.Errors;
using PeakS3Feed.Secrets;
using PeakS3Feed.Store;
using PeakS3Feed.Wording;

namespace PeakS3Feed.Serving;

/// <summary>Tries whether the account at hand has what triggers need when they run feeds without anybody there: the store and the secrets.</summary>
public sealed class TriggerPreflight(FeedEngine engine)
{
    /// <summary>Tries one thing after the other. Loads nothing, and asks no server.</summary>
    public async IAsyncEnumerable<PreflightCheck> RunAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        StoreDefinitions? definitions = null;
        yield return await TryAsync("Store", engine.Paths.ConfigDirectory, async () =>
        {
            if (!Directory.Exists(engine.Paths.ConfigDirectory))
                throw StoreErrors.NotFound(engine.Paths);
            definitions = await engine.Store.ReadAsync(cancellationToken);
            return $"The definitions can be read; {definitions.Triggers.Count(t => t.Enabled)} of {Quantities.Count(definitions.Triggers.Count, "trigger")} {(definitions.Triggers.Count == 1 ? "is" : "are")} enabled.";
        });
        yield return await TryAsync("State", engine.Paths.StateDirectory, async () =>
        {
            // The preflight makes no store: in a folder that is missing nothing can be tried.
            if (!Directory.Exists(engine.Paths.StateDirectory))
                return definitions is null ? throw StoreErrors.NotFound(engine.Paths) : MakeableState(engine.Paths.StateDirectory);
            using var presence = WorkerPresence.Enter(engine.Paths.StateDirectory);
            await engine.Fires.ThrowIfNotWritableAsync(cancellationToken);
            return "Runs and fires can be written down.";
        });
        foreach (var secret in definitions is null ? [] : Secrets(definitions, engine.Options.Kinds))
        {
            yield return await TryAsync("Secret", secret, async () =>
            {
                await engine.Options.Secrets.ResolveAsync(SecretReference.Parse(secret), cancellationToken);
                return "The secret is there.";
            });
        }
    }

    // Whether the folder could be made: a file that goes at once, in the nearest folder above that is there.
    private static string MakeableState(string directory)
    {
        var above = Path.GetDirectoryName(directory)!;
        while (!Directory.Exists(above))
            above = Path.GetDirectoryName(above) ?? throw new DirectoryNotFoundException("there is no folder above it");
        using var probe = new FileStream(
            Path.Combine(above, $".peaks3feed-{Guid.NewGuid():N}"), FileMode.CreateNew, FileAccess.Write, FileShare.None, 1,
            FileOptions.DeleteOnClose);
        return "Runs and fires can be written down; the first one makes the folder.";
    }

    // Of what enabled triggers run, and of the watchers that tell of it.
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

    private static async Task<PreflightCheck> TryAsync(string step, string target, Func<Task<string>> look)
    {
        try
        {
            return new(step, target, Passed: true, await look());
        }
        catch (FeedException e)
        {
            return new(step, target, Passed: false, e.Message) { Hint = e.Hint };
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return new(step, target, Passed: false, $"{target} cannot be written: {e.Message.TrimEnd('.')}.") { Hint = "Give the folder to the account that runs the triggers, or let it use another store." };
        }
    }
}

/// <summary>What a preflight found about one thing that triggers need.</summary>
/// <param name="Step">What was tried: <c>Store</c>, <c>State</c> or <c>Secret</c>.</param>
/// <param name="Target">The folder or the reference.</param>
/// <param name="Passed">Whether this account can use it.</param>
/// <param name="Message">What was found, in a sentence.</param>
public sealed record PreflightCheck(string Step, string Target, bool Passed, string Message)
{
    /// <summary>How to fix it, or null.</summary>
    public string? Hint { get; init; }
}
