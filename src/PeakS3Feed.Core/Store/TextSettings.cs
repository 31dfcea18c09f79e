using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;
using PeakS3Feed.Connections;
using PeakS3Feed.Definitions;
using PeakS3Feed.Destinations;
using PeakS3Feed.Errors;
using PeakS3Feed.Feeds;
using PeakS3Feed.Formats.Csv;
using PeakS3Feed.Triggers;

namespace PeakS3Feed.Store;

/// <summary>
/// Changes settings that are given as text. Writes the definition as JSON, changes its members, and imports the result, so that all rules of an
/// import apply.
/// </summary>
internal sealed class TextSettings
{
    private const string FileType = "fileType";
    private const string Schema = "schema";
    private readonly JsonSerializerOptions _options;
    private readonly JsonSerializerOptions _oneLine;
    private readonly Type _type;
    private readonly string _section;
    private readonly JsonObject _members;

    // Uses the original names of columns, so that a setting for a renamed column still finds it.
    private readonly Dictionary<string, JsonObject> _columns = new(StringComparer.Ordinal);

    private TextSettings(DefinitionFormat format, string section, DefinitionRecord definition)
    {
        _options = format.Options;
        _oneLine = new(_options) { WriteIndented = false };
        _type = definition.GetType();
        _section = section;
        _members = format.ToJson(definition);
        FindColumns();
    }

    /// <summary>Returns the column in a key: <c>price</c> of <c>schema.price.type</c>; null for other keys.</summary>
    public static string? GetColumn(string key) => key.Split('.') is [Schema, { Length: > 0 } column, _] ? column : null;

    /// <summary>Returns whether a definition has a setting with this key.</summary>
    public static bool HasSetting(DefinitionRecord definition, string key, DefinitionFormat format)
        => TypeOf(format.Options, definition.GetType(), key) is not null;

    /// <summary>Changes settings of a feed in the definitions: either all of them or none. Writes nothing.</summary>
    /// <param name="current">The definitions.</param>
    /// <param name="feed">The feed.</param>
    /// <param name="settings">
    /// Keys as in the import document, such as <c>csv.separator</c>, or <c>schema.COLUMN.type</c> for a column; and values as text, with commas
    /// between the items of a list. An empty value restores the default.
    /// </param>
    /// <param name="format">The format of the store.</param>
    /// <exception cref="FeedException"><c>SettingInvalid</c>.</exception>
    public static (StoreDefinitions Definitions, SettingsResult<S3Feed> Result) Apply(
        StoreDefinitions current, S3Feed feed, IReadOnlyList<KeyValuePair<string, string>> settings, DefinitionFormat format)
    {
        // Checked here, because the error of the import below would name ids.
        var name = settings.LastOrDefault(s => s.Key == "name").Value;
        if (name is not null && current.FindFeed(name) is { } other && other.Id != feed.Id) throw StoreErrors.NameInUse("Feed", other.Name);
        if (settings.Any(s => s.Key == "id")) throw SettingErrors.IdIsFixed(feed);
        // The file type comes first: another type removes the settings of CSV alone, and a given one is checked against the new type.
        IReadOnlyList<KeyValuePair<string, string>> ordered = [.. settings.OrderBy(s => s.Key == FileType ? 0 : 1)];
        var (merge, edited) = Import(current, "feeds", feed, ordered, format, new("feed", feed.Name) { Columns = feed.Schema });
        var now = merge.Result.FindFeed(feed.Id)!;
        var (before, after) = (new TextSettings(format, "feeds", feed), new TextSettings(format, "feeds", now));
        // A new name also sets the table, which keeps the old name.
        var keys = settings.Select(s => s.Key).Concat(before.Find("table") == after.Find("table") ? [] : ["table"]).Distinct(StringComparer.Ordinal);
        return (merge.Result, new(feed, now, [.. keys.Select(key => new SettingChange(key, before.Find(key), after.Find(edited.CurrentKey(key))))]));
    }

    /// <summary>Changes settings of a connection in the definitions.</summary>
    /// <inheritdoc cref="Apply(StoreDefinitions, S3Feed, IReadOnlyList{KeyValuePair{string, string}}, DefinitionFormat)"/>
    public static (StoreDefinitions Definitions, SettingsResult<S3Connection> Result) Apply(
        StoreDefinitions current, S3Connection connection, IReadOnlyList<KeyValuePair<string, string>> settings, DefinitionFormat format)
    {
        foreach (var (key, _) in settings)
        {
            if (key is "name" or "status") throw SettingErrors.Fixed(connection, key);
        }

        var (merge, _) = Import(current, "connections", connection, settings, format, new("connection", connection.Name));
        var now = merge.Result.FindConnection(connection.Name)!;
        return (merge.Result, new(connection, now, Changes(settings, new(format, "connections", connection), new(format, "connections", now)))
        {
            OutdatesPolicy = merge.Changes.Exists(c => c.OutdatesPolicy),
        });
    }

