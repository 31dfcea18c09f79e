namespace PeakS3Feed.Errors;

/// <summary>The category of an error. The names are those of PowerShell's ErrorCategory.</summary>
public enum FeedErrorCategory
{
    /// <summary>No other category matches.</summary>
    NotSpecified,

    /// <summary>A parameter or a definition is invalid.</summary>
    InvalidArgument,

    /// <summary>The data read is not as the feed specifies.</summary>
    InvalidData,

    /// <summary>The operation is not possible in the current state.</summary>
    InvalidOperation,

    /// <summary>The named item does not exist.</summary>
    ObjectNotFound,

    /// <summary>An item with that name already exists.</summary>
    ResourceExists,

    /// <summary>Another process uses a resource. A later attempt may succeed.</summary>
    ResourceBusy,

    /// <summary>A resource is not available: a disk is full, a server is down.</summary>
    ResourceUnavailable,

    /// <summary>A server could not be reached, or it closed the connection.</summary>
    ConnectionError,

    /// <summary>The credentials were not accepted.</summary>
    AuthenticationError,

    /// <summary>The credentials were accepted, but they do not allow the operation.</summary>
    PermissionDenied,

    /// <summary>A limit is exceeded.</summary>
    LimitsExceeded,

    /// <summary>The operation was stopped on request.</summary>
    OperationStopped,
}
