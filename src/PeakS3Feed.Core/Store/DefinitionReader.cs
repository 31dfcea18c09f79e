using System.Diagnostics.CodeAnalysis;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using PeakS3Feed.Errors;

namespace PeakS3Feed.Store;

/// <summary>A problem that prevents a text from being read.</summary>
/// <param name="Path">The JSON path, such as <c>$.feeds[0].csv.separator</c>.</param>
/// <param name="Message">The problem, in one sentence.</param>
/// <param name="Position">The position in the text, if known.</param>
/// <param name="Hint">How to fix it, or null.</param>
internal sealed record TextProblem(string Path, string Message, TextPosition? Position = null, string? Hint = null)
{
    /// <summary>Converts a problem that a rule found in a definition; finds its position in the text.</summary>
    /// <param name="problem">The problem.</param>
    /// <param name="path">The path of the definition.</param>
    /// <param name="positions">Finds the position of a path; null if the text has no positions.</param>
    public static TextProblem From(DefinitionProblem problem, string path, Lazy<JsonPositions>? positions)
    {
        var at = problem.Field.Split('.', StringSplitOptions.RemoveEmptyEntries)
            .Aggregate(path, (current, part) => JsonPositions.Member(current, char.ToLowerInvariant(part[0]) + part[1..]));
        return new(at, problem.Message, positions?.Value.Find(at), problem.Hint);
    }
}

/// <summary>The result of reading a text: definitions, or problems, or a version that is too new.</summary>
internal sealed record ParsedDefinitions
{
    /// <summary>The format version of the text.</summary>
    public FormatVersion Version { get; init; } = FormatVersion.Current;

    /// <summary>The definitions; null if there are problems.</summary>
    public StoreDefinitions? Definitions { get; init; }

    /// <summary>The problems, in the order of the text; empty if it could be read.</summary>
    public IReadOnlyList<TextProblem> Problems { get; init; } = [];

    /// <summary>Finds the position of a path in the text; null if a migration changed the text.</summary>
    public Lazy<JsonPositions>? Positions { get; init; }

    /// <summary>The text after migrations.</summary>
    public JsonElement Root { get; init; }

    /// <summary>Whether there are definitions.</summary>
    [MemberNotNullWhen(true, nameof(Definitions))]
    public bool IsReadable => Definitions is not null;

    /// <summary>Returns one definition as it is in the text.</summary>
    /// <param name="member">The member of the text, for example <c>feeds</c>.</param>
    /// <param name="index">The index in it.</param>
    public JsonElement Element(string member, int index) => Root.GetProperty(member)[index];
}

/// <summary>Reads the JSON of definitions: version first, then migrations, then the members.</summary>
/// <param name="format">The format.</param>
/// <param name="migrations">The steps from older formats; null for all.</param>
internal sealed class DefinitionReader(DefinitionFormat format, IReadOnlyList<FormatMigration>? migrations = null)
{
    private static readonly JsonDocumentOptions Lenient = new() { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true };
    private readonly MissingMembers _missing = new(format);

    /// <summary>Reads a text that the store wrote. Unknown members are kept, and positions are computed only if there are problems.</summary>
    public ParsedDefinitions Read(ReadOnlyMemory<byte> utf8)
    {
        var parsed = Read(utf8, strict: false);
        if (!parsed.IsReadable) return parsed;
        var problems = Sections.SelectMany(s => Missing(parsed, s)).ToList();
        return problems.Count == 0 ? parsed : parsed with { Definitions = null, Problems = problems };
    }

    /// <summary>
    /// Reads a text that a person wrote. Unknown members are problems, and all problems are reported. Missing members are left to
    /// <see cref="MissingMembers"/>.
    /// </summary>
    public ParsedDefinitions ReadStrictly(ReadOnlyMemory<byte> utf8) => Read(utf8, strict: true);

    private static IReadOnlyList<Section> Sections { get; }
        = [new("destinations"), new("triggers", "trigger"), new("watchers", "watcher"), new("connections"), new("feeds", "feed")];

    private IEnumerable<TextProblem> Missing(ParsedDefinitions parsed, Section section)
    {
        if (!parsed.Root.TryGetProperty(section.Member, out var list) || list.ValueKind != JsonValueKind.Array) yield break;
        var index = 0;
        foreach (var definition in list.EnumerateArray())
        {
            var problems = _missing.Find(section.Member, definition);
            if (section.Word is { } word && !MissingMembers.Has(definition, "id"))
                problems.Insert(0, new("Id", $"id is missing; a {word} without an id can only be imported."));
            foreach (var problem in problems)
                yield return TextProblem.From(problem, JsonPositions.Element("$." + section.Member, index), parsed.Positions);
            index++;
        }
    }

