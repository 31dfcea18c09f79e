namespace PeakS3Feed.Sources;

/// <summary>Why an object is not part of a feed.</summary>
public enum SkipReason
{
    /// <summary>Its name fits neither the file type nor the include globs. Plans do not list these.</summary>
    NotThisFileType,

    /// <summary>An exclude glob matches its name.</summary>
    Excluded,

    /// <summary>It was last modified before the feed's historical date.</summary>
    BeforeHistoricalDate,

    /// <summary>It only makes a folder visible in a console.</summary>
    FolderMarker,

    /// <summary>It has no bytes.</summary>
    Empty,

    /// <summary>It sits in an archive and has not been restored.</summary>
    Archived,
}
