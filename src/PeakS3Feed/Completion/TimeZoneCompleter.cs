using System.Collections;

namespace PeakS3Feed.Cmdlets.Completion;

/// <summary>Completes the time zones of this system.</summary>
public sealed class TimeZoneCompleter : Completer
{
    private protected override IEnumerable<Candidate> Candidates(IDictionary given) => TimeZoneInfo.GetSystemTimeZones()
        .OrderBy(z => z.Id, StringComparer.OrdinalIgnoreCase)
        .Select(z => new Candidate(z.Id, z.DisplayName));
}
