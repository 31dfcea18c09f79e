using System.Text;
using System.Text.Json;

namespace PeakS3Feed.Destinations.Delta;

/// <summary>
/// Reads entries of the log: lines with one action each. Unknown actions and unknown members of actions are ignored, as the protocol asks.
/// </summary>
/// <param name="root">The URI of the table's folder, which ends in a slash.</param>
internal sealed class DeltaActionReader(string root)
{
    /// <summary>Reads an entry.</summary>
    /// <param name="version">The version that it makes.</param>
    /// <param name="content">The file.</param>
    /// <param name="only">The kinds of actions that are wanted.</param>
    /// <exception cref="Errors.FeedException"><c>DeltaLogInvalid</c> names file, line and byte; also <c>DeltaPathOutside</c> and
    /// <c>DeltaFeatureUnknown</c>.</exception>
    public DeltaCommit Read(long version, ReadOnlySpan<byte> content, DeltaActionKinds only = DeltaActionKinds.All)
    {
        var place = new DeltaPlace(root + DeltaLogNames.Entry(version));
        var actions = new List<DeltaAction>();
        // A mark at the beginning is no part of JSON, but some editors and tools write it.
        var at = content.StartsWith(Encoding.UTF8.Preamble) ? Encoding.UTF8.Preamble.Length : 0;
        for (var line = 1; at < content.Length; line++)
        {
            var end = content[at..].IndexOf((byte)'\n') is >= 0 and var found ? at + found : content.Length;
            var text = content[at..end];
            if (!text.Trim(" \t\r"u8).IsEmpty && ReadLine(text, place with { Line = line, Byte = at }, only) is { } action)
                actions.Add(action);
            at = end + 1;
        }
        return new DeltaCommit(version, actions);
    }

    private DeltaAction? ReadLine(ReadOnlySpan<byte> line, DeltaPlace place, DeltaActionKinds only)
    {
        try
        {
            var json = new Utf8JsonReader(line);
            if (!json.Read() || json.TokenType != JsonTokenType.StartObject)
                throw new JsonException("it is no JSON object.");
            DeltaAction? action = null;
            while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
            {
                var kind = GetKind(ref json);
                json.Read();
                if (kind == DeltaActionKinds.None || (kind & only) == DeltaActionKinds.None || json.TokenType == JsonTokenType.Null)
                    json.Skip();
                else if (action is not null)
                    throw new JsonException("it has more than one action.");
                else
                    action = ReadAction(ref json, kind, place);
            }
            if (json.Read())
                throw new JsonException("something follows the JSON object.");
            return action;
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or FormatException)
        {
            var within = (e as JsonException)?.BytePositionInLine ?? 0;
            throw DeltaErrors.LogInvalid(place with { Byte = place.Byte + within }, DeltaJson.Describe(e), e);
        }
    }

    private static DeltaActionKinds GetKind(ref Utf8JsonReader json) => true switch
    {
        _ when json.ValueTextEquals("add"u8) => DeltaActionKinds.Add,
        _ when json.ValueTextEquals("remove"u8) => DeltaActionKinds.Remove,
        _ when json.ValueTextEquals("metaData"u8) => DeltaActionKinds.Metadata,
        _ when json.ValueTextEquals("protocol"u8) => DeltaActionKinds.Protocol,
        _ when json.ValueTextEquals("txn"u8) => DeltaActionKinds.Transaction,
        _ when json.ValueTextEquals("commitInfo"u8) => DeltaActionKinds.CommitInfo,
        _ => DeltaActionKinds.None,
    };

    private DeltaAction ReadAction(ref Utf8JsonReader json, DeltaActionKinds kind, DeltaPlace place) => kind switch
    {
        DeltaActionKinds.Add => ReadAdd(ref json, place),
        DeltaActionKinds.Remove => ReadRemove(ref json, place),
        DeltaActionKinds.Metadata => ReadMetadata(ref json),
        DeltaActionKinds.Protocol => ReadProtocol(ref json),
        DeltaActionKinds.Transaction => ReadTransaction(ref json),
        _ => ReadCommitInfo(ref json),
    };

