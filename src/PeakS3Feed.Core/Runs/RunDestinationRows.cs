using System.Buffers;
using System.Text;
using System.Text.Json;

namespace PeakS3Feed.Runs;

/// <summary>
/// A run's destinations in the history: a JSON array with an object for each, whose members are named like the properties of
/// <see cref="RunDestination"/>. Each run writes it, and a serializer's metadata for it would take 15 ms to create.
/// </summary>
internal static class RunDestinationRows
{
    /// <summary>Returns the JSON; null for no destinations.</summary>
    public static string? Write(IReadOnlyList<RunDestination> destinations)
    {
        if (destinations.Count == 0)
            return null;
        var text = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(text))
        {
            json.WriteStartArray();
            foreach (var destination in destinations)
                Write(json, destination);
            json.WriteEndArray();
        }
        return Encoding.UTF8.GetString(text.WrittenSpan);
    }

    /// <summary>
    /// Reads the JSON. A number, a load path or an error may be missing. Throws if the text is otherwise not what
    /// <see cref="Write(IReadOnlyList{RunDestination})"/> returns.
    /// </summary>
    public static IReadOnlyList<RunDestination> Read(string text)
    {
        using var json = JsonDocument.Parse(text);
        return [.. json.RootElement.EnumerateArray().Select(Read)];
    }

    private static void Write(Utf8JsonWriter json, RunDestination destination)
    {
        json.WriteStartObject();
        json.WriteString(nameof(RunDestination.Name), destination.Name);
        json.WriteString(nameof(RunDestination.Status), destination.Status.ToString());
        json.WriteNumber(nameof(RunDestination.ObjectsPlanned), destination.ObjectsPlanned);
        json.WriteNumber(nameof(RunDestination.ObjectsLoaded), destination.ObjectsLoaded);
        json.WriteNumber(nameof(RunDestination.RowsLoaded), destination.RowsLoaded);
        json.WriteNumber(nameof(RunDestination.RowsRejected), destination.RowsRejected);
        json.WriteNumber(nameof(RunDestination.Commits), destination.Commits);
        json.WriteString(nameof(RunDestination.LoadPath), destination.LoadPath);
        json.WriteString(nameof(RunDestination.ErrorId), destination.ErrorId);
        json.WriteString(nameof(RunDestination.Error), destination.Error);
        json.WriteEndObject();
    }

    private static RunDestination Read(JsonElement json) => new()
    {
        Name = json.GetProperty(nameof(RunDestination.Name)).GetString()!,
        Status = Enum.Parse<RunStatus>(json.GetProperty(nameof(RunDestination.Status)).GetString()!),
        ObjectsPlanned = Number(json, nameof(RunDestination.ObjectsPlanned)),
        ObjectsLoaded = Number(json, nameof(RunDestination.ObjectsLoaded)),
        RowsLoaded = Number(json, nameof(RunDestination.RowsLoaded)),
        RowsRejected = Number(json, nameof(RunDestination.RowsRejected)),
        Commits = (int)Number(json, nameof(RunDestination.Commits)),
        LoadPath = TextOrNull(json, nameof(RunDestination.LoadPath)),
        ErrorId = TextOrNull(json, nameof(RunDestination.ErrorId)),
        Error = TextOrNull(json, nameof(RunDestination.Error)),
    };

    // A store of an earlier version may be without a member.
    private static long Number(JsonElement json, string name) => json.TryGetProperty(name, out var value) ? value.GetInt64() : 0;

    private static string? TextOrNull(JsonElement json, string name) => json.TryGetProperty(name, out var value) ? value.GetString() : null;
}
