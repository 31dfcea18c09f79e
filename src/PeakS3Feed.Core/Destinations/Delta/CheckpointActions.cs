using ParquetSharp;

namespace PeakS3Feed.Destinations.Delta;

/// <summary>
/// Finds the columns of actions in a file of a checkpoint. Each method returns a function that reads the next row of these columns: an action, or
/// null if the row has another one.
/// </summary>
/// <param name="file">The file.</param>
/// <param name="root">The URI of the table's folder, which ends in a slash.</param>
internal sealed class CheckpointActions(CheckpointFile file, string root)
{
    public static Func<DeltaAction?> ReadProtocols(CheckpointFile file)
    {
        if (file.Find<int>(PhysicalType.Int32, "protocol", "minReaderVersion") is not { } reader
            || file.Find<int>(PhysicalType.Int32, "protocol", "minWriterVersion") is not { } writer)
            return static () => null;
        var (readers, writers) = (file.FindTexts("protocol", "readerFeatures"), file.FindTexts("protocol", "writerFeatures"));
        return () =>
        {
            var (minReader, minWriter, readerFeatures, writerFeatures) = (reader.Read(), writer.Read(), readers?.ReadTexts(), writers?.ReadTexts());
            if (minReader is null && minWriter is null)
                return null;
            return new DeltaProtocol(minReader ?? throw Missing("protocol.minReaderVersion"), minWriter ?? throw Missing("protocol.minWriterVersion"))
            {
                // Some engines write an empty list where the version has none.
                ReaderFeatures = minReader >= DeltaFeatures.MaxReaderVersion ? Texts(readerFeatures) : null,
                WriterFeatures = minWriter >= DeltaFeatures.MaxWriterVersion ? Texts(writerFeatures) : null,
            };
        };
    }

    public static Func<DeltaAction?> ReadMetadata(CheckpointFile file)
    {
        if (file.FindTexts("metaData", "id") is not { } id)
            return static () => null;
        var (name, description) = (file.FindTexts("metaData", "name"), file.FindTexts("metaData", "description"));
        var (provider, options) = (file.FindTexts("metaData", "format", "provider"), file.FindMap("metaData", "format", "options"));
        var (schema, partitions) = (file.FindTexts("metaData", "schemaString"), file.FindTexts("metaData", "partitionColumns"));
        var (created, configuration) = (file.Find<long>(PhysicalType.Int64, "metaData", "createdTime"), file.FindMap("metaData", "configuration"));
        return () =>
        {
            var (textId, textName, textDescription, textProvider, mapOptions) = (
                id.ReadText(), name?.ReadText(), description?.ReadText(), provider?.ReadText(), ReadMap(options));
            var (textSchema, textPartitions, time, properties) = (
                schema?.ReadText(), partitions?.ReadTexts(), created?.Read(), ReadMap(configuration));
            return textId is null ? null : new DeltaMetadata
            {
                Id = textId, Name = textName, Description = textDescription, Provider = textProvider ?? throw Missing("metaData.format.provider"),
                FormatOptions = mapOptions ?? new Dictionary<string, string?>(StringComparer.Ordinal),
                SchemaString = textSchema ?? throw Missing("metaData.schemaString"), PartitionColumns = Texts(textPartitions) ?? [],
                CreatedTime = time, Configuration = properties ?? new Dictionary<string, string?>(StringComparer.Ordinal),
            };
        };
    }

    public static Func<DeltaAction?> ReadTransactions(CheckpointFile file)
    {
        if (file.FindTexts("txn", "appId") is not { } app || file.Find<long>(PhysicalType.Int64, "txn", "version") is not { } version)
            return static () => null;
        var updated = file.Find<long>(PhysicalType.Int64, "txn", "lastUpdated");
        return () =>
        {
            var (appId, number, time) = (app.ReadText(), version.Read(), updated?.Read());
            return appId is null ? null : new DeltaTransaction(appId, number ?? throw Missing("txn.version"), time);
        };
    }

    public Func<DeltaAction?> ReadAdds()
    {
        if (file.FindTexts("add", "path") is not { } path)
            return static () => null;
        var (values, tags, stats) = (file.FindMap("add", "partitionValues"), file.FindMap("add", "tags"), file.FindTexts("add", "stats"));
        var (size, modified) = (file.Find<long>(PhysicalType.Int64, "add", "size"), file.Find<long>(PhysicalType.Int64, "add", "modificationTime"));
        var vector = file.FindTexts("add", "deletionVector", "storageType");
        return () =>
        {
            var (text, partition, texts, json) = (path.ReadText(), ReadMap(values), ReadMap(tags), stats?.ReadText());
            var (bytes, time, storage) = (size?.Read(), modified?.Read(), vector?.ReadText());
            ThrowIfVector(storage);
            return text is null ? null : new DeltaAdd
            {
                Path = text, Name = Decode(text), PartitionValues = partition ?? throw Missing("add.partitionValues"), Tags = texts, Stats = json,
                Size = bytes is >= 0 and var count ? count : throw Missing("add.size"),
                ModificationTime = time ?? throw Missing("add.modificationTime"), DataChange = false,
            };
        };
    }

    public Func<DeltaAction?> ReadRemoves()
    {
        if (file.FindTexts("remove", "path") is not { } path)
            return static () => null;
        var deleted = file.Find<long>(PhysicalType.Int64, "remove", "deletionTimestamp");
        var size = file.Find<long>(PhysicalType.Int64, "remove", "size");
        var (values, vector) = (file.FindMap("remove", "partitionValues"), file.FindTexts("remove", "deletionVector", "storageType"));
        return () =>
        {
            var (text, time, bytes, partition, storage) = (path.ReadText(), deleted?.Read(), size?.Read(), ReadMap(values), vector?.ReadText());
            ThrowIfVector(storage);
            return text is null ? null : new DeltaRemove
            {
                Path = text, Name = Decode(text), DeletionTimestamp = time, Size = bytes, PartitionValues = partition,
                ExtendedFileMetadata = bytes is not null && partition is not null, DataChange = false,
            };
        };
    }

    private static IReadOnlyDictionary<string, string?>? ReadMap((CheckpointTextColumn Keys, CheckpointTextColumn Values)? columns)
    {
        if (columns is not var (keys, values))
            return null;
        var (names, texts) = (keys.ReadTexts(), values.ReadTexts());
        if (names is null || texts is null)
            return null;
        if (names.Count != texts.Count)
            throw new InvalidDataException("A map has another number of keys than of values.");
        var map = new Dictionary<string, string?>(names.Count, StringComparer.Ordinal);
        for (var i = 0; i < names.Count; i++)
            map[names[i] ?? throw new InvalidDataException("A map has a key that is missing.")] = texts[i];
        return map;
    }

    private static string[]? Texts(IReadOnlyList<string?>? texts) => texts is null ? null : [.. texts.OfType<string>()];

    private static InvalidDataException Missing(string member) => new($"an action has no valid {member}.");

    private void ThrowIfVector(string? storage)
    {
        if (storage is not null)
            throw DeltaErrors.FeatureUnknown(root, "deletionVectors", new DeltaPlace(file.Name));
    }

    private string Decode(string path) => DeltaPaths.Decode(path, root) ?? throw DeltaErrors.PathOutside(new DeltaPlace(file.Name), path);
}
