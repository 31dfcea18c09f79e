namespace PeakS3Feed.Store.Documents;

/// <summary>What keeps a document from being read.</summary>
/// <param name="Path">Where, as a JSON path such as <c>$.feeds[0].csv.separator</c>.</param>
/// <param name="Message">What, in one sentence.</param>
/// <param name="Position">Where in the text, when known.</param>
/// <param name="Hint">How to mend it, or null.</param>
internal sealed record DocumentProblem(string Path, string Message, TextPosition? Position = null, string? Hint = null);
