using System.Collections.Concurrent;
using System.Reflection;
using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Text.Json.Serialization;
using PeakS3Feed.Definitions;
using PeakS3Feed.Destinations;
using PeakS3Feed.Schemas;

namespace PeakS3Feed.Store;

/// <summary>A member of the JSON of a record, and the property that has its value.</summary>
internal sealed class RecordMember
{
    private readonly PropertyInfo _property;
    private Action<object, object?>? _set;

    public RecordMember(PropertyInfo property, DefinitionMemberAttribute written)
    {
        _property = property;
        Name = JsonNamingPolicy.CamelCase.ConvertName(property.Name);
        var isRequired = property.IsDefined(typeof(RequiredMemberAttribute));
        IsRequired = isRequired || written.Required;
        IsRequiredText = isRequired && Type == typeof(string);
        Converter = written.Converter;
    }

    /// <summary>The name in the JSON.</summary>
    public string Name { get; }

    /// <summary>The type of the property.</summary>
    public Type Type => _property.PropertyType;

    /// <summary>Whether a text must have the member.</summary>
    public bool IsRequired { get; }

    /// <summary>Whether the property is a text that is <c>required</c> in C#. It is "" until it is set, because no code expects null there.</summary>
    public bool IsRequiredText { get; }

    /// <summary>The type of the converter of the member; null for the one of the property's type.</summary>
    public Type? Converter { get; }

    /// <summary>Sets the property.</summary>
    public void Set(DefinitionRecord record, object? value) => (_set ??= PropertySetter.Create(_property))(record, value);
}

/// <summary>A type of record, with its members; those of a base record come first.</summary>
internal sealed class RecordType
{
    private const BindingFlags Declared = BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.DeclaredOnly;
    private readonly Type _type;

    public RecordType(Type type)
    {
        _type = type;
        var members = new List<RecordMember>();
        AddMembers(type, members);
        Members = members;
        NeedsSerializer = members.Exists(m => m.Converter is { } converter && !typeof(IBoxedReader).IsAssignableFrom(converter));
    }

    public IReadOnlyList<RecordMember> Members { get; }

    /// <summary>Whether only System.Text.Json reads the type: a kind of destination of another assembly has a converter of its own.</summary>
    public bool NeedsSerializer { get; }

    /// <summary>Creates a record with its defaults.</summary>
    public DefinitionRecord Create() => (DefinitionRecord)Activator.CreateInstance(_type)!;

    private static void AddMembers(Type type, List<RecordMember> members)
    {
        if (type.BaseType is { } parent && parent != typeof(DefinitionRecord)) AddMembers(parent, members);
        foreach (var property in type.GetProperties(Declared))
        {
            if (property.SetMethod is null || !(property.GetMethod!.IsPublic || property.IsDefined(typeof(JsonIncludeAttribute)))) continue;
            var written = property.GetCustomAttribute<DefinitionMemberAttribute>() ?? new();
            if (!written.Never) members.Add(new(property, written));
        }
    }
}

/// <summary>The types of records, and which type describes a value.</summary>
internal sealed class RecordTypes(DestinationKinds kinds)
{
    private readonly ConcurrentDictionary<Type, RecordType> _types = new();

    public RecordType Of(Type type) => _types.TryGetValue(type, out var known) ? known : _types.GetOrAdd(type, static t => new(t));

    /// <summary>Returns the type of a destination of this kind, or null if there is no such kind.</summary>
    public Type? OfKind(string kind) => kinds.Find(kind)?.DefinitionType;

    /// <summary>Returns the type of the elements, or null if the type is not a list.</summary>
    public static Type? ElementOf(Type type)
        => type == typeof(FeedSchema) ? typeof(ColumnDefinition)
            : type.IsGenericType && type.GetGenericTypeDefinition() == typeof(IReadOnlyList<>) ? type.GetGenericArguments()[0]
            : null;

    /// <summary>Returns whether the type is one of records.</summary>
    public static bool IsRecord(Type type) => typeof(DefinitionRecord).IsAssignableFrom(type);
}
