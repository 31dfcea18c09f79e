using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace PeakS3Feed.Destinations.Delta;

/// <summary>Writes actions as lines of JSON.</summary>
internal static class DeltaActionWriter
{
    // Entries are UTF-8 and no HTML, so that only what JSON itself requires is escaped.
    private static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Writes actions, one a line.</summary>
    public static ReadOnlyMemory<byte> Write(IEnumerable<DeltaAction> actions)
    {
        var buffer = new ArrayBufferWriter<byte>(4096);
        using var json = new Utf8JsonWriter(buffer, Options);
        foreach (var action in actions)
        {
            json.WriteStartObject();
            switch (action)
            {
                case DeltaCommitInfo info: Write(json, info); break;
                case DeltaProtocol protocol: Write(json, protocol); break;
                case DeltaMetadata metadata: Write(json, metadata); break;
                case DeltaTransaction transaction: Write(json, transaction); break;
                case DeltaRemove remove: Write(json, remove); break;
                case DeltaAdd add: Write(json, add); break;
                default: throw new ArgumentException($"{action.GetType().Name} cannot be written.", nameof(actions));
            }
            json.WriteEndObject();
            json.Flush();
            buffer.Write("\n"u8);
            json.Reset();
        }
        return buffer.WrittenMemory;
    }

    private static void Write(Utf8JsonWriter json, DeltaCommitInfo info)
    {
        json.WriteStartObject("commitInfo");
        WriteNumber(json, "timestamp", info.Timestamp);
        json.WriteString("operation", info.Operation);
        json.WriteStartObject("operationParameters");
        foreach (var (name, value) in info.Parameters)
            json.WriteString(name, value);
        json.WriteEndObject();
        if (info.Metrics.Count > 0)
        {
            // Texts, as the engines that show them expect.
            json.WriteStartObject("operationMetrics");
            foreach (var (name, value) in info.Metrics)
                json.WriteString(name, value.ToString(System.Globalization.CultureInfo.InvariantCulture));
            json.WriteEndObject();
        }
        WriteText(json, "engineInfo", info.EngineInfo);
        WriteText(json, "txnId", info.TransactionId);
        json.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter json, DeltaProtocol protocol)
    {
        json.WriteStartObject("protocol");
        json.WriteNumber("minReaderVersion", protocol.MinReaderVersion);
        json.WriteNumber("minWriterVersion", protocol.MinWriterVersion);
        WriteTexts(json, "readerFeatures", protocol.ReaderFeatures);
        WriteTexts(json, "writerFeatures", protocol.WriterFeatures);
        json.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter json, DeltaMetadata metadata)
    {
        json.WriteStartObject("metaData");
        json.WriteString("id", metadata.Id);
        WriteText(json, "name", metadata.Name);
        WriteText(json, "description", metadata.Description);
        json.WriteStartObject("format");
        json.WriteString("provider", metadata.Provider);
        WriteMap(json, "options", metadata.FormatOptions);
        json.WriteEndObject();
        json.WriteString("schemaString", metadata.SchemaString);
        WriteTexts(json, "partitionColumns", metadata.PartitionColumns);
        WriteNumber(json, "createdTime", metadata.CreatedTime);
        WriteMap(json, "configuration", metadata.Configuration);
        json.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter json, DeltaTransaction transaction)
    {
        json.WriteStartObject("txn");
        json.WriteString("appId", transaction.AppId);
        json.WriteNumber("version", transaction.Version);
        WriteNumber(json, "lastUpdated", transaction.LastUpdated);
        json.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter json, DeltaRemove remove)
    {
        json.WriteStartObject("remove");
        json.WriteString("path", remove.Path);
        WriteNumber(json, "deletionTimestamp", remove.DeletionTimestamp);
        json.WriteBoolean("dataChange", remove.DataChange);
        if (remove.ExtendedFileMetadata)
        {
            json.WriteBoolean("extendedFileMetadata", true);
            WriteMap(json, "partitionValues", remove.PartitionValues ?? throw new InvalidOperationException("The partition values are missing."));
            json.WriteNumber("size", remove.Size ?? throw new InvalidOperationException("The size is missing."));
            if (remove.Tags is not null)
                WriteMap(json, "tags", remove.Tags);
        }
        json.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter json, DeltaAdd add)
    {
        json.WriteStartObject("add");
        json.WriteString("path", add.Path);
        WriteMap(json, "partitionValues", add.PartitionValues ?? throw new InvalidOperationException("The partition values are missing."));
        json.WriteNumber("size", add.Size);
        json.WriteNumber("modificationTime", add.ModificationTime);
        json.WriteBoolean("dataChange", add.DataChange);
        WriteText(json, "stats", add.Stats);
        if (add.Tags is not null)
            WriteMap(json, "tags", add.Tags);
        json.WriteEndObject();
    }

    private static void WriteText(Utf8JsonWriter json, string name, string? value)
    {
        if (value is not null)
            json.WriteString(name, value);
    }

    private static void WriteNumber(Utf8JsonWriter json, string name, long? value)
    {
        if (value is { } number)
            json.WriteNumber(name, number);
    }

    private static void WriteTexts(Utf8JsonWriter json, string name, IReadOnlyList<string>? values)
    {
        if (values is null)
            return;
        json.WriteStartArray(name);
        foreach (var value in values)
            json.WriteStringValue(value);
        json.WriteEndArray();
    }

    private static void WriteMap(Utf8JsonWriter json, string name, IReadOnlyDictionary<string, string?> values)
    {
        json.WriteStartObject(name);
        foreach (var (key, value) in values)
            json.WriteString(key, value);
        json.WriteEndObject();
    }
}
