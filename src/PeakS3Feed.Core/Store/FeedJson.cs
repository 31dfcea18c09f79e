using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using PeakS3Feed.Feeds;
using PeakS3Feed.Store.Documents;

namespace PeakS3Feed.Store;

/// <summary>One feed as the JSON of its document, with members to be found and set by key.</summary>
internal sealed class FeedJson
{
    /// <summary>The key of the type of files.</summary>
    public const string FileType = "fileType";

    private const string Schema = "schema";
    private static readonly JsonSerializerOptions SingleLine = new(DefinitionsFormat.Types.Options) { WriteIndented = false };
    private static readonly string Root = JsonPositions.Element("$.feeds", 0);
    private readonly S3Feed _feed;
    private readonly JsonObject _members;

    // By the names that the columns had at first, so that a column which is renamed is still found by the name that a person knows.
    private readonly Dictionary<string, JsonObject> _columns = new(StringComparer.Ordinal);

    public FeedJson(S3Feed feed)
    {
        _feed = feed;
        _members = (JsonObject)JsonSerializer.SerializeToNode(FeedMapping.ToDocument(feed), DefinitionsFormat.Types.FeedDocument)!;
        FindColumns();
    }

    /// <summary>The document of this feed alone.</summary>
    public byte[] ToDocument() => Encoding.UTF8.GetBytes(new JsonObject { ["feeds"] = new JsonArray(_members.DeepClone()) }.ToJsonString(DefinitionsFormat.Types.Options));

    /// <summary>The JSON of a member, or null where it has its default.</summary>
    public string? Find(string key)
    {
        var (parent, name) = Locate(key, make: false);
        return parent?[name]?.ToJsonString(SingleLine);
    }

    /// <summary>The key by which a member is found now that columns may have been renamed.</summary>
    public string KeyNow(string key)
        => key.Split('.') is [Schema, var name, var member] && _columns.TryGetValue(name, out var column) ? $"{Schema}.{(string?)column["name"]}.{member}" : key;

    /// <summary>Sets a member from text.</summary>
    public void Set(string key, string text)
    {
        if (key is "id") throw SettingErrors.IdIsFixed(_feed);
        if (key is FileType && !string.Equals(text, nameof(Formats.FileType.Csv), StringComparison.OrdinalIgnoreCase) && text.Length > 0)
            (_members["csv"] as JsonObject)?.Remove("separator");
        var (parent, name) = Locate(key, make: true);
        if (text.Length == 0 && SettingValue.TypeOf(key) is not null) parent!.Remove(name);
        else parent![name] = SettingValue.Parse(text, SettingValue.TypeOf(key));
        if (key is Schema) FindColumns();
    }

    /// <summary>The key that a path of the document stands for: <c>csv.separator</c> for <c>$.feeds[0].csv.separator</c>.</summary>
    public string KeyOf(string path)
    {
        var key = path.StartsWith(Root + ".", StringComparison.Ordinal) ? path[(Root.Length + 1)..] : path;
        if (!key.StartsWith(Schema + "[", StringComparison.Ordinal)) return key;
        var end = key.IndexOf(']', StringComparison.Ordinal);
        return int.TryParse(key.AsSpan(Schema.Length + 1, end - Schema.Length - 1), out var index) && _members[Schema] is JsonArray columns && index < columns.Count
            ? $"{Schema}.{columns[index]?["name"]}{key[(end + 1)..]}"
            : key;
    }

    private (JsonObject? Parent, string Name) Locate(string key, bool make)
    {
        var parts = key.Split('.');
        if (parts.Any(p => p.Length == 0)) throw SettingErrors.NotAKey(_feed, key);
        if (parts is [Schema, var column, var member]) return (Column(column), member);
        JsonObject? parent = _members;
        foreach (var part in parts[..^1])
        {
            if (make && parent![part] is null) parent[part] = new JsonObject();
            if (parent?[part] is not JsonObject inner) return make ? throw SettingErrors.NotAKey(_feed, key) : (null, part);
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

            // Where the field is left out it is the name, and must not change with it.
            column["field"] ??= name;
            _columns.TryAdd(name, column);
        }
    }

    private JsonObject Column(string name)
        => _columns.TryGetValue(name, out var column) ? column : throw SettingErrors.NoSuchColumn(_feed, name);
}
