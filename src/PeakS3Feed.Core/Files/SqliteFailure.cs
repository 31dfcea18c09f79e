namespace PeakS3Feed.Files;

/// <summary>What keeps a SQLite file from being used.</summary>
internal enum SqliteFailure
{
    /// <summary>Something else; the code says what.</summary>
    Other,

    /// <summary>Another program holds a lock on it.</summary>
    Busy,

    /// <summary>There is no room left.</summary>
    Full,

    /// <summary>The file is damaged or not a SQLite database.</summary>
    Damaged,

    /// <summary>The file, its folder or its file system cannot be written.</summary>
    ReadOnly,

    /// <summary>The file, or one beside it, cannot be opened.</summary>
    CannotOpen,

    /// <summary>The file was moved or deleted while it was open.</summary>
    Moved,

    /// <summary>The system could not read or write the file.</summary>
    Disk,

    /// <summary>There is no memory left.</summary>
    Memory,
}
