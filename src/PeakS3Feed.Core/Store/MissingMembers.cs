using System.Text.Json;
using PeakS3Feed.Destinations;
using PeakS3Feed.Errors;

namespace PeakS3Feed.Store;

/// <summary>Finds required members that the text of a definition leaves out.</summary>
internal sealed class MissingMembers(DefinitionFormat format)
{
    private readonly RecordTypes _types = format.Types;

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
        var list = _types.Of(typeof(StoreDefinitions)).Members.Single(m => m.Name == section);
        Find(definition, RecordTypes.ElementOf(list.Type)!, problems);
        return problems;
    }

    // Adds problems with fields relative to the value. Most definitions are complete, so paths are created only for problems.
    private void Find(JsonElement value, Type type, List<DefinitionProblem> problems)
    {
        if (RecordTypes.ElementOf(type) is { } element && value.ValueKind == JsonValueKind.Array)
        {
            if (!HasMembers(element)) return;
            var index = 0;
            foreach (var item in value.EnumerateArray())
            {
                var known = problems.Count;
                Find(item, element, problems);
                if (problems.Count > known) AddParent($"[{index}]", problems, known);
                index++;
            }
        }
        else if (value.ValueKind == JsonValueKind.Object && TypeOf(value, type) is { } record)
        {
            foreach (var member in _types.Of(record).Members)
            {
                if (member.IsRequired && IsMissing(value, member.Name)) problems.Add(Problem(member));
                if (!HasMembers(member.Type) || !value.TryGetProperty(member.Name, out var found)) continue;
                var known = problems.Count;
                Find(found, member.Type, problems);
                if (problems.Count > known) AddParent(Field(member.Name), problems, known);
            }
        }
    }

    private static bool HasMembers(Type type)
        => RecordTypes.IsRecord(type) || (RecordTypes.ElementOf(type) is { } element && HasMembers(element));

    // Null for a value whose type is not known; that is a problem of its shape.
    private Type? TypeOf(JsonElement value, Type type)
        => type != typeof(S3FeedDestination) ? (RecordTypes.IsRecord(type) ? type : null)
            : value.TryGetProperty(DestinationConverter.KindMember, out var kind) && kind.ValueKind == JsonValueKind.String
                ? _types.OfKind(kind.GetString()!)
                : null;

    private static DefinitionProblem Problem(RecordMember member)
    {
        var values = member.Type.IsEnum ? $"Write one of {string.Join(", ", Enum.GetNames(member.Type))}." : null;
        return new(Field(member.Name), $"{member.Name} is missing.", values);
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
}