    /// <summary>Changes settings of a destination in the definitions.</summary>
    /// <inheritdoc cref="Apply(StoreDefinitions, S3Feed, IReadOnlyList{KeyValuePair{string, string}}, DefinitionFormat)"/>
    public static (StoreDefinitions Definitions, SettingsResult<S3FeedDestination> Result) Apply(
        StoreDefinitions current, S3FeedDestination destination, IReadOnlyList<KeyValuePair<string, string>> settings, DefinitionFormat format)
    {
        foreach (var (key, _) in settings)
        {
            if (key is "name") throw SettingErrors.NameIsFixed(destination);
            if (key is DestinationConverter.KindMember) throw SettingErrors.OtherKind(destination);
        }

        var (merge, _) = Import(current, "destinations", destination, settings, format, new("destination", destination.Name));
        var now = merge.Result.GetDestination(destination.Name);
        return (merge.Result, new(destination, now, Changes(settings, new(format, "destinations", destination), new(format, "destinations", now))));
    }

    /// <summary>Changes settings of a trigger in the definitions.</summary>
    /// <inheritdoc cref="Apply(StoreDefinitions, S3Feed, IReadOnlyList{KeyValuePair{string, string}}, DefinitionFormat)"/>
    public static (StoreDefinitions Definitions, SettingsResult<S3FeedTrigger> Result) Apply(
        StoreDefinitions current, S3FeedTrigger trigger, IReadOnlyList<KeyValuePair<string, string>> settings, DefinitionFormat format)
    {
        foreach (var (key, _) in settings)
        {
            if (key is "name" or "id") throw SettingErrors.Fixed(trigger, key);
        }

        var (merge, _) = Import(current, "triggers", trigger, settings, format, new("trigger", trigger.Name));
        var now = merge.Result.GetTrigger(trigger.Name);
        return (merge.Result, new(trigger, now, Changes(settings, new(format, "triggers", trigger), new(format, "triggers", now))));
    }

    private static (ImportMerge Merge, TextSettings Edited) Import(
        StoreDefinitions current, string section, DefinitionRecord definition, IReadOnlyList<KeyValuePair<string, string>> settings,
        DefinitionFormat format, SettingOwner owner)
    {
        var edited = new TextSettings(format, section, definition);
        foreach (var (key, value) in settings) edited.Set(key, value, owner);
        var parsed = new DefinitionReader(format).ReadStrictly(edited.ToDocument());
        if (!parsed.IsReadable) throw SettingErrors.Invalid(owner, edited.ToKey, parsed.Problems);
        var merge = new ImportMerge(current, parsed, format, keepsFoundSettings: false);
        merge.Run();
        return merge.Problems.Count > 0 ? throw SettingErrors.Invalid(owner, edited.ToKey, merge.Problems) : (merge, edited);
    }

    private static IReadOnlyList<SettingChange> Changes(IReadOnlyList<KeyValuePair<string, string>> settings, TextSettings before, TextSettings after)
        => [.. settings.Select(s => s.Key).Distinct(StringComparer.Ordinal).Select(key => new SettingChange(key, before.Find(key), after.Find(key)))];

    // Returns the type of the member with this key, or null if there is no such member.
    private static Type? TypeOf(JsonSerializerOptions options, Type type, string key)
    {
        foreach (var part in key.Split('.') is [Schema, _, var member] ? [Schema, member] : key.Split('.'))
        {
            var info = options.GetTypeInfo(type);
            if (info.Converter is IDefinitionShape shape) info = shape.TypeOf(options) ?? info;
            if (info.Kind == JsonTypeInfoKind.Enumerable) info = options.GetTypeInfo(info.ElementType!);
            if (info.Properties.FirstOrDefault(p => !p.IsExtensionData && p.Name == part) is not { } property) return null;
            type = property.PropertyType;
        }

        return Nullable.GetUnderlyingType(type) ?? type;
    }

