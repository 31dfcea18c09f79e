using System.Reflection;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using PeakS3Feed.Definitions;
using PeakS3Feed.Destinations;

namespace PeakS3Feed.Store;

/// <summary>What the JSON of definitions is read or written for.</summary>
internal enum ContractUse
{
    /// <summary>To read definitions. Unknown members are kept.</summary>
    Read,

    /// <summary>To write the definitions file. Unknown members are kept.</summary>
    Store,

    /// <summary>To compare definitions. Unknown members do not count.</summary>
    Compare,

    /// <summary>To write an export, without unknown members and without properties that belong to a store.</summary>
    Export,
}

/// <summary>
/// Creates the JSON contract of a <see cref="DefinitionRecord"/> from its properties. Properties with a setter are members, values that equal the
/// default are left out, and unknown members are kept.
/// </summary>
/// <param name="kinds">The kinds of destination.</param>
/// <param name="use">What the contract is for.</param>
internal sealed class DefinitionContract(DestinationKinds kinds, ContractUse use)
{
    public void Apply(JsonTypeInfo info)
    {
        if (info.Kind != JsonTypeInfoKind.Object || !typeof(DefinitionRecord).IsAssignableFrom(info.Type)) return;
        // The generated code would set all init-only properties, and those that the text leaves out to null. A record that is created first has
        // its defaults.
        var texts = new List<Action<object, object?>>();
        info.CreateObject = () => Create(info.Type, texts);
        var standard = use == ContractUse.Read ? null : Create(info.Type, []);
        var properties = info.Properties.ToList();
        info.Properties.Clear();
        if (KindOf(info) is { } kind) info.Properties.Add(kind);
        // Properties of a base record come first.
        foreach (var json in properties.Where(p => !IsOwn(p, info)).Concat(properties.Where(p => IsOwn(p, info))))
        {
            var member = (PropertyInfo)json.AttributeProvider!;
            var written = member.GetCustomAttribute<DefinitionMemberAttribute>() ?? new();
            if (member.SetMethod is null || written.Never || (written.StoreOnly && use == ContractUse.Export)) continue;
            var isText = json.IsRequired && member.PropertyType == typeof(string);
            Shape(json, member, written, standard);
            if (isText && use == ContractUse.Read) texts.Add(json.Set!);
            info.Properties.Add(json);
        }

        if (use is ContractUse.Read or ContractUse.Store) info.Properties.Add(Unknown(info));
    }

    private static bool IsOwn(JsonPropertyInfo json, JsonTypeInfo info) => ((PropertyInfo)json.AttributeProvider!).DeclaringType == info.Type;

    // A required text is "" until it is set, because no code expects null there.
    private static DefinitionRecord Create(Type type, List<Action<object, object?>> texts)
    {
        var record = (DefinitionRecord)Activator.CreateInstance(type)!;
        texts.ForEach(set => set(record, ""));
        return record;
    }

    // For each type of property that gets a setter or a condition, the runtime compiles code when a process starts. So a contract has only those
    // that it uses.
    private static void Shape(JsonPropertyInfo json, PropertyInfo member, DefinitionMemberAttribute written, DefinitionRecord? standard)
    {
        var always = written.Always || json.IsRequired;
        json.IsRequired = false;
        if (written.Converter is { } converter && json.CustomConverter is null)
            json.CustomConverter = (JsonConverter)Activator.CreateInstance(converter)!;
        if (standard is null)
        {
            json.Set = PropertySetter.Create(member);
            return;
        }

        var unless = written.Unless is { } name ? member.DeclaringType!.GetProperty(name) : null;
        var standardValue = json.Get!(standard);
        json.ShouldSerialize = (record, value) => always ? value is not null
            : unless is not null ? unless.GetValue(record) is false
            : !IsDefault(value, standardValue, json.Options);
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
