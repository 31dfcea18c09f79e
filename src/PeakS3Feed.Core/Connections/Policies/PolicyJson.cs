using System.Buffers;
using System.Text;
using System.Text.Json;

namespace PeakS3Feed.Connections.Policies;

/// <summary>
/// Writes policies as JSON. Escapes all non-ASCII characters, because IAM accepts none above U+00FF, and quotes, so that a document can be put in
/// single quotes in any shell.
/// </summary>
internal static class PolicyJson
{
    /// <summary>Returns the written JSON as text; if indented, with line feeds.</summary>
    public static string Text(Action<Utf8JsonWriter> write, bool indented = true)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer, new() { Indented = indented, NewLine = "\n" }))
            write(writer);
        return Encoding.ASCII.GetString(buffer.WrittenSpan);
    }

    /// <summary>Writes a whole policy.</summary>
    public static void Document(Utf8JsonWriter writer, params IReadOnlyList<PolicyStatement> statements)
    {
        writer.WriteStartObject();
        writer.WriteString("Version", "2012-10-17");
        writer.WriteStartArray("Statement");
        foreach (var statement in statements)
            Statement(writer, statement);
        writer.WriteEndArray();
        writer.WriteEndObject();
    }

    /// <summary>Writes a single statement.</summary>
    public static void Statement(Utf8JsonWriter writer, PolicyStatement statement)
    {
        writer.WriteStartObject();
        writer.WriteString("Sid", statement.Sid);
        writer.WriteString("Effect", statement.Denies ? "Deny" : "Allow");
        if (statement.Principal is { } principal)
        {
            writer.WriteStartObject("Principal");
            Values(writer, principal.Kind, principal.Values);
            writer.WriteEndObject();
        }
        Values(writer, "Action", statement.Actions);
        if (statement.Resources.Count > 0)
            Values(writer, "Resource", statement.Resources);
        if (statement.Conditions.Count > 0)
            Conditions(writer, statement.Conditions);
        writer.WriteEndObject();
    }

    private static void Conditions(Utf8JsonWriter writer, IReadOnlyList<PolicyCondition> conditions)
    {
        writer.WriteStartObject("Condition");
        foreach (var condition in conditions)
        {
            writer.WriteStartObject(condition.Operator);
            Values(writer, condition.Key, condition.Values);
            writer.WriteEndObject();
        }
        writer.WriteEndObject();
    }

    // A list of one value is written as that value.
    private static void Values(Utf8JsonWriter writer, string key, IReadOnlyList<string> values)
    {
        if (values is [var only])
        {
            writer.WriteString(key, only);
            return;
        }
        writer.WriteStartArray(key);
        foreach (var value in values)
            writer.WriteStringValue(value);
        writer.WriteEndArray();
    }
}
