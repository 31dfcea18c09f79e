namespace PeakS3Feed.Connections;

/// <summary>Where a call to a service broke.</summary>
internal enum FailureKind
{
    /// <summary>The service answered, with an error.</summary>
    Refused,

    /// <summary>No answer: name not found, connection refused or dropped.</summary>
    Unreachable,

    /// <summary>No answer in time.</summary>
    TimedOut,

    /// <summary>The server's certificate was not accepted.</summary>
    Tls,

    /// <summary>The SDK failed before anything was sent.</summary>
    Client,
}
