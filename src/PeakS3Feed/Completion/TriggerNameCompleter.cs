using System.Collections;
using PeakS3Feed.Store;
using PeakS3Feed.Wording;

namespace PeakS3Feed.Cmdlets.Completion;

/// <summary>Completes the names of triggers.</summary>
public sealed class TriggerNameCompleter : StoreCompleter
{
    private protected override IEnumerable<Candidate> Candidates(StoreDefinitions definitions, IDictionary given) => definitions.Triggers
        .OrderBy(t => t.Name, StringComparer.OrdinalIgnoreCase)
        .Select(t => new Candidate(t.Name, $"{t.FeedName}: {TriggerText.Describe(t)}"));
}
