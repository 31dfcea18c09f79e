namespace PeakS3Feed.Connections;

/// <summary>The steps on the way into a bucket, in their order.</summary>
public enum ConnectionStep
{
    /// <summary>Find out who we are.</summary>
    BaseCredentials,

    /// <summary>Become the role.</summary>
    AssumeRole,

    /// <summary>Ask in the bucket's region.</summary>
    Region,

    /// <summary>List one key under the root path.</summary>
    List,

    /// <summary>Read one byte.</summary>
    Read,

    /// <summary>Decrypt with the customer's key.</summary>
    Kms,
}
