using System.Collections;
using PeakS3Feed.Store;

namespace PeakS3Feed.Cmdlets.Completion;

/// <summary>Completes the names of feeds.</summary>
public sealed class FeedNameCompleter : StoreCompleter
{
    private protected override IEnumerable<Candidate> Candidates(StoreDefinitions definitions, IDictionary given) => definitions.Feeds
        .OrderBy(f => f.Name, StringComparer.OrdinalIgnoreCase)
        .Select(f => new Candidate(f.Name, $"{f.LoadType} from {f.ConnectionName} into {f.TableName}"));
}
