using System.Text.Encodings.Web;
using System.Text.Json;

namespace PeakS3Feed.Store.Documents;

/// <summary>Writes definitions for people: indented, and with paths and letters of all scripts readable, for the file is no web page.</summary>
internal static class DefinitionsFormat
{
    /// <summary>The types of the documents.</summary>
    public static DefinitionsJson Types { get; }
        = new(new JsonSerializerOptions(DefinitionsJson.Default.Options) { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping });

    /// <summary>The document as UTF-8, with a line end after it.</summary>
    public static byte[] Write(DefinitionsDocument document)
        => [.. JsonSerializer.SerializeToUtf8Bytes(document, Types.DefinitionsDocument), (byte)'\n'];
}
