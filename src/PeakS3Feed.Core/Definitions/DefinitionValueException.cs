using System.Text.Json;

namespace PeakS3Feed.Definitions;

/// <summary>
/// A value that a member cannot have. The message says for people what the value must be, because System.Text.Json's own messages name .NET types.
/// </summary>
public sealed class DefinitionValueException(string message) : JsonException(message);
