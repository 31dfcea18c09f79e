namespace PeakS3Feed.TestServers.S3;

/// <summary>What the fake server knows how to answer.</summary>
public enum FakeOperation
{
    List,
    Get,
    Delete,
    AssumeRole,
    GetCallerIdentity,
    Other,
}
