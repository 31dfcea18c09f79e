using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;
using PeakS3Feed.Definitions;
using PeakS3Feed.Destinations.BuiltIn;
using PeakS3Feed.Destinations;

namespace PeakS3Feed.Store;

/// <summary>
/// The JSON of definitions: the records themselves, indented. Non-ASCII letters are not escaped, because the file is never part of a web page.
/// </summary>
internal sealed class DefinitionFormat
{
    private readonly DestinationConverter _destinations;
    private readonly RecordReader _reader;
    private readonly Lazy<JsonSerializerOptions> _read;
    private readonly Lazy<JsonSerializerOptions> _store;
    private readonly Lazy<JsonSerializerOptions> _comparison;
    private readonly Lazy<JsonSerializerOptions> _export;

    /// <summary>Definitions with what nearly every store has. To read them creates most of what a process creates when it first reads definitions.</summary>
    internal static ReadOnlySpan<byte> Example => """
        {
          "formatVersion": "1.2",
          "connections": [{ "name": "c", "bucketName": "b", "status": "Verified" }],
          "feeds": [{
            "id": "00000000-0000-0000-0000-000000000001", "name": "f", "connectionName": "c", "path": "p/", "fileType": "Csv",
            "loadType": "Incremental", "destinationNames": ["d"], "schema": [{ "name": "a", "type": "bigint", "inEveryFile": true }]
          }]
        }
        """u8;

    private DefinitionFormat(DestinationKinds kinds)
    {
        Kinds = kinds;
        _destinations = new(kinds);
        Types = new(kinds);
        _read = CreateLater(kinds, ContractUse.Read);
        _store = CreateLater(kinds, ContractUse.Store);
        _comparison = CreateLater(kinds, ContractUse.Compare);
        _export = CreateLater(kinds, ContractUse.Export);
        _reader = new(Types, _read);
    }

    /// <summary>The format with the kinds of the core.</summary>
    public static DefinitionFormat Default { get; } = new(BuiltInDestinations.Kinds);

    /// <summary>The kinds of destination.</summary>
    public DestinationKinds Kinds { get; }

    /// <summary>The options to read definitions with System.Text.Json, which finds what is wrong with a text.</summary>
    public JsonSerializerOptions Options => _read.Value;

    /// <summary>The types of records, as the format reads them.</summary>
    public RecordTypes Types { get; }

    /// <summary>Returns the format with these kinds of destination.</summary>
    public static DefinitionFormat For(DestinationKinds kinds) => ReferenceEquals(kinds, BuiltInDestinations.Kinds) ? Default : new(kinds);

    /// <summary>Returns whether two definitions are equal when written as JSON. Unknown members are ignored.</summary>
    public static bool AreSame<T>(T left, T right)
        where T : DefinitionRecord
    {
        var type = Default._comparison.Value.GetTypeInfo(typeof(T));
        return JsonSerializer.SerializeToUtf8Bytes(left, type).AsSpan().SequenceEqual(JsonSerializer.SerializeToUtf8Bytes(right, type));
    }

    /// <summary>Returns whether two destinations are equal when written as JSON. Unknown members are ignored.</summary>
    public bool AreSame(S3FeedDestination left, S3FeedDestination right)
    {
        var type = _comparison.Value.GetTypeInfo(typeof(S3FeedDestination));
        return JsonSerializer.SerializeToUtf8Bytes(left, type).AsSpan().SequenceEqual(JsonSerializer.SerializeToUtf8Bytes(right, type));
    }

    /// <summary>Returns the UTF-8 text of a definitions file, with a line end after it.</summary>
    public byte[] Write(StoreDefinitions definitions) => Write(definitions, _store.Value);

    /// <summary>Returns the text of an export: without what belongs to one store, and without unknown members.</summary>
    public byte[] WriteExport(StoreDefinitions definitions) => Write(definitions with { FormatVersion = FormatVersion.Current }, _export.Value);

    /// <summary>Returns a definition as JSON, as in an export.</summary>
    public JsonObject ToJson(DefinitionRecord definition)
        => (JsonObject)JsonSerializer.SerializeToNode(definition, _export.Value.GetTypeInfo(definition.GetType()))!;

    /// <summary>Reads a text; null if it does not have the shape of definitions.</summary>
    public StoreDefinitions? TryRead(ReadOnlySpan<byte> utf8)
    {
        try
        {
            var read = (StoreDefinitions)_reader.Read(utf8, typeof(StoreDefinitions));
            return read.Destinations.Any(d => d.Unknown.Count > 0 && _destinations.HasForeignMember(d, Options)) ? null : read;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static byte[] Write(StoreDefinitions definitions, JsonSerializerOptions options)
    {
        var versioned = definitions with { FormatVersion = FormatVersion.NeededBy(definitions) };
        return [.. JsonSerializer.SerializeToUtf8Bytes(versioned, options.GetTypeInfo(typeof(StoreDefinitions))), (byte)'\n'];
    }

    private static Lazy<JsonSerializerOptions> CreateLater(DestinationKinds kinds, ContractUse use)
        => new(() => CreateOptions(kinds, new(kinds, use)));

    private static JsonSerializerOptions CreateOptions(DestinationKinds kinds, DefinitionContract contract)
    {
        var types = JsonTypeInfoResolver.Combine([DefinitionsJson.Default, .. kinds.All.Select(k => k.Json)]);
        var options = new JsonSerializerOptions(DefinitionsJson.Default.Options)
        {
            Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
            TypeInfoResolver = types.WithAddedModifier(contract.Apply),
        };
        options.Converters.Add(new DestinationConverter(kinds));
        return options;
    }
}
