namespace PeakS3Feed.Destinations.Delta;

/// <summary>One of the five groups of a checkpoint's schema: one for each kind of action. Of the groups of a row, one is there.</summary>
internal abstract class CheckpointGroup
{
    /// <summary>The leaves, in the order of the schema.</summary>
    public abstract IReadOnlyList<CheckpointLeaf> Leaves { get; }

    /// <summary>Adds a row without this action.</summary>
    public void AddMissing()
    {
        foreach (var leaf in Leaves)
            leaf.AddMissing(0);
    }
}

/// <summary>The progress of applications.</summary>
internal sealed class TransactionGroup : CheckpointGroup
{
    private readonly CheckpointTexts _appId = new();
    private readonly CheckpointNumbers<long> _version = new();
    private readonly CheckpointNumbers<long> _lastUpdated = new();

    public TransactionGroup() => Leaves = [_appId, _version, _lastUpdated];

    public override IReadOnlyList<CheckpointLeaf> Leaves { get; }

    public void Append(DeltaTransaction transaction)
    {
        _appId.Append(transaction.AppId, 1);
        _version.Append(transaction.Version, 1);
        _lastUpdated.Append(transaction.LastUpdated, 1);
    }
}

/// <summary>Files of the table.</summary>
internal sealed class AddGroup : CheckpointGroup
{
    private readonly CheckpointTexts _path = new();
    private readonly CheckpointMap _partitionValues = new();
    private readonly CheckpointNumbers<long> _size = new();
    private readonly CheckpointNumbers<long> _modificationTime = new();
    private readonly CheckpointNumbers<bool> _dataChange = new();
    private readonly CheckpointTexts _stats = new();
    private readonly CheckpointMap _tags = new();

    public AddGroup()
        => Leaves = [_path, _partitionValues.Keys, _partitionValues.Values, _size, _modificationTime, _dataChange, _stats, _tags.Keys, _tags.Values];

    public override IReadOnlyList<CheckpointLeaf> Leaves { get; }

    // In a checkpoint, no file changes data: its rows came with an earlier version.
    public void Append(DeltaAdd add)
    {
        _path.Append(add.Path, 1);
        _partitionValues.Append(add.PartitionValues, 1);
        _size.Append(add.Size, 1);
        _modificationTime.Append(add.ModificationTime, 1);
        _dataChange.Append(false, 1);
        _stats.Append(add.Stats, 1);
        _tags.Append(add.Tags, 1);
    }
}

/// <summary>Files that were removed and that a vacuum must not delete yet.</summary>
internal sealed class RemoveGroup : CheckpointGroup
{
    private readonly CheckpointTexts _path = new();
    private readonly CheckpointNumbers<long> _deletionTimestamp = new();
    private readonly CheckpointNumbers<bool> _dataChange = new();
    private readonly CheckpointNumbers<bool> _extended = new();
    private readonly CheckpointMap _partitionValues = new();
    private readonly CheckpointNumbers<long> _size = new();

    public RemoveGroup()
        => Leaves = [_path, _deletionTimestamp, _dataChange, _extended, _partitionValues.Keys, _partitionValues.Values, _size];

    public override IReadOnlyList<CheckpointLeaf> Leaves { get; }

    public void Append(DeltaRemove remove)
    {
        _path.Append(remove.Path, 1);
        _deletionTimestamp.Append(remove.DeletionTimestamp, 1);
        _dataChange.Append(false, 1);
        _extended.Append(remove.ExtendedFileMetadata, 1);
        _partitionValues.Append(remove.PartitionValues, 1);
        _size.Append(remove.Size, 1);
    }
}

/// <summary>The metadata of the table.</summary>
internal sealed class MetadataGroup : CheckpointGroup
{
    private readonly CheckpointTexts _id = new();
    private readonly CheckpointTexts _name = new();
    private readonly CheckpointTexts _description = new();
    private readonly CheckpointTexts _provider = new();
    private readonly CheckpointMap _options = new();
    private readonly CheckpointTexts _schema = new();
    private readonly CheckpointList _partitionColumns = new();
    private readonly CheckpointNumbers<long> _createdTime = new();
    private readonly CheckpointMap _configuration = new();

    public MetadataGroup() => Leaves =
    [
        _id, _name, _description, _provider, _options.Keys, _options.Values, _schema, _partitionColumns.Elements, _createdTime, _configuration.Keys,
        _configuration.Values,
    ];

    public override IReadOnlyList<CheckpointLeaf> Leaves { get; }

    public void Append(DeltaMetadata metadata)
    {
        _id.Append(metadata.Id, 1);
        _name.Append(metadata.Name, 1);
        _description.Append(metadata.Description, 1);
        _provider.Append(metadata.Provider, 2);
        _options.Append(metadata.FormatOptions, 2);
        _schema.Append(metadata.SchemaString, 1);
        _partitionColumns.Append(metadata.PartitionColumns, 1);
        _createdTime.Append(metadata.CreatedTime, 1);
        _configuration.Append(metadata.Configuration, 1);
    }
}

/// <summary>The protocol of the table.</summary>
internal sealed class ProtocolGroup : CheckpointGroup
{
    private readonly CheckpointNumbers<int> _minReaderVersion = new();
    private readonly CheckpointNumbers<int> _minWriterVersion = new();
    private readonly CheckpointList _readerFeatures = new();
    private readonly CheckpointList _writerFeatures = new();

    public ProtocolGroup() => Leaves = [_minReaderVersion, _minWriterVersion, _readerFeatures.Elements, _writerFeatures.Elements];

    public override IReadOnlyList<CheckpointLeaf> Leaves { get; }

    public void Append(DeltaProtocol protocol)
    {
        _minReaderVersion.Append(protocol.MinReaderVersion, 1);
        _minWriterVersion.Append(protocol.MinWriterVersion, 1);
        _readerFeatures.Append(protocol.ReaderFeatures, 1);
        _writerFeatures.Append(protocol.WriterFeatures, 1);
    }
}
