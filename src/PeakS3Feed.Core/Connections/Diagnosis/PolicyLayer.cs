namespace PeakS3Feed.Connections.Diagnosis;

/// <summary>The kinds of policy that have a say in a request.</summary>
internal enum PolicyLayer
{
    /// <summary>The service does not say.</summary>
    Unknown,

    /// <summary>What is attached to the user or role that asks.</summary>
    Identity,

    /// <summary>What is attached to the thing asked for: a bucket's policy, a key's, a role's trust policy.</summary>
    Resource,

    /// <summary>A role's trust policy.</summary>
    Trust,

    /// <summary>An organization's limit on its accounts' users and roles.</summary>
    ServiceControl,

    /// <summary>An organization's limit on its accounts' buckets and keys.</summary>
    ResourceControl,

    /// <summary>The limit on one user or role.</summary>
    Boundary,

    /// <summary>The limit that was set when the session was made.</summary>
    Session,

    /// <summary>That of the VPC endpoint on the way.</summary>
    Endpoint,
}
