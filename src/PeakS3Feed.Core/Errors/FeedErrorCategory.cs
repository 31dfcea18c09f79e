namespace PeakS3Feed.Errors;

/// <summary>What kind of failure an error is. The names are those of PowerShell's ErrorCategory.</summary>
public enum FeedErrorCategory
{
    /// <summary>Anything that no other category fits.</summary>
    NotSpecified,

    /// <summary>A parameter or a definition is wrong.</summary>
    InvalidArgument,

    /// <summary>The data read is not what the feed says it is.</summary>
    InvalidData,

    /// <summary>The operation cannot be done in this state.</summary>
    InvalidOperation,

    /// <summary>The named thing does not exist.</summary>
    ObjectNotFound,

    /// <summary>A thing of that name exists already.</summary>
    ResourceExists,

    /// <summary>Somebody else holds what is needed; trying again later may work.</summary>
    ResourceBusy,

    /// <summary>Something needed is not there: a disk is full, a server is down.</summary>
    ResourceUnavailable,

    /// <summary>A server could not be reached or hung up.</summary>
    ConnectionError,

    /// <summary>Who we are was not accepted.</summary>
    AuthenticationError,

    /// <summary>Who we are was accepted, what we asked for was not.</summary>
    PermissionDenied,

    /// <summary>More than a stated limit.</summary>
    LimitsExceeded,

    /// <summary>The operation was stopped on request.</summary>
    OperationStopped,
}
