namespace PeakS3Feed.Connections;

/// <summary>How far a connection has come.</summary>
public enum ConnectionStatus
{
    /// <summary>Made, not tested yet.</summary>
    Draft,

    /// <summary>All checks of the last test passed, and nothing that matters for access was changed since.</summary>
    Verified,

    /// <summary>Something that matters for access was changed since the last test.</summary>
    Untested,
}