    private ParsedDefinitions Read(ReadOnlyMemory<byte> utf8, bool strict)
    {
        if (utf8.Span.StartsWith("\uFEFF"u8)) utf8 = utf8["\uFEFF"u8.Length..];
        try
        {
            var root = JsonElement.Parse(utf8.Span, Lenient);
            if (root.ValueKind != JsonValueKind.Object) return Broken("$", "The document must be an object { … }.", new(1, 1));
            if (VersionOf(root) is not { } version)
                return Broken(
                    "$.formatVersion", "formatVersion must be a text such as \"1.0\".", new JsonPositions(utf8.Span).Find("$.formatVersion"));
            if (version.Major > FormatVersion.Newest.Major)
                return new() { Version = version, Problems = [new("$.formatVersion", $"The format {version} is newer than this program.")] };
            if (Upgrade(root, version) is not { } upgraded) return Bind(root, utf8, version, strict);
            return WithoutPlaces(Bind(JsonElement.Parse(upgraded, Lenient), upgraded, FormatVersion.Current, strict));
        }
        catch (JsonException error)
        {
            // The message of the exception may quote the text, which may contain a secret. Line and column are enough.
            var place = error.LineNumber is { } line ? new TextPosition((int)line + 1, (int)(error.BytePositionInLine ?? 0) + 1) : default;
            return Broken("$", "The text is not JSON.", place.Line > 0 ? place : null);
        }
    }

    private ParsedDefinitions Bind(JsonElement root, ReadOnlyMemory<byte> utf8, FormatVersion version, bool strict)
    {
        var positions = new Lazy<JsonPositions>(() => new JsonPositions(utf8.Span), LazyThreadSafetyMode.None);
        var parsed = new ParsedDefinitions { Version = version, Root = root, Positions = positions };
        // Null means the default, which the records do not support; such a text is read in two steps.
        var hasNull = utf8.Span.IndexOf("null"u8) >= 0;
        if (!strict && !hasNull && format.TryRead(utf8.Span) is { } definitions) return parsed with { Definitions = At(definitions, version) };
        var check = new ShapeCheck(format.Options, positions.Value, strict);
        var problems = check.Run(root);
        if (problems.Count == 0 && format.TryRead(hasNull ? check.WithoutNulls(root) : utf8.Span) is { } bound)
            return parsed with { Definitions = At(bound, version) };
        if (problems.Count == 0) problems.Add(new("$", "The document cannot be read."));
        return parsed with { Problems = [.. problems.OrderBy(p => p.Position?.Line ?? 0).ThenBy(p => p.Position?.Column ?? 0)] };
    }

    // A newer minor version is kept, because the unknown members belong to it.
    private static StoreDefinitions At(StoreDefinitions definitions, FormatVersion version)
        => definitions with { FormatVersion = version.IsKnown ? FormatVersion.Current : version };

    // Positions in the migrated text are not positions in the text that the person sees.
    private static ParsedDefinitions WithoutPlaces(ParsedDefinitions parsed)
        => parsed with { Positions = null, Problems = [.. parsed.Problems.Select(p => p with { Position = null })] };

    private byte[]? Upgrade(JsonElement root, FormatVersion version)
    {
        var steps = (migrations ?? FormatMigration.All).Where(m => m.To > version).ToList();
        if (steps.Count == 0) return null;
        var node = JsonObject.Create(root)!;
        foreach (var step in steps) step.Apply(node);
        node["formatVersion"] = FormatVersion.Current.ToString();
        return Encoding.UTF8.GetBytes(node.ToJsonString());
    }

    // A document written by hand need not name a version; the current one applies then.
    private static FormatVersion? VersionOf(JsonElement root)
        => !root.TryGetProperty("formatVersion", out var value) ? FormatVersion.Current
            : value.ValueKind == JsonValueKind.String ? FormatVersion.Parse(value.GetString()) : null;

    private static ParsedDefinitions Broken(string path, string message, TextPosition? position)
        => new() { Problems = [new(path, message, position)] };

    // Word is set where a definition needs an id. An id generated at each reading would separate a feed from its ledger, a trigger from its fires,
    // and a watcher from its messages.
    private sealed record Section(string Member, string? Word = null);
}
