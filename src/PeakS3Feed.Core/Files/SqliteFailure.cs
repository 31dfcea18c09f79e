namespace PeakS3Feed.Files;

/// <summary>The reason why a SQLite file cannot be used.</summary>
internal enum SqliteFailure
{
    /// <summary>Another reason; the error code identifies it.</summary>
    Other,

    /// <summary>Another program has locked the file.</summary>
    Busy,

    /// <summary>The disk is full.</summary>
    Full,

    /// <summary>The file is damaged or not a SQLite database.</summary>
    Damaged,

    /// <summary>The file, its folder or its file system is read-only.</summary>
    ReadOnly,

    /// <summary>The file, or a file that SQLite puts beside it, cannot be opened.</summary>
    CannotOpen,

    /// <summary>The file was moved or deleted while it was open.</summary>
    Moved,

    /// <summary>The system could not read or write the file.</summary>
    Disk,

    /// <summary>There is not enough memory.</summary>
    Memory,
}
