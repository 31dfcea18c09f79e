using System.Collections.Concurrent;
using System.Reflection;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using PeakS3Feed.Definitions;
using PeakS3Feed.Errors;

namespace PeakS3Feed.Store;

/// <summary>Finds required members that the text of a definition leaves out.</summary>
internal sealed class MissingMembers(DefinitionFormat format)
{
    private readonly JsonTypeInfo _root = format.Boxed.GetTypeInfo(typeof(StoreDefinitions));
    private readonly ConcurrentDictionary<Type, Members> _members = new();
    private readonly ConcurrentDictionary<string, JsonTypeInfo> _sections = new(StringComparer.Ordinal);

    /// <summary>Returns whether an object has this member, with a value other than null.</summary>
    public static bool Has(JsonElement element, params ReadOnlySpan<string> path)
    {
        foreach (var member in path)
        {
            if (element.ValueKind != JsonValueKind.Object || !element.TryGetProperty(member, out element)) return false;
        }

        return element.ValueKind != JsonValueKind.Null;
    }

    /// <summary>Finds the missing members of one definition.</summary>
    /// <param name="section">The member of the document that has the definition, for example <c>feeds</c>.</param>
    /// <param name="definition">The definition's text, of the right shape.</param>
    public List<DefinitionProblem> Find(string section, JsonElement definition)
    {
        var problems = new List<DefinitionProblem>();
        Find(definition, _sections.GetOrAdd(section, TypeOf), problems);
        return problems;
    }

    // Adds problems with fields relative to the value. Most definitions are complete, so paths are created only for problems.
    private void Find(JsonElement value, JsonTypeInfo type, List<DefinitionProblem> problems)
    {
        if (type.Converter is IDefinitionShape shape && shape.TypeOf(value, format.Boxed, out _) is { } inner) type = inner;
        if (type.Kind == JsonTypeInfoKind.Enumerable && value.ValueKind == JsonValueKind.Array)
        {
            var element = format.Boxed.GetTypeInfo(type.ElementType!);
            var index = 0;
            foreach (var item in value.EnumerateArray())
            {
                var known = problems.Count;
                Find(item, element, problems);
                if (problems.Count > known) AddParent($"[{index}]", problems, known);
                index++;
            }
        }
        else if (type.Kind == JsonTypeInfoKind.Object && value.ValueKind == JsonValueKind.Object)
        {
            var members = MembersOf(type);
            foreach (var name in members.Required)
            {
                if (IsMissing(value, name)) problems.Add(Problem(type, name));
            }

            foreach (var member in members.Nested)
            {
                if (!value.TryGetProperty(member.Name, out var found)) continue;
                var known = problems.Count;
                Find(found, member.Type, problems);
                if (problems.Count > known) AddParent(Field(member.Name), problems, known);
            }
        }
    }

    // Returns the required members of a type, and its members that have members of their own. Cached.
    private Members MembersOf(JsonTypeInfo type) => _members.TryGetValue(type.Type, out var known) ? known : _members.GetOrAdd(
        type.Type,
        new Members(
            format.RequiredMembers(type),
            [
                .. type.Properties.Where(p => !p.IsExtensionData && p.PropertyType != typeof(object))
                    .Select(p => new Member(p.Name, format.Boxed.GetTypeInfo(p.PropertyType)))
                    .Where(p => HasMembers(p.Type)),
            ]));

    private bool HasMembers(JsonTypeInfo type) => type.Converter is IDefinitionShape
        || type.Kind == JsonTypeInfoKind.Object
        || (type is { Kind: JsonTypeInfoKind.Enumerable, ElementType.IsValueType: false } && HasMembers(format.Boxed.GetTypeInfo(type.ElementType!)));

    private static DefinitionProblem Problem(JsonTypeInfo type, string name)
    {
        var values = type.Properties.Single(p => p.Name == name).AttributeProvider is PropertyInfo { PropertyType: { IsEnum: true } choice }
            ? $"Write one of {string.Join(", ", Enum.GetNames(choice))}."
            : null;
        return new(Field(name), $"{name} is missing.", values);
    }

    private static bool IsMissing(JsonElement value, string name)
        => !value.TryGetProperty(name, out var member) || member.ValueKind == JsonValueKind.Null
            || (member.ValueKind == JsonValueKind.String && string.IsNullOrWhiteSpace(member.GetString()));

    private static void AddParent(string parent, List<DefinitionProblem> problems, int from)
    {
        for (var at = from; at < problems.Count; at++)
        {
            var field = problems[at].Field;
            problems[at] = problems[at] with { Field = field.StartsWith('[') ? parent + field : $"{parent}.{field}" };
        }
    }

    private static string Field(string name) => char.ToUpperInvariant(name[0]) + name[1..];

    private JsonTypeInfo TypeOf(string section)
    {
        var list = format.Boxed.GetTypeInfo(_root.Properties.Single(p => p.Name == section).PropertyType);
        return format.Boxed.GetTypeInfo(list.ElementType!);
    }

    private sealed record Members(IReadOnlyList<string> Required, IReadOnlyList<Member> Nested);

    private sealed record Member(string Name, JsonTypeInfo Type);
}
