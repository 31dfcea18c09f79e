using System.Collections;
using PeakS3Feed.Store;

namespace PeakS3Feed.Cmdlets.Completion;

/// <summary>Completes the tags of the store's feeds.</summary>
public sealed class TagCompleter : StoreCompleter
{
    private protected override IEnumerable<Candidate> Candidates(StoreDefinitions definitions, IDictionary given) => definitions.Feeds
        .SelectMany(f => f.Tags, (feed, tag) => (Tag: tag, Feed: feed.Name))
        .GroupBy(t => t.Tag, StringComparer.OrdinalIgnoreCase)
        .OrderBy(g => g.Key, StringComparer.OrdinalIgnoreCase)
        .Select(g => new Candidate(g.Key, string.Join(", ", g.Select(t => t.Feed))));
}
