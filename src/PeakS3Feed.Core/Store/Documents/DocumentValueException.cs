using System.Text.Json;

namespace PeakS3Feed.Store.Documents;

/// <summary>A value that does not fit, said in a sentence for people; System.Text.Json's own speak of .NET types.</summary>
internal sealed class DocumentValueException(string message) : JsonException(message);
