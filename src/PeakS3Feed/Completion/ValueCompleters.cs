using System.Collections;
using PeakS3Feed.Connections;
using PeakS3Feed.Destinations.PostgreSql;

namespace PeakS3Feed.Cmdlets.Completion;

/// <summary>Completes Amazon's regions, as the SDK lists them.</summary>
public sealed class RegionCompleter : Completer
{
    private protected override IEnumerable<Candidate> Candidates(IDictionary given)
        => AwsRegions.All.Select(r => new Candidate(r.Code, r.DisplayName));
}

/// <summary>Completes the separators that have names.</summary>
public sealed class SeparatorCompleter : Completer
{
    private protected override IEnumerable<Candidate> Candidates(IDictionary given) =>
    [
        new("Comma", ","),
        new("Tab", "A tab; the same as `t and \\t"),
        new("Pipe", "|"),
        new("Semicolon", ";"),
        new("Space", "A space"),
        new("Auto", "Detected in the first file, then kept"),
    ];
}

/// <summary>Completes the TLS modes, which are the same for PostgreSQL and Redshift.</summary>
public sealed class SslModeCompleter : Completer
{
    private protected override IEnumerable<Candidate> Candidates(IDictionary given)
        => PostgreSqlDestination.SslModes.Select(m => new Candidate(m, m));
}

/// <summary>Completes the time zones of this system.</summary>
public sealed class TimeZoneCompleter : Completer
{
    private protected override IEnumerable<Candidate> Candidates(IDictionary given) => TimeZoneInfo.GetSystemTimeZones()
        .OrderBy(z => z.Id, StringComparer.OrdinalIgnoreCase)
        .Select(z => new Candidate(z.Id, z.DisplayName));
}
