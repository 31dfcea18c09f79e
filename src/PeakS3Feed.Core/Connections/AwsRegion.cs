namespace PeakS3Feed.Connections;

/// <summary>A region of AWS.</summary>
/// <param name="Code">Its system name, for example <c>eu-west-1</c>.</param>
/// <param name="DisplayName">Its name for people, for example <c>Europe (Ireland)</c>.</param>
public sealed record AwsRegion(string Code, string DisplayName);
