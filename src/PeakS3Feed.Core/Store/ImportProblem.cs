namespace PeakS3Feed.Store;

/// <summary>Something that is wrong with a document to import.</summary>
/// <param name="Path">Where, as a JSON path such as <c>$.feeds[0].csv.separator</c>.</param>
/// <param name="Line">The line, from 1, or null when not known.</param>
/// <param name="Message">What, in one sentence.</param>
/// <param name="Hint">How to mend it, or null.</param>
public sealed record ImportProblem(string Path, int? Line, string Message, string? Hint = null)
{
    /// <summary>For example <c>line 4, $.feeds[0].fileType: fileType must be Csv, Json or Ndjson.</c></summary>
    public override string ToString() => $"{(Line is { } line ? $"line {line}, " : "")}{Path}: {Message}";
}