    // Converts a text to the JSON of the setting's type. An unsuitable text stays a string, which the rules then report.
    private JsonNode? Parse(string text, Type? type)
    {
        if (type == typeof(IReadOnlyList<string>))
            return text.StartsWith('[') ? Json(text) : new JsonArray([.. text.Split(',', StringSplitOptions.TrimEntries).Select(t => (JsonNode)t)]);
        if (type is not null && HasOwnJson(type)) return Json(text);
        if (type == typeof(bool) && bool.TryParse(text, out var flag)) return flag;
        if ((type == typeof(int) || type == typeof(long))
            && long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number))
            return number;
        return text;
    }

    private bool HasOwnJson(Type type) => typeof(DefinitionRecord).IsAssignableFrom(type)
        || _options.GetTypeInfo(type) is { Kind: not JsonTypeInfoKind.None } or { Converter: IDefinitionShape };

    private static JsonNode? Json(string text)
    {
        try
        {
            return JsonNode.Parse(text);
        }
        catch (JsonException)
        {
            return text;
        }
    }

    private byte[] ToDocument() => Encoding.UTF8.GetBytes(new JsonObject { [_section] = new JsonArray(_members.DeepClone()) }.ToJsonString(_options));

    // Returns the JSON of a member, or null if it has its default.
    private string? Find(string key)
    {
        var (parent, name) = Locate(key, owner: null);
        return parent?[name]?.ToJsonString(_oneLine);
    }

    // Returns the current key of a member, because its column may have been renamed.
    private string CurrentKey(string key) => key.Split('.') is [Schema, var name, var member] && _columns.TryGetValue(name, out var column)
        ? $"{Schema}.{(string?)column["name"]}.{member}"
        : key;

    private void Set(string key, string text, SettingOwner owner)
    {
        if (key is FileType && !string.Equals(text, nameof(Formats.FileType.Csv), StringComparison.OrdinalIgnoreCase) && text.Length > 0)
        {
            foreach (var setting in CsvOnlySettings.Names)
                (_members["csv"] as JsonObject)?.Remove(JsonNamingPolicy.CamelCase.ConvertName(setting));
        }

        var (parent, name) = Locate(key, owner);
        var type = TypeOf(_options, _type, key);
        if (text.Length == 0 && type is not null) parent!.Remove(name);
        else parent![name] = Parse(text, type);
        if (key is Schema) FindColumns();
    }

    // Returns the key of a path in the document: csv.separator for $.feeds[0].csv.separator.
    private string ToKey(string path)
    {
        var root = JsonPositions.Element("$." + _section, 0) + ".";
        var key = path.StartsWith(root, StringComparison.Ordinal) ? path[root.Length..] : path;
        if (!key.StartsWith(Schema + "[", StringComparison.Ordinal)) return key;
        var end = key.IndexOf(']', StringComparison.Ordinal);
        var isIndex = int.TryParse(key.AsSpan(Schema.Length + 1, end - Schema.Length - 1), out var index);
        return isIndex && _members[Schema] is JsonArray columns && index < columns.Count
            ? $"{Schema}.{columns[index]?["name"]}{key[(end + 1)..]}"
            : key;
    }

    // Returns the object that has a member. With an owner, creates missing objects, and throws for an unknown key.
    private (JsonObject? Parent, string Name) Locate(string key, SettingOwner? owner)
    {
        var parts = key.Split('.');
        if (owner is not null && parts.Any(p => p.Length == 0)) throw SettingErrors.NotAKey(owner, key);
        if (_section == "feeds" && parts is [Schema, var column, var member])
        {
            if (_columns.TryGetValue(column, out var found)) return (found, member);
            return owner is null ? (null, member) : throw SettingErrors.NoSuchColumn(owner, column);
        }

        JsonObject? parent = _members;
        foreach (var part in parts[..^1])
        {
            if (owner is not null && parent![part] is null) parent[part] = new JsonObject();
            if (parent?[part] is not JsonObject inner) return owner is not null ? throw SettingErrors.NotAKey(owner, key) : (null, part);
            parent = inner;
        }

        return (parent, parts[^1]);
    }

    private void FindColumns()
    {
        _columns.Clear();
        foreach (var column in (_members[Schema] as JsonArray)?.OfType<JsonObject>() ?? [])
        {
            if (column["name"] is not JsonValue value || !value.TryGetValue(out string? name)) continue;

            // A field that is left out equals the name. It is set here, so that it does not change with the name.
            column["field"] ??= name;
            _columns.TryAdd(name, column);
        }
    }
}
