using System.Collections.Concurrent;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using PeakS3Feed.Definitions;
using PeakS3Feed.Errors;

namespace PeakS3Feed.Store;

/// <summary>Finds required members that the text of a definition leaves out.</summary>
internal sealed class MissingMembers(DefinitionFormat format)
{
    private readonly JsonTypeInfo _root = format.Options.GetTypeInfo(typeof(StoreDefinitions));
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
        Find(definition, _sections.GetOrAdd(section, TypeOf), "", problems);
        return problems;
    }

    private void Find(JsonElement value, JsonTypeInfo type, string field, List<DefinitionProblem> problems)
    {
        if (type.Converter is IDefinitionShape shape && shape.TypeOf(value, format.Options, out _) is { } inner) type = inner;
        if (type.Kind == JsonTypeInfoKind.Enumerable && value.ValueKind == JsonValueKind.Array)
        {
            var element = format.Options.GetTypeInfo(type.ElementType!);
            var index = 0;
            foreach (var item in value.EnumerateArray()) Find(item, element, $"{field}[{index++}]", problems);
        }
        else if (type.Kind == JsonTypeInfoKind.Object && value.ValueKind == JsonValueKind.Object)
        {
            var (required, nested) = MembersOf(type);
            foreach (var name in required)
            {
                if (IsMissing(value, name)) problems.Add(Problem(type, field, name));
            }

            foreach (var (name, member) in nested)
            {
                if (value.TryGetProperty(name, out var found)) Find(found, member, Field(field, name), problems);
            }
        }
    }

    // Returns the required members of a type, and its members that have members of their own. Cached.
    private Members MembersOf(JsonTypeInfo type) => _members.GetOrAdd(
        type.Type,
        _ => new(
            format.RequiredMembers(type),
            [
                .. type.Properties.Where(p => !p.IsExtensionData)
                    .Select(p => (p.Name, Type: format.Options.GetTypeInfo(p.PropertyType)))
                    .Where(p => HasMembers(p.Type)),
            ]));

    private bool HasMembers(JsonTypeInfo type) => type.Converter is IDefinitionShape
        || type.Kind == JsonTypeInfoKind.Object
        || (type.Kind == JsonTypeInfoKind.Enumerable && HasMembers(format.Options.GetTypeInfo(type.ElementType!)));

    private static DefinitionProblem Problem(JsonTypeInfo type, string field, string name)
    {
        var values = type.Properties.Single(p => p.Name == name).PropertyType is { IsEnum: true } choice
            ? $"Write one of {string.Join(", ", Enum.GetNames(choice))}."
            : null;
        return new(Field(field, name), $"{name} is missing.", values);
    }

    private static bool IsMissing(JsonElement value, string name)
        => !Has(value, name) || (value.GetProperty(name) is { ValueKind: JsonValueKind.String } text && string.IsNullOrWhiteSpace(text.GetString()));

    private static string Field(string parent, string name) => (parent.Length == 0 ? "" : parent + ".") + char.ToUpperInvariant(name[0]) + name[1..];

    private JsonTypeInfo TypeOf(string section)
    {
        var list = format.Options.GetTypeInfo(_root.Properties.Single(p => p.Name == section).PropertyType);
        return format.Options.GetTypeInfo(list.ElementType!);
    }

    private sealed record Members(IReadOnlyList<string> Required, IReadOnlyList<(string Name, JsonTypeInfo Type)> Nested);
}
