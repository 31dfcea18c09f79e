using System.Collections;
using PeakS3Feed.Store;

namespace PeakS3Feed.Cmdlets.Completion;

/// <summary>Completes the names of destinations, including <c>local</c>.</summary>
public sealed class DestinationNameCompleter : StoreCompleter
{
    private protected override IEnumerable<Candidate> Candidates(StoreDefinitions definitions, IDictionary given) => definitions.Destinations
        .Append(StoreDefinitions.Local)
        .OrderBy(d => d.Name, StringComparer.OrdinalIgnoreCase)
        .Select(d => new Candidate(d.Name, d.Kind));
}
