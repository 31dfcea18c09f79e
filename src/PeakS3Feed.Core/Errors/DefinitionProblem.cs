namespace PeakS3Feed.Errors;

/// <summary>One thing wrong with a definition (a connection, a feed, a destination).</summary>
/// <param name="Field">The property at fault, by its name in the definition.</param>
/// <param name="Message">What is wrong, in one sentence.</param>
/// <param name="Hint">How to mend it, in one sentence, or null.</param>
public sealed record DefinitionProblem(string Field, string Message, string? Hint = null);
