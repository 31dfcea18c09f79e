using System.Collections;
using System.Management.Automation;
using PeakS3Feed.Runs;
using PeakS3Feed.Store;
using PeakS3Feed.Wording;

namespace PeakS3Feed.Cmdlets.Completion;

/// <summary>Completes the ids of the last runs, in the short form, of the feeds that the command names.</summary>
public sealed class RunIdCompleter : StoreCompleter
{
    private const int Shown = 50;

    private protected override IEnumerable<Candidate> Candidates(StoreDefinitions definitions, IDictionary given) => [];

    private protected override IEnumerable<Candidate> Candidates(StoreDefinitions definitions, StorePaths paths, IDictionary given)
    {
        var feeds = LanguagePrimitives.ConvertTo<string[]>(given["FeedName"] ?? given["Name"]) ?? [];
        return Wait(async c => await new RunHistory(paths.StateDirectory).ListAsync(cancellationToken: c)
                .Where(r => feeds.Length == 0 || feeds.Any(f => WildcardPattern.Get(f, WildcardOptions.IgnoreCase).IsMatch(r.FeedName)))
                .Take(Shown).ToListAsync(c))
            .Select(r => new Candidate(Quantities.Short(r.Id), $"{r.FeedName}, {Quantities.Status(r)}, {Quantities.Moment(r.StartedAt)} UTC"));
    }
}

/// <summary>Completes the keys of the last plan of the feed that the command names, in this session. It asks no service.</summary>
public sealed class KeyCompleter : StoreCompleter
{
    private protected override IEnumerable<Candidate> Candidates(StoreDefinitions definitions, IDictionary given)
        => (LanguagePrimitives.ConvertTo<string[]>(given["Name"] ?? given["FeedName"]) ?? [])
            .Select(definitions.FindFeed)
            .Where(f => f is not null)
            .SelectMany(f => PlannedKeys.Find(f!.Id))
            .Distinct(StringComparer.Ordinal)
            .Select(k => new Candidate(k, VisibleText.Escape(k)));
}
