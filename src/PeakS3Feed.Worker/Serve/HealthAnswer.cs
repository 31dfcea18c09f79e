namespace PeakS3Feed.Worker.Serve;

/// <summary>How the worker is.</summary>
/// <param name="Status"><c>healthy</c> or <c>unhealthy</c>.</param>
/// <param name="Error">The error's id, or null.</param>
/// <param name="Version">The program's version.</param>
/// <param name="UptimeSeconds">How long its process has run.</param>
internal sealed record HealthAnswer(string Status, string? Error, string Version, long UptimeSeconds);
