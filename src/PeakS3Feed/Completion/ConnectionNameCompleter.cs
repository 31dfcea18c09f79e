using System.Collections;
using PeakS3Feed.Store;

namespace PeakS3Feed.Cmdlets.Completion;

/// <summary>Completes the names of connections.</summary>
public sealed class ConnectionNameCompleter : StoreCompleter
{
    private protected override IEnumerable<Candidate> Candidates(StoreDefinitions definitions, IDictionary given) => definitions.Connections
        .OrderBy(c => c.Name, StringComparer.OrdinalIgnoreCase)
        .Select(c => new Candidate(c.Name, $"s3://{c.BucketName}/{c.RootPrefix}"));
}
