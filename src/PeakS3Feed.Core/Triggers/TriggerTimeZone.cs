using System.Diagnostics.CodeAnalysis;

namespace PeakS3Feed.Triggers;

/// <summary>The time zones of triggers and watchers, by their ids.</summary>
public static class TriggerTimeZone
{
    /// <summary>The id of the system's own time zone: the IANA one where it is known, so that it means the same on another system.</summary>
    public static string SystemId
        => TimeZoneInfo.Local is { HasIanaId: false } local && TimeZoneInfo.TryConvertWindowsIdToIanaId(local.Id, out var iana)
        ? iana
        : TimeZoneInfo.Local.Id;

    /// <summary>Finds a time zone by its IANA or Windows id, on every system; null stands for UTC.</summary>
    public static bool TryFind(string? id, [NotNullWhen(true)] out TimeZoneInfo? zone)
    {
        zone = id is null ? TimeZoneInfo.Utc : null;
        // An empty id, or a path, is none, whatever the system makes of it.
        return zone is not null || (!string.IsNullOrWhiteSpace(id) && !id.Contains("..", StringComparison.Ordinal)
            && TimeZoneInfo.TryFindSystemTimeZoneById(id, out zone));
    }
}
