using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace PeakS3Feed.Store.Documents;

/// <summary>Reads the JSON of definitions: version first, then migrations, then the members.</summary>
/// <param name="migrations">The steps from older formats.</param>
internal sealed class DocumentReader(IReadOnlyList<FormatMigration> migrations)
{
    private static readonly JsonDocumentOptions Lenient = new() { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true };

    /// <summary>Reads what the store wrote: unknown members are kept, and places in the text are worked out only for problems.</summary>
    public ParsedDocument Read(ReadOnlyMemory<byte> utf8) => Read(utf8, strict: false);

    /// <summary>Reads what a person wrote: unknown members are problems, and all problems are found.</summary>
    public ParsedDocument ReadStrictly(ReadOnlyMemory<byte> utf8) => Read(utf8, strict: true);

    private ParsedDocument Read(ReadOnlyMemory<byte> utf8, bool strict)
    {
        if (utf8.Span.StartsWith("\uFEFF"u8)) utf8 = utf8["\uFEFF"u8.Length..];
        try
        {
            using var json = JsonDocument.Parse(utf8, Lenient);
            if (json.RootElement.ValueKind != JsonValueKind.Object) return Broken("$", "The document must be an object { … }.", new(1, 1));
            if (VersionOf(json.RootElement) is not { } version)
                return Broken(
                    "$.formatVersion", "formatVersion must be a text such as \"1.0\".", new JsonPositions(utf8.Span).Find("$.formatVersion"));
            if (version.Major > FormatVersion.Current.Major)
                return new() { Version = version, Problems = [new("$.formatVersion", $"The format {version} is newer than this program.")] };
            if (Upgrade(json.RootElement, version) is not { } upgraded) return Bind(json.RootElement, utf8, version, strict);
            using var newer = JsonDocument.Parse(upgraded, Lenient);
            return WithoutPlaces(Bind(newer.RootElement, upgraded, FormatVersion.Current, strict));
        }
        catch (JsonException error)
        {
            // The reader's own words may quote the text; line and column say enough.
            var place = error.LineNumber is { } line ? new TextPosition((int)line + 1, (int)(error.BytePositionInLine ?? 0) + 1) : default;
            return Broken("$", "The text is not JSON.", place.Line > 0 ? place : null);
        }
    }

    private static ParsedDocument Bind(JsonElement root, ReadOnlyMemory<byte> utf8, FormatVersion version, bool strict)
    {
        var positions = new Lazy<JsonPositions>(() => new JsonPositions(utf8.Span), LazyThreadSafetyMode.None);
        if (!strict && TryBind(utf8) is { } document) return new() { Version = version, Document = document, Positions = positions };
        var check = new ShapeCheck(DefinitionsFormat.Types.Options, positions.Value, strict);
        var problems = check.Run(root, DefinitionsFormat.Types.DefinitionsDocument);
        if (problems.Count == 0 && TryBind(utf8) is { } bound) return new() { Version = version, Document = bound, Positions = positions };
        if (problems.Count == 0) problems.Add(new("$", "The document cannot be read."));
        var ordered = problems.OrderBy(p => p.Position?.Line ?? 0).ThenBy(p => p.Position?.Column ?? 0);
        return new() { Version = version, Problems = [.. ordered], Positions = positions };
    }

    // A migration has moved things about: places in what it made are none in what the person sees.
    private static ParsedDocument WithoutPlaces(ParsedDocument parsed)
        => parsed with { Positions = null, Problems = [.. parsed.Problems.Select(p => p with { Position = null })] };

    private static DefinitionsDocument? TryBind(ReadOnlyMemory<byte> utf8)
    {
        try
        {
            // From the text and not from the element: only so are members that stand twice seen.
            var document = JsonSerializer.Deserialize(utf8.Span, DefinitionsFormat.Types.DefinitionsDocument);
            return HoldsNull(document) ? null : document;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    // The deserializer lets null into a list of objects or texts; nothing after this expects one.
    private static bool HoldsNull(DefinitionsDocument? document) => document is null
        || Any(document.Connections) || Any(document.Feeds) || Any(document.Destinations) || Any(document.Triggers) || Any(document.Watchers)
        || (document.Watchers ?? []).Any(w => Any(w.To))
        || (document.Feeds ?? []).Any(f => Any(f.Schema) || Any(f.DateFormats) || Any(f.Include) || Any(f.Exclude) || Any(f.PrimaryKey)
            || Any(f.DestinationNames) || Any(f.Tags) || Any(f.Csv?.ColumnNames) || Any(f.Csv?.NullValues));

    private static bool Any<T>(List<T>? items)
        where T : class
        => items?.Any(i => i is null) == true;

    private byte[]? Upgrade(JsonElement root, FormatVersion version)
    {
        var steps = migrations.Where(m => m.To > version).ToList();
        if (steps.Count == 0) return null;
        var node = JsonObject.Create(root.Clone())!;
        foreach (var step in steps) step.Apply(node);
        node["formatVersion"] = FormatVersion.Current.ToString();
        return Encoding.UTF8.GetBytes(node.ToJsonString());
    }

    // A document written by hand need not say its version: it is today's.
    private static FormatVersion? VersionOf(JsonElement root)
        => !root.TryGetProperty("formatVersion", out var value) ? FormatVersion.Current
            : value.ValueKind == JsonValueKind.String ? FormatVersion.Parse(value.GetString()) : null;

    private static ParsedDocument Broken(string path, string message, TextPosition? position)
        => new() { Problems = [new(path, message, position)] };
}
