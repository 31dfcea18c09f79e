using System.Reflection;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using PeakS3Feed.Definitions;
using PeakS3Feed.Destinations.Sqlite;
using PeakS3Feed.Store;

namespace PeakS3Feed.Tests.Store;

/// <summary>What <see cref="RecordReader"/> reads, held against what System.Text.Json reads.</summary>
public class RecordReaderTests
{
    private static readonly string[] Values =
    [
        "null", "true", "false", "0", "1", "-7", "2.5", "99999999999", "\"\"", "\"x\"", "\"None\"", "\"|\"", "\"2026-01-31\"", "\"2026-1-31\"", "\"31.01.2026\"",
        "\"2026-01-31T15:30:00Z\"", "\"07:00\"", "\"5m\"", "\"00:05:00\"", "\"1%\"", "\"1.0\"", "\"Csv\"", "\"csv\"", "\"Append\"", "\"Lf\"", "\"Auto\"",
        "\"0f8fad5b-d9cb-469f-a165-70867728950e\"", "[]", "[1]", "[\"x\"]", "[\"Monday\"]", "[\"Failed\", \"x\"]", "{}", "{ \"separator\": \"Pipe\", \"x\": 1 }", "[{ \"name\": \"a\", \"id\": \"0f8fad5b-d9cb-469f-a165-70867728950e\" }]",
        "[{ \"name\": \"a\", \"id\": \"0f8fad5b-d9cb-469f-a165-70867728950e\", \"type\": \"decimal(38,2)\", \"nullable\": false }]",
        "[{ \"name\": \"a\", \"id\": \"0f8fad5b-d9cb-469f-a165-70867728950e\", \"type\": \"colour\" }]",
    ];

    private static DefinitionFormat Format => DefinitionFormat.Default;

    private static JsonSerializerOptions Options => Format.Options;

    public static TheoryData<Type> Records => [.. typeof(DefinitionRecord).Assembly.GetTypes().Where(t => t.IsAssignableTo(typeof(DefinitionRecord)) && !t.IsAbstract)];

    [Theory]
    [MemberData(nameof(Records))]
    public void The_same_values_are_read_and_the_same_are_refused(Type record)
    {
        var typed = Options.GetTypeInfo(record);
        Assert.Equal(Names(typed), Format.Types.Of(record).Members.Select(m => m.Name));
        var read = 0;
        foreach (var member in typed.Properties.Select(p => p.AttributeProvider).OfType<PropertyInfo>())
        {
            // A null is removed before the text is read, unless it is unknown.
            foreach (var value in member.PropertyType.IsValueType ? Values : Values.Where(v => v != "null"))
            {
                var text = $$"""{ "{{JsonNamingPolicy.CamelCase.ConvertName(member.Name)}}": {{value}} }""";
                var (expected, found) = (Value(() => JsonSerializer.Deserialize(text, typed), member), Value(() => Read(text, record), member));
                Assert.True(Same(expected, found), $"{record.Name}.{member.Name}: {value} is {expected} and {found}");
                read += expected is Refused ? 0 : 1;
            }
        }

        Assert.True(read > 0 || typed.Properties.All(p => p.AttributeProvider is not PropertyInfo));
    }

    [Theory]
    [InlineData("""{ "feeds": [], "feeds": [] }""")]
    [InlineData("""{ "other": 1, "other": 2 }""")]
    [InlineData("""{ "other": [{ "a": 1, "a": 2 }] }""")]
    [InlineData("""{ "destinations": [{ "kind": "SQLite", "name": "d", "path": "p", "kind": "SQLite" }] }""")]
    [InlineData("""{ "destinations": [{ "name": "d", "path": "p" }] }""")]
    [InlineData("""{ "destinations": [{ "kind": "Oracle", "name": "d" }] }""")]
    [InlineData("""{ "destinations": [null] }""")]
    [InlineData("""{ "destinations": {} }""")]
    [InlineData("""{ "feeds": [1] }""")]
    [InlineData("""{} {}""")]
    [InlineData("""[]""")]
    [InlineData("""{ "feeds": [ """)]
    public void A_text_of_another_shape_is_refused(string text)
        => Assert.Null(DefinitionFormat.Default.TryRead(Encoding.UTF8.GetBytes(text)));

    [Fact]
    public void The_kind_may_come_last_and_unknown_members_are_kept()
    {
        const string Text = """
            // by hand
            { "destinations": [{ "name": "d", "later": { "kind": "x" }, "path": "p", "kind": "sqlite", }], "more": [1, { "a": null }], }
            """;
        var read = DefinitionFormat.Default.TryRead(Encoding.UTF8.GetBytes(Text));
        var destination = Assert.IsType<SqliteDestination>(Assert.Single(read!.Destinations));
        Assert.Equal(("d", "p"), (destination.Name, destination.Path));
        Assert.Equal("""{ "kind": "x" }""", destination.Unknown["later"].GetRawText());
        Assert.Equal("""[1, { "a": null }]""", read.Unknown["more"].GetRawText());
    }

    private static IEnumerable<string> Names(JsonTypeInfo type)
        => type.Properties.Where(p => p.AttributeProvider is PropertyInfo).Select(p => p.Name);

    private static DefinitionRecord Read(string text, Type record)
        => new RecordReader(Format.Types, new(() => Options)).Read(Encoding.UTF8.GetBytes(text), record);

    private static object? Value(Func<object?> read, PropertyInfo member)
    {
        try
        {
            return member.GetValue(read());
        }
        catch (Exception e) when (e is JsonException)
        {
            return new Refused(e is DefinitionValueException ? e.Message : null);
        }
    }

    private static bool Same(object? left, object? right)
        => left is System.Collections.IList a && right is System.Collections.IList b
            ? a.Cast<object>().SequenceEqual(b.Cast<object>())
            : Equals(left, right);

    /// <summary>A value that was refused.</summary>
    /// <param name="Why">What the project's own converters say; null for System.Text.Json.</param>
    private sealed record Refused(string? Why);
}
