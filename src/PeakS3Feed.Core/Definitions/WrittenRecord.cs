using System.Text.Json;

namespace PeakS3Feed.Definitions;

/// <summary>A record of the definitions file. Members that this version does not know stay with the record, so that they are written again.</summary>
public abstract record WrittenRecord
{
    /// <summary>Members of a later version, or of another program.</summary>
    internal UnknownMembers Unknown { get; init; } = [];
}

/// <summary>Members by name. They take no part in the equality of the record that has them.</summary>
internal sealed class UnknownMembers() : Dictionary<string, JsonElement>(StringComparer.Ordinal)
{
    public override bool Equals(object? obj) => obj is UnknownMembers;

    public override int GetHashCode() => 0;
}
