using System.Collections;
using PeakS3Feed.Store;

namespace PeakS3Feed.Cmdlets.Completion;

/// <summary>Completes the names of watchers.</summary>
public sealed class WatcherNameCompleter : StoreCompleter
{
    private protected override IEnumerable<Candidate> Candidates(StoreDefinitions definitions, IDictionary given) => definitions.Watchers
        .OrderBy(w => w.Name, StringComparer.OrdinalIgnoreCase)
        .Select(w => new Candidate(w.Name, $"{w.FeedName}: {string.Join(", ", w.Events)}"));
}
