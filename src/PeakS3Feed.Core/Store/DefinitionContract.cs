using System.Reflection;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using PeakS3Feed.Definitions;
using PeakS3Feed.Destinations;

namespace PeakS3Feed.Store;

/// <summary>
/// Creates the JSON contract of a <see cref="DefinitionRecord"/> from its properties. Properties with a setter are members, values that equal the
/// default are left out, and unknown members are kept.
/// </summary>
/// <param name="kinds">The kinds of destination.</param>
/// <param name="keepsUnknown">Whether unknown members are read and written.</param>
/// <param name="forExport">Whether properties that belong to one store are left out.</param>
internal sealed class DefinitionContract(DestinationKinds kinds, bool keepsUnknown, bool forExport)
{
    private readonly Dictionary<Type, IReadOnlyList<string>> _required = [];

    /// <summary>Returns the members that a text of this type must have.</summary>
    public IReadOnlyList<string> RequiredMembers(Type type)
    {
        lock (_required) return _required.GetValueOrDefault(type, []);
    }

    public void Apply(JsonTypeInfo info)
    {
        if (info.Kind != JsonTypeInfoKind.Object || !typeof(DefinitionRecord).IsAssignableFrom(info.Type)) return;
        // The generated code would set all init-only properties, and those that the text leaves out to null. A record that is created first has
        // its defaults.
        var texts = new List<PropertyInfo>();
        info.CreateObject = () => Create(info.Type, texts);
        var standard = Create(info.Type, []);
        var required = new List<string>();
        var properties = info.Properties.Select(p => (Json: p, Member: (PropertyInfo)p.AttributeProvider!)).ToList();
        info.Properties.Clear();
        if (KindOf(info) is { } kind) info.Properties.Add(kind);
        // Properties of a base record come first.
        foreach (var (json, member) in properties.OrderBy(p => p.Member.DeclaringType == info.Type ? 1 : 0))
        {
            var written = member.GetCustomAttribute<DefinitionMemberAttribute>() ?? new();
            if (member.SetMethod is null || written.Never || (written.StoreOnly && forExport)) continue;
            if (json.IsRequired || written.Required) required.Add(json.Name);
            if (json.IsRequired && member.PropertyType == typeof(string)) texts.Add(member);
            Shape(json, member, written, standard);
            info.Properties.Add(json);
        }

        if (keepsUnknown) info.Properties.Add(Unknown(info));
        lock (_required) _required[info.Type] = required;
    }

    // A required text is "" until it is set, because no code expects null there.
    private static DefinitionRecord Create(Type type, List<PropertyInfo> texts)
    {
        var record = (DefinitionRecord)Activator.CreateInstance(type)!;
        texts.ForEach(t => t.SetValue(record, ""));
        return record;
    }

    private static void Shape(JsonPropertyInfo json, PropertyInfo member, DefinitionMemberAttribute written, DefinitionRecord standard)
    {
        var always = written.Always || json.IsRequired;
        var unless = written.Unless is { } name ? member.DeclaringType!.GetProperty(name) : null;
        json.IsRequired = false;
        json.Set = member.SetValue;
        if (written.Converter is { } converter) json.CustomConverter = (JsonConverter)Activator.CreateInstance(converter)!;
        json.ShouldSerialize = (record, value) => always ? value is not null
            : unless is not null ? unless.GetValue(record) is false
            : !IsDefault(value, member.GetValue(standard), json.Options);
    }

    private static bool IsDefault(object? value, object? standard, JsonSerializerOptions options) => value switch
    {
        DefinitionRecord record => !HasMembers(record, options.GetTypeInfo(record.GetType())),
        System.Collections.ICollection { Count: 0 } => standard is System.Collections.ICollection { Count: 0 },
        _ => Equals(value, standard),
    };

    private static bool HasMembers(DefinitionRecord record, JsonTypeInfo info) => info.Properties.Any(
        p => p.IsExtensionData ? record.Unknown.Count > 0 : p.ShouldSerialize?.Invoke(record, p.Get!(record)) != false);

    private static JsonPropertyInfo Unknown(JsonTypeInfo info)
    {
        var unknown = info.CreateJsonPropertyInfo(typeof(UnknownMembers), "unknown");
        unknown.IsExtensionData = true;
        unknown.Get = record => ((DefinitionRecord)record).Unknown;
        unknown.Set = (_, _) => throw new InvalidOperationException("Every record has a dictionary.");
        return unknown;
    }

    private JsonPropertyInfo? KindOf(JsonTypeInfo info)
    {
        if (kinds.All.FirstOrDefault(k => k.DefinitionType == info.Type) is not { } kind) return null;
        var member = info.CreateJsonPropertyInfo(typeof(string), DestinationConverter.KindMember);
        member.Get = _ => kind.Name;
        member.Set = (_, _) => { }; // the type of the record determines the kind
        return member;
    }
}
