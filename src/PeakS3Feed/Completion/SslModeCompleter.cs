using System.Collections;
using PeakS3Feed.Destinations.PostgreSql;

namespace PeakS3Feed.Cmdlets.Completion;

/// <summary>Completes the TLS modes of PostgreSQL.</summary>
public sealed class SslModeCompleter : Completer
{
    private protected override IEnumerable<Candidate> Candidates(IDictionary given) => PostgreSqlDestination.SslModes.Select(m => new Candidate(m, m));
}
