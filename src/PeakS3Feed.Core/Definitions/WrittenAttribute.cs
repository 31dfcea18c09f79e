namespace PeakS3Feed.Definitions;

/// <summary>How a property of a <see cref="WrittenRecord"/> is written, where that differs from the rule: nothing for a default.</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class WrittenAttribute : Attribute
{
    /// <summary>Whether it is also written where it has its default.</summary>
    public bool Always { get; init; }

    /// <summary>Whether it is never written.</summary>
    public bool Never { get; init; }

    /// <summary>Whether it is a matter of its own store, so that exports leave it out.</summary>
    public bool StoreOnly { get; init; }

    /// <summary>Whether a text without it cannot be read. Properties that are <c>required</c> in C# need no mark.</summary>
    public bool Required { get; init; }

    /// <summary>The boolean property of the record that says that this one has its default; null where the values are compared.</summary>
    public string? Unless { get; init; }

    /// <summary>The type of the <see cref="System.Text.Json.Serialization.JsonConverter"/>; null for that of the property's type.</summary>
    public Type? Converter { get; init; }
}