    private DeltaAdd ReadAdd(ref Utf8JsonReader json, DeltaPlace place)
    {
        string? path = null, stats = null;
        long? size = null, modified = null;
        bool? change = null;
        IReadOnlyDictionary<string, string?>? values = null, tags = null;
        while (DeltaJson.Next(ref json))
        {
            if (DeltaJson.Is(ref json, "path"u8)) path = DeltaJson.Text(ref json);
            else if (DeltaJson.Is(ref json, "partitionValues"u8)) values = DeltaJson.Map(ref json);
            else if (DeltaJson.Is(ref json, "size"u8)) size = DeltaJson.Count(ref json, "size");
            else if (DeltaJson.Is(ref json, "modificationTime"u8)) modified = DeltaJson.Number(ref json, "modificationTime");
            else if (DeltaJson.Is(ref json, "dataChange"u8)) change = json.GetBoolean();
            else if (DeltaJson.Is(ref json, "stats"u8)) stats = DeltaJson.Text(ref json);
            else if (DeltaJson.Is(ref json, "tags"u8)) tags = DeltaJson.Map(ref json);
            else if (DeltaJson.Is(ref json, "deletionVector"u8)) RefuseVector(ref json, place);
            else json.Skip();
        }
        var raw = path ?? throw DeltaJson.Missing("add", "path");
        return new DeltaAdd
        {
            Path = raw, Name = Decode(raw, place), PartitionValues = values ?? throw DeltaJson.Missing("add", "partitionValues"),
            Size = size ?? throw DeltaJson.Missing("add", "size"),
            ModificationTime = modified ?? throw DeltaJson.Missing("add", "modificationTime"),
            DataChange = change ?? throw DeltaJson.Missing("add", "dataChange"), Stats = stats, Tags = tags,
        };
    }

    private DeltaRemove ReadRemove(ref Utf8JsonReader json, DeltaPlace place)
    {
        string? path = null, stats = null;
        long? size = null, deleted = null;
        bool? change = null, extended = null;
        IReadOnlyDictionary<string, string?>? values = null, tags = null;
        while (DeltaJson.Next(ref json))
        {
            if (DeltaJson.Is(ref json, "path"u8)) path = DeltaJson.Text(ref json);
            else if (DeltaJson.Is(ref json, "deletionTimestamp"u8)) deleted = DeltaJson.Number(ref json, "deletionTimestamp");
            else if (DeltaJson.Is(ref json, "dataChange"u8)) change = json.GetBoolean();
            else if (DeltaJson.Is(ref json, "extendedFileMetadata"u8)) extended = json.GetBoolean();
            else if (DeltaJson.Is(ref json, "partitionValues"u8)) values = DeltaJson.Map(ref json);
            else if (DeltaJson.Is(ref json, "size"u8)) size = DeltaJson.Count(ref json, "size");
            else if (DeltaJson.Is(ref json, "stats"u8)) stats = DeltaJson.Text(ref json);
            else if (DeltaJson.Is(ref json, "tags"u8)) tags = DeltaJson.Map(ref json);
            else if (DeltaJson.Is(ref json, "deletionVector"u8)) RefuseVector(ref json, place);
            else json.Skip();
        }
        var raw = path ?? throw DeltaJson.Missing("remove", "path");
        return new DeltaRemove
        {
            Path = raw, Name = Decode(raw, place), DeletionTimestamp = deleted, Stats = stats, Tags = tags, PartitionValues = values, Size = size,
            // Said to be extended, but without what this promises, it is written again as one that is not.
            ExtendedFileMetadata = extended == true && values is not null && size is not null,
            DataChange = change ?? throw DeltaJson.Missing("remove", "dataChange"),
        };
    }

    private static DeltaMetadata ReadMetadata(ref Utf8JsonReader json)
    {
        string? id = null, name = null, description = null, schema = null, provider = null;
        long? created = null;
        IReadOnlyDictionary<string, string?>? options = null, configuration = null;
        IReadOnlyList<string>? partitions = null;
        while (DeltaJson.Next(ref json))
        {
            if (DeltaJson.Is(ref json, "id"u8)) id = DeltaJson.Text(ref json);
            else if (DeltaJson.Is(ref json, "name"u8)) name = DeltaJson.Text(ref json);
            else if (DeltaJson.Is(ref json, "description"u8)) description = DeltaJson.Text(ref json);
            else if (DeltaJson.Is(ref json, "format"u8)) (provider, options) = ReadFormat(ref json);
            else if (DeltaJson.Is(ref json, "schemaString"u8)) schema = DeltaJson.Text(ref json);
            else if (DeltaJson.Is(ref json, "partitionColumns"u8)) partitions = DeltaJson.Texts(ref json);
            else if (DeltaJson.Is(ref json, "createdTime"u8)) created = DeltaJson.Number(ref json, "createdTime");
            else if (DeltaJson.Is(ref json, "configuration"u8)) configuration = DeltaJson.Map(ref json);
            else json.Skip();
        }
        var none = new Dictionary<string, string?>(StringComparer.Ordinal);
        return new DeltaMetadata
        {
            Id = id ?? throw DeltaJson.Missing("metaData", "id"), Name = name, Description = description,
            Provider = provider ?? throw DeltaJson.Missing("metaData", "format.provider"), FormatOptions = options ?? none,
            SchemaString = schema ?? throw DeltaJson.Missing("metaData", "schemaString"),
            PartitionColumns = partitions ?? throw DeltaJson.Missing("metaData", "partitionColumns"), CreatedTime = created,
            Configuration = configuration ?? none,
        };
    }

