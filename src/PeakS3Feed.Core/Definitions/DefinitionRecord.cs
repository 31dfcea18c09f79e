using System.Text.Json;
using System.Text.Json.Serialization;

namespace PeakS3Feed.Definitions;

/// <summary>
/// A record of the definitions file. The properties that can be set are its members; one that has its default is left out, unless
/// <see cref="DefinitionMemberAttribute"/> says otherwise. The record keeps members that this version does not know, and writes them again.
/// </summary>
public abstract record DefinitionRecord
{
    /// <summary>The members of a later version or of another program.</summary>
    internal UnknownMembers Unknown { get; init; } = [];
}

/// <summary>How a property of a <see cref="DefinitionRecord"/> is written to the definitions file and read from it.</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class DefinitionMemberAttribute : Attribute
{
    /// <summary>Whether the member is also written if it has its default.</summary>
    public bool Always { get; init; }

    /// <summary>Whether the property is not a member.</summary>
    public bool Never { get; init; }

    /// <summary>Whether the member concerns only its own store, so that exports leave it out.</summary>
    public bool StoreOnly { get; init; }

    /// <summary>Whether the member must be given. Properties that are <c>required</c> in C# need no mark.</summary>
    public bool Required { get; init; }

    /// <summary>
    /// The name of a boolean property of the record that is true if this member has its default; null to compare the value with the default.
    /// </summary>
    public string? Unless { get; init; }

    /// <summary>The type of the <see cref="JsonConverter"/>; null for the one of the property's type.</summary>
    public Type? Converter { get; init; }
}

/// <summary>Members by name. They do not count in the equality of their record.</summary>
internal sealed class UnknownMembers() : Dictionary<string, JsonElement>(StringComparer.Ordinal)
{
    public override bool Equals(object? obj) => obj is UnknownMembers;

    public override int GetHashCode() => 0;
}
