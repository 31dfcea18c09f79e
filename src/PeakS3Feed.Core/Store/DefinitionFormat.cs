using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;
using PeakS3Feed.Definitions;
using PeakS3Feed.Destinations.BuiltIn;
using PeakS3Feed.Destinations;

namespace PeakS3Feed.Store;

/// <summary>
/// The text of definitions: the records themselves as JSON, indented, with paths and letters of all scripts readable, for the file is no web page.
/// </summary>
internal sealed class DefinitionFormat
{
    private readonly DestinationConverter _destinations;
    private readonly WrittenContract _contract;
    private readonly JsonSerializerOptions _store;
    private readonly JsonSerializerOptions _known;
    private readonly Lazy<JsonSerializerOptions> _export;

    private DefinitionFormat(DestinationKinds kinds)
    {
        Kinds = kinds;
        _destinations = new(kinds);
        _contract = new(kinds, keepsUnknown: true, forExport: false);
        _store = Make(kinds, _contract);
        _known = Make(kinds, new(kinds, keepsUnknown: false, forExport: false));
        _export = new(() => Make(kinds, new(kinds, keepsUnknown: false, forExport: true)));
    }

    /// <summary>That of SQLite and PostgreSQL.</summary>
    public static DefinitionFormat Default { get; } = new(BuiltInDestinations.Kinds);

    /// <summary>The kinds of destination.</summary>
    public DestinationKinds Kinds { get; }

    /// <summary>How a definitions file is read and written.</summary>
    public JsonSerializerOptions Options => _store;

    /// <summary>The format with those kinds of destination.</summary>
    public static DefinitionFormat For(DestinationKinds kinds) => ReferenceEquals(kinds, BuiltInDestinations.Kinds) ? Default : new(kinds);

    /// <summary>Whether two definitions are the same as they are written; lists are compared by their items. Members that are not known do not count.</summary>
    public static bool AreSame<T>(T left, T right)
        where T : WrittenRecord
    {
        var type = Default._known.GetTypeInfo(typeof(T));
        return JsonSerializer.SerializeToUtf8Bytes(left, type).AsSpan().SequenceEqual(JsonSerializer.SerializeToUtf8Bytes(right, type));
    }

    /// <summary>The text of a definitions file, UTF-8, with a line end after it.</summary>
    public byte[] Write(StoreDefinitions definitions) => Write(definitions, _store);

    /// <summary>The text of an export: without what is a matter of the store, and without members that are not known.</summary>
    public byte[] WriteExport(StoreDefinitions definitions) => Write(definitions with { FormatVersion = FormatVersion.Current }, _export.Value);

    /// <summary>A definition as JSON, as an export has it.</summary>
    public JsonObject ToJson(WrittenRecord definition) => (JsonObject)JsonSerializer.SerializeToNode(definition, _export.Value.GetTypeInfo(definition.GetType()))!;

    /// <summary>Reads what has the right shape; null where it does not.</summary>
    public StoreDefinitions? TryRead(ReadOnlySpan<byte> utf8)
    {
        try
        {
            // From the text and not from an element: only so are members that stand twice seen.
            var read = JsonSerializer.Deserialize(utf8, (JsonTypeInfo<StoreDefinitions>)_store.GetTypeInfo(typeof(StoreDefinitions)));
            return read?.Destinations.Any(d => d is null || _destinations.HasForeignMember(d, _store)) == false ? read : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    /// <summary>The members without which a text of that type cannot be read.</summary>
    public IReadOnlyList<string> RequiredOf(JsonTypeInfo type)
    {
        _ = type.Properties.Count; // makes the contract
        return _contract.RequiredOf(type.Type);
    }

    private static byte[] Write(StoreDefinitions definitions, JsonSerializerOptions options)
        => [.. JsonSerializer.SerializeToUtf8Bytes(definitions, options.GetTypeInfo(typeof(StoreDefinitions))), (byte)'\n'];

    private static JsonSerializerOptions Make(DestinationKinds kinds, WrittenContract contract)
    {
        var options = new JsonSerializerOptions(DefinitionsJson.Default.Options)
        {
            Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
            TypeInfoResolver = JsonTypeInfoResolver.Combine([DefinitionsJson.Default, .. kinds.All.Select(k => k.Json)]).WithAddedModifier(contract.Apply),
        };
        options.Converters.Add(new DestinationConverter(kinds));
        return options;
    }
}
