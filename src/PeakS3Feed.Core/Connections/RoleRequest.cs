namespace PeakS3Feed.Connections;

/// <summary>What is asked of STS.</summary>
internal sealed record RoleRequest(string RoleArn, string? ExternalId, string SessionName, TimeSpan Duration);
