namespace PeakS3Feed.Errors;

/// <summary>One problem of a definition.</summary>
/// <param name="Field">The property at fault, by its name in the definition.</param>
/// <param name="Message">The problem, in one sentence.</param>
/// <param name="Hint">How to fix it, in one sentence, or null.</param>
public sealed record DefinitionProblem(string Field, string Message, string? Hint = null);
