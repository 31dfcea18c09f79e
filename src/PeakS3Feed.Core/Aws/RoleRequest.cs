namespace PeakS3Feed.Aws;

/// <summary>What is asked of STS.</summary>
internal sealed record RoleRequest(string RoleArn, string? ExternalId, string SessionName, TimeSpan Duration);
