using System.Diagnostics.CodeAnalysis;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using PeakS3Feed.Errors;

namespace PeakS3Feed.Store;

/// <summary>What keeps a text from being read.</summary>
/// <param name="Path">Where, as a JSON path such as <c>$.feeds[0].csv.separator</c>.</param>
/// <param name="Message">What, in one sentence.</param>
/// <param name="Position">Where in the text, when known.</param>
/// <param name="Hint">How to fix it, or null.</param>
internal sealed record TextProblem(string Path, string Message, TextPosition? Position = null, string? Hint = null)
{
    /// <summary>A problem that a rule found in a definition, at its place in the text.</summary>
    /// <param name="problem">The problem.</param>
    /// <param name="path">The path of the definition.</param>
    /// <param name="positions">Finds the place of a path; null where the text has no places.</param>
    public static TextProblem From(DefinitionProblem problem, string path, Lazy<JsonPositions>? positions)
    {
        var at = problem.Field.Split('.', StringSplitOptions.RemoveEmptyEntries)
            .Aggregate(path, (current, part) => JsonPositions.Member(current, char.ToLowerInvariant(part[0]) + part[1..]));
        return new(at, problem.Message, positions?.Value.Find(at), problem.Hint);
    }
}

/// <summary>The result of reading a text: definitions, or what is wrong with it, or a version that is too new.</summary>
internal sealed record ParsedDefinitions
{
    /// <summary>The version that the text says it has.</summary>
    public FormatVersion Version { get; init; } = FormatVersion.Current;

    /// <summary>The definitions; null when there are problems.</summary>
    public StoreDefinitions? Definitions { get; init; }

    /// <summary>What is wrong, in the text's order; empty when it could be read.</summary>
    public IReadOnlyList<TextProblem> Problems { get; init; } = [];

    /// <summary>Finds the place of a path in the text; null where a migration moved things about.</summary>
    public Lazy<JsonPositions>? Positions { get; init; }

    /// <summary>The text as it was read, after migrations.</summary>
    public JsonElement Root { get; init; }

    /// <summary>Whether there are definitions.</summary>
    [MemberNotNullWhen(true, nameof(Definitions))]
    public bool IsReadable => Definitions is not null;

    /// <summary>One definition as it stands in the text.</summary>
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

    /// <summary>Reads what the store wrote: unknown members are kept, and places in the text are worked out only for problems.</summary>
    public ParsedDefinitions Read(ReadOnlyMemory<byte> utf8)
    {
        var parsed = Read(utf8, strict: false);
        if (!parsed.IsReadable) return parsed;
        var problems = Sections.SelectMany(s => Missing(parsed, s)).ToList();
        return problems.Count == 0 ? parsed : parsed with { Definitions = null, Problems = problems };
    }

    /// <summary>Reads what a person wrote: unknown members are problems, and all problems are found. Missing members are left to <see cref="MissingMembers"/>.</summary>
    public ParsedDefinitions ReadStrictly(ReadOnlyMemory<byte> utf8) => Read(utf8, strict: true);

    // Where a definition needs an id: made at each reading, the id would cut a feed off from its ledger, a trigger from its fires, and a watcher from its messages.
    private static IReadOnlyList<(string Member, string? Word)> Sections { get; }
        = [("destinations", null), ("triggers", "trigger"), ("watchers", "watcher"), ("connections", null), ("feeds", "feed")];

    private IEnumerable<TextProblem> Missing(ParsedDefinitions parsed, (string Member, string? Word) section)
    {
        if (!parsed.Root.TryGetProperty(section.Member, out var list) || list.ValueKind != JsonValueKind.Array) yield break;
        var index = 0;
        foreach (var definition in list.EnumerateArray())
        {
            var problems = _missing.Find(section.Member, definition);
            if (section.Word is { } word && !MissingMembers.Has(definition, "id"))
                problems.Insert(0, new("Id", $"id is missing; a {word} without one can only be imported."));
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
            if (version.Major > FormatVersion.Current.Major)
                return new() { Version = version, Problems = [new("$.formatVersion", $"The format {version} is newer than this program.")] };
            if (Upgrade(root, version) is not { } upgraded) return Bind(root, utf8, version, strict);
            return WithoutPlaces(Bind(JsonElement.Parse(upgraded, Lenient), upgraded, FormatVersion.Current, strict));
        }
        catch (JsonException error)
        {
            // The reader's own words may quote the text; line and column say enough.
            var place = error.LineNumber is { } line ? new TextPosition((int)line + 1, (int)(error.BytePositionInLine ?? 0) + 1) : default;
            return Broken("$", "The text is not JSON.", place.Line > 0 ? place : null);
        }
    }

    private ParsedDefinitions Bind(JsonElement root, ReadOnlyMemory<byte> utf8, FormatVersion version, bool strict)
    {
        var positions = new Lazy<JsonPositions>(() => new JsonPositions(utf8.Span), LazyThreadSafetyMode.None);
        var parsed = new ParsedDefinitions { Version = version, Root = root, Positions = positions };
        // Null stands for the default, which the records do not know: it needs the long way.
        var hasNull = utf8.Span.IndexOf("null"u8) >= 0;
        if (!strict && !hasNull && format.TryRead(utf8.Span) is { } definitions) return parsed with { Definitions = At(definitions, version) };
        var check = new ShapeCheck(format.Options, positions.Value, strict);
        var problems = check.Run(root);
        if (problems.Count == 0 && format.TryRead(hasNull ? check.WithoutNulls(root) : utf8.Span) is { } bound) return parsed with { Definitions = At(bound, version) };
        if (problems.Count == 0) problems.Add(new("$", "The document cannot be read."));
        return parsed with { Problems = [.. problems.OrderBy(p => p.Position?.Line ?? 0).ThenBy(p => p.Position?.Column ?? 0)] };
    }

    // A newer minor version stays, for the members that we do not know belong to it.
    private static StoreDefinitions At(StoreDefinitions definitions, FormatVersion version)
        => definitions with { FormatVersion = version > FormatVersion.Current ? version : FormatVersion.Current };

    // A migration has moved things about: places in what it made are not places in what the person sees.
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

    // A document written by hand need not say its version: it is today's.
    private static FormatVersion? VersionOf(JsonElement root)
        => !root.TryGetProperty("formatVersion", out var value) ? FormatVersion.Current
            : value.ValueKind == JsonValueKind.String ? FormatVersion.Parse(value.GetString()) : null;

    private static ParsedDefinitions Broken(string path, string message, TextPosition? position)
        => new() { Problems = [new(path, message, position)] };
}
