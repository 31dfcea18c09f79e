namespace PeakS3Feed.Errors;

/// <summary>One thing that is wrong with a definition.</summary>
/// <param name="Field">The property at fault, as the definition spells it, for example <c>PrimaryKey</c> or <c>Csv.Separator</c>.</param>
/// <param name="Message">What is wrong, in one sentence.</param>
/// <param name="Hint">How to mend it, or null.</param>
public sealed record DefinitionProblem(string Field, string Message, string? Hint = null);
