using System.Diagnostics.CodeAnalysis;

namespace PeakS3Feed.Triggers;

/// <summary>Finds the time zones of triggers and watchers.</summary>
public static class TriggerTimeZone
{
    /// <summary>The id of the system's time zone: the IANA id if known, so that it means the same on another system.</summary>
    public static string SystemId
        => TimeZoneInfo.Local is { HasIanaId: false } local && TimeZoneInfo.TryConvertWindowsIdToIanaId(local.Id, out var iana)
        ? iana
        : TimeZoneInfo.Local.Id;

    /// <summary>Finds a time zone by its IANA or Windows id, on every system. Null means UTC.</summary>
    public static bool TryFind(string? id, [NotNullWhen(true)] out TimeZoneInfo? zone)
    {
        zone = id is null ? TimeZoneInfo.Utc : null;
        // An empty id or a path is not a time zone, although some systems accept it.
        return zone is not null || (!string.IsNullOrWhiteSpace(id) && !id.Contains("..", StringComparison.Ordinal)
            && TimeZoneInfo.TryFindSystemTimeZoneById(id, out zone));
    }
}
