using System.Collections;
using PeakS3Feed.Destinations;

namespace PeakS3Feed.Cmdlets.Completion;

/// <summary>How a connection to PostgreSQL is secured.</summary>
public sealed class SslModeCompleter : Completer
{
    private protected override IEnumerable<Candidate> Candidates(IDictionary given) => DestinationRules.SslModes.Select(m => new Candidate(m, m));
}
