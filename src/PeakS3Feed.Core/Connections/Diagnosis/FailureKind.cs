namespace PeakS3Feed.Connections.Diagnosis;

/// <summary>Where a call to a service broke.</summary>
internal enum FailureKind
{
    /// <summary>The service answered, with an error.</summary>
    Refused,

    /// <summary>No answer: connection refused or dropped.</summary>
    Unreachable,

    /// <summary>The server's name leads to no address.</summary>
    NameNotFound,

    /// <summary>No answer in time.</summary>
    TimedOut,

    /// <summary>The server's certificate was not accepted.</summary>
    Tls,

    /// <summary>What listens there does not speak TLS.</summary>
    NotTls,

    /// <summary>The proxy would not let the call through.</summary>
    Proxy,

    /// <summary>Something answered that is not the service: a proxy, a sign-in page, another server.</summary>
    NotTheService,

    /// <summary>The SDK failed before anything was sent.</summary>
    Client,
}
