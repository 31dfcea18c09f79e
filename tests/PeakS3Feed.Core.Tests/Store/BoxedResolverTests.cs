using System.Reflection;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using PeakS3Feed.Definitions;
using PeakS3Feed.Store;

namespace PeakS3Feed.Tests.Store;

/// <summary>Boxed properties, held against properties of the values' own types.</summary>
public class BoxedResolverTests
{
    private static readonly string[] Values =
    [
        "null", "true", "false", "0", "1", "-7", "2.5", "99999999999", "\"\"", "\"x\"", "\"None\"", "\"|\"", "\"2026-01-31\"", "\"2026-1-31\"", "\"31.01.2026\"",
        "\"2026-01-31T15:30:00Z\"", "\"07:00\"", "\"5m\"", "\"00:05:00\"", "\"1%\"", "\"1.0\"", "\"Csv\"", "\"csv\"", "\"Append\"", "\"Lf\"", "\"Auto\"",
        "\"0f8fad5b-d9cb-469f-a165-70867728950e\"", "[]", "[1]", "{}",
    ];

    public static TheoryData<Type> Records => [.. typeof(DefinitionRecord).Assembly.GetTypes().Where(t => t.IsAssignableTo(typeof(DefinitionRecord)) && !t.IsAbstract)];

    [Theory]
    [MemberData(nameof(Records))]
    public void The_same_values_are_read_and_the_same_are_refused(Type record)
    {
        var (boxed, typed) = (TypeOf(DefinitionFormat.Default.Boxed, record), TypeOf(DefinitionFormat.Default.Options, record));
        Assert.Equal(Names(typed), Names(boxed));
        var read = 0;
        foreach (var member in typed.Properties.Select(p => p.AttributeProvider).OfType<PropertyInfo>().Where(p => p.PropertyType.IsValueType))
        {
            foreach (var value in Values)
            {
                var text = $$"""{ "{{JsonNamingPolicy.CamelCase.ConvertName(member.Name)}}": {{value}} }""";
                var (expected, found) = (Read(text, typed, member), Read(text, boxed, member));
                Assert.True(Equals(expected, found), $"{record.Name}.{member.Name}: {value} is {expected} and {found}");
                read += expected is Refused ? 0 : 1;
            }
        }

        Assert.True(read > 0 || typed.Properties.All(p => p.AttributeProvider is not PropertyInfo { PropertyType.IsValueType: true }));
    }

    private static JsonTypeInfo TypeOf(JsonSerializerOptions options, Type record) => options.GetTypeInfo(record);

    private static IEnumerable<string> Names(JsonTypeInfo type) => type.Properties.Select(p => p.Name).Order(StringComparer.Ordinal);

    private static object? Read(string text, JsonTypeInfo type, PropertyInfo member)
    {
        try
        {
            return member.GetValue(JsonSerializer.Deserialize(text, type));
        }
        catch (Exception e) when (e is JsonException or DefinitionValueException)
        {
            return new Refused(e is DefinitionValueException ? e.Message : null);
        }
    }

    /// <summary>A value that was refused.</summary>
    /// <param name="Why">What the project's own converters say; null for System.Text.Json.</param>
    private sealed record Refused(string? Why);
}
