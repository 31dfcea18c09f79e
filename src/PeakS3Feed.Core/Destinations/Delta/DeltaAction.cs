namespace PeakS3Feed.Destinations.Delta;

/// <summary>
/// An action of the log of a Delta table (Delta Transaction Log Protocol, "Actions"). Actions of other kinds are ignored when read.
/// </summary>
internal abstract record DeltaAction;

/// <summary>A data file of the table.</summary>
internal abstract record DeltaFile : DeltaAction
{
    /// <summary>The file's name below the folder of the table, decoded, with <c>/</c> between its parts.</summary>
    public required string Name { get; init; }

    /// <summary>The name as the log has it: a URI, relative to the table or absolute. By default, the encoded <see cref="Name"/>.</summary>
    public string Path { get => field ?? DeltaPaths.Encode(Name); init; }

    /// <summary>The values of the partition columns by name; a null value or an empty text is NULL. Null where the log has none.</summary>
    public IReadOnlyDictionary<string, string?>? PartitionValues { get; init; }

    /// <summary>Whether the action changes rows of the table. False where rows only move to other files.</summary>
    public bool DataChange { get; init; } = true;

    /// <summary>Further texts of an engine by name, or null.</summary>
    public IReadOnlyDictionary<string, string?>? Tags { get; init; }

    /// <summary>The statistics as JSON text, or null.</summary>
    public string? Stats { get; init; }
}

/// <summary>Adds a data file to the table.</summary>
internal sealed record DeltaAdd : DeltaFile
{
    /// <summary>The file's size in bytes.</summary>
    public required long Size { get; init; }

    /// <summary>When the file was written, in milliseconds since 1970.</summary>
    public required long ModificationTime { get; init; }

    /// <summary>The action that removes the file.</summary>
    /// <param name="at">When it was removed, in milliseconds since 1970.</param>
    /// <param name="dataChange">Whether rows of the table change.</param>
    public DeltaRemove Remove(long at, bool dataChange = true) => new()
    {
        Name = Name, Path = Path, PartitionValues = PartitionValues ?? NoValues, Size = Size, DeletionTimestamp = at, DataChange = dataChange,
        ExtendedFileMetadata = true, Tags = Tags,
    };

    private static readonly Dictionary<string, string?> NoValues = [];
}

/// <summary>Removes a data file from the table. The file stays where it is until a vacuum deletes it.</summary>
internal sealed record DeltaRemove : DeltaFile
{
    /// <summary>When the file was removed, in milliseconds since 1970; null where the log does not say.</summary>
    public long? DeletionTimestamp { get; init; }

    /// <summary>Whether partition values and size are there.</summary>
    public bool ExtendedFileMetadata { get; init; }

    /// <summary>The file's size in bytes, or null.</summary>
    public long? Size { get; init; }
}

/// <summary>The schema and the properties of the table.</summary>
internal sealed record DeltaMetadata : DeltaAction
{
    /// <summary>The id of the table, a GUID.</summary>
    public required string Id { get; init; }

    public string? Name { get; init; }

    public string? Description { get; init; }

    /// <summary>The format of the data files: <c>parquet</c>.</summary>
    public string Provider { get; init; } = "parquet";

    public IReadOnlyDictionary<string, string?> FormatOptions { get; init; } = new Dictionary<string, string?>(StringComparer.Ordinal);

    /// <summary>The schema as JSON text; see <see cref="DeltaSchema"/>.</summary>
    public required string SchemaString { get; init; }

    public IReadOnlyList<string> PartitionColumns { get; init; } = [];

    /// <summary>When the table was created, in milliseconds since 1970, or null.</summary>
    public long? CreatedTime { get; init; }

    /// <summary>The properties of the table by name: <c>delta.appendOnly</c>.</summary>
    public IReadOnlyDictionary<string, string?> Configuration { get; init; } = new Dictionary<string, string?>(StringComparer.Ordinal);
}

/// <summary>The versions and features of the protocol that readers and writers of the table must know.</summary>
/// <param name="MinReaderVersion">The version for readers; 3 for a list of features.</param>
/// <param name="MinWriterVersion">The version for writers; 7 for a list of features.</param>
internal sealed record DeltaProtocol(int MinReaderVersion, int MinWriterVersion) : DeltaAction
{
    /// <summary>The features for readers, or null where the version does not list them.</summary>
    public IReadOnlyList<string>? ReaderFeatures { get; init; }

    /// <summary>The features for writers, or null where the version does not list them.</summary>
    public IReadOnlyList<string>? WriterFeatures { get; init; }
}

/// <summary>The progress of an application, which commits with its data.</summary>
/// <param name="AppId">The application.</param>
/// <param name="Version">The number of its last commit.</param>
/// <param name="LastUpdated">When it committed, in milliseconds since 1970, or null.</param>
internal sealed record DeltaTransaction(string AppId, long Version, long? LastUpdated = null) : DeltaAction;

/// <summary>Who made a commit, and what it did, for people.</summary>
/// <param name="Operation">What it did: <c>WRITE</c>, <c>MERGE</c>, <c>OPTIMIZE</c>; empty where the log does not say.</param>
internal sealed record DeltaCommitInfo(string Operation) : DeltaAction
{
    /// <summary>When it was made, in milliseconds since 1970, or null. <see cref="DeltaLog.TryCommitAsync"/> sets it.</summary>
    public long? Timestamp { get; init; }

    /// <summary>The id of the attempt to commit, or null. <see cref="DeltaLog.TryCommitAsync"/> sets it.</summary>
    public string? TransactionId { get; init; }

    /// <summary>The program, or null. <see cref="DeltaLog.TryCommitAsync"/> sets it.</summary>
    public string? EngineInfo { get; init; }

    /// <summary>The parameters of the operation by name. They are not read.</summary>
    public IReadOnlyDictionary<string, string> Parameters { get; init; } = new Dictionary<string, string>(StringComparer.Ordinal);

    /// <summary>The counts of the operation by name. They are not read.</summary>
    public IReadOnlyDictionary<string, long> Metrics { get; init; } = new Dictionary<string, long>(StringComparer.Ordinal);
}

/// <summary>An entry of the log.</summary>
/// <param name="Version">The version of the table that it makes.</param>
/// <param name="Actions">Its actions, in order.</param>
internal sealed record DeltaCommit(long Version, IReadOnlyList<DeltaAction> Actions)
{
    /// <summary>Who made it; null where the entry does not say.</summary>
    public DeltaCommitInfo? Info => Actions.OfType<DeltaCommitInfo>().FirstOrDefault();
}
