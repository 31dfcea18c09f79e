using System.Text.Json;

namespace PeakS3Feed.Definitions;

/// <summary>A value that does not fit, said for people: what the member must be. System.Text.Json's own messages speak of .NET types.</summary>
public sealed class WrittenValueException(string message) : JsonException(message);
