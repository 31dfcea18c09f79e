using System.Collections;
using PeakS3Feed.Connections;

namespace PeakS3Feed.Cmdlets.Completion;

/// <summary>Completes Amazon's regions, as the SDK lists them.</summary>
public sealed class RegionCompleter : Completer
{
    private protected override IEnumerable<Candidate> Candidates(IDictionary given) => AwsRegions.All.Select(r => new Candidate(r.Code, r.DisplayName));
}
