using System.Text.Json;

namespace PeakS3Feed.SnowflakeServer.Sessions;

/// <summary>A statement that was submitted.</summary>
/// <param name="Statement">The text.</param>
/// <param name="User">The user.</param>
/// <param name="Role">The role.</param>
/// <param name="Warehouse">The warehouse; null if there is none.</param>
/// <param name="Database">The database; null if there is none.</param>
/// <param name="Schema">The schema; null if there is none.</param>
/// <param name="Bindings">The values of the parameters.</param>
/// <param name="Timeout">After how many seconds it is cancelled; 0 for never.</param>
/// <param name="TimeZone">The session's time zone.</param>
/// <param name="Tag">The query tag; empty if there is none.</param>
internal sealed record StatementRequest(
    string Statement, string User, string Role, string? Warehouse, string? Database, string? Schema, IReadOnlyList<string?> Bindings, int Timeout,
    string TimeZone, string Tag)
{
    /// <summary>All that makes two requests one.</summary>
    public string Identity => JsonSerializer.Serialize(new { Statement, Role, Warehouse, Database, Schema, Bindings, Timeout, TimeZone, Tag });
}