    private static (string? Provider, IReadOnlyDictionary<string, string?>? Options) ReadFormat(ref Utf8JsonReader json)
    {
        string? provider = null;
        IReadOnlyDictionary<string, string?>? options = null;
        while (DeltaJson.Next(ref json))
        {
            if (DeltaJson.Is(ref json, "provider"u8)) provider = DeltaJson.Text(ref json);
            else if (DeltaJson.Is(ref json, "options"u8)) options = DeltaJson.Map(ref json);
            else json.Skip();
        }
        return (provider, options);
    }

    private static DeltaProtocol ReadProtocol(ref Utf8JsonReader json)
    {
        long? reader = null, writer = null;
        IReadOnlyList<string>? readers = null, writers = null;
        while (DeltaJson.Next(ref json))
        {
            if (DeltaJson.Is(ref json, "minReaderVersion"u8)) reader = DeltaJson.Count(ref json, "minReaderVersion");
            else if (DeltaJson.Is(ref json, "minWriterVersion"u8)) writer = DeltaJson.Count(ref json, "minWriterVersion");
            else if (DeltaJson.Is(ref json, "readerFeatures"u8)) readers = DeltaJson.Texts(ref json);
            else if (DeltaJson.Is(ref json, "writerFeatures"u8)) writers = DeltaJson.Texts(ref json);
            else json.Skip();
        }
        return new DeltaProtocol(
            Clamp(reader ?? throw DeltaJson.Missing("protocol", "minReaderVersion")),
            Clamp(writer ?? throw DeltaJson.Missing("protocol", "minWriterVersion"))) { ReaderFeatures = readers, WriterFeatures = writers };

        static int Clamp(long version) => (int)Math.Min(version, int.MaxValue);
    }

    private static DeltaTransaction ReadTransaction(ref Utf8JsonReader json)
    {
        string? app = null;
        long? version = null, updated = null;
        while (DeltaJson.Next(ref json))
        {
            if (DeltaJson.Is(ref json, "appId"u8)) app = DeltaJson.Text(ref json);
            else if (DeltaJson.Is(ref json, "version"u8)) version = DeltaJson.Number(ref json, "version");
            else if (DeltaJson.Is(ref json, "lastUpdated"u8)) updated = DeltaJson.Number(ref json, "lastUpdated");
            else json.Skip();
        }
        return new(app ?? throw DeltaJson.Missing("txn", "appId"), version ?? throw DeltaJson.Missing("txn", "version"), updated);
    }

    // Free content: only what is understood is read, and nothing of it is wrong.
    private static DeltaCommitInfo ReadCommitInfo(ref Utf8JsonReader json)
    {
        var info = new DeltaCommitInfo("");
        while (DeltaJson.Next(ref json))
        {
            if (DeltaJson.Is(ref json, "timestamp"u8)) info = info with { Timestamp = DeltaJson.NumberIfAny(ref json) };
            else if (DeltaJson.Is(ref json, "operation"u8)) info = info with { Operation = DeltaJson.TextIfAny(ref json) ?? "" };
            else if (DeltaJson.Is(ref json, "txnId"u8)) info = info with { TransactionId = DeltaJson.TextIfAny(ref json) };
            else if (DeltaJson.Is(ref json, "engineInfo"u8)) info = info with { EngineInfo = DeltaJson.TextIfAny(ref json) };
            else json.Skip();
        }
        return info;
    }

    private void RefuseVector(ref Utf8JsonReader json, DeltaPlace place)
    {
        if (json.TokenType != JsonTokenType.Null)
            throw DeltaErrors.FeatureUnknown(root, "deletionVectors", place);
    }

    private string Decode(string path, DeltaPlace place) => DeltaPaths.Decode(path, root) ?? throw DeltaErrors.PathOutside(place, path);
}

/// <summary>Kinds of actions, as a set.</summary>
[Flags]
internal enum DeltaActionKinds
{
    None = 0,
    CommitInfo = 1,
    Protocol = 2,
    Metadata = 4,
    Transaction = 8,
    Remove = 16,
    Add = 32,

    /// <summary>The kinds that say what the table is, and none of its files.</summary>
    State = CommitInfo | Protocol | Metadata | Transaction,

    /// <summary>All kinds.</summary>
    All = State | Remove | Add,
}
