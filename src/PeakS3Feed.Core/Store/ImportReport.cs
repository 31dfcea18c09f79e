namespace PeakS3Feed.Store;

/// <summary>The result of an import: changes, or problems that prevent it.</summary>
public sealed record ImportReport
{
    /// <summary>The definitions after the import; unchanged if there are problems.</summary>
    public required StoreDefinitions Definitions { get; init; }

    /// <summary>The changes of all definitions of the document: connections, destinations, then feeds. Empty if there are problems.</summary>
    public IReadOnlyList<ImportChange> Changes { get; init; } = [];

    /// <summary>All problems of the document, in the order of the text.</summary>
    public IReadOnlyList<ImportProblem> Problems { get; init; } = [];
}

/// <summary>The result of an import for one definition.</summary>
/// <param name="Kind"><c>connection</c>, <c>destination</c>, <c>feed</c>, <c>trigger</c> or <c>watcher</c>.</param>
/// <param name="Name">Its name.</param>
/// <param name="Outcome">What was done.</param>
public sealed record ImportChange(string Kind, string Name, ImportOutcome Outcome)
{
    /// <summary>Whether the policy created for the connection no longer covers it, so that the role needs a new one.</summary>
    public bool OutdatesPolicy { get; init; }

    /// <summary>The name.</summary>
    public override string ToString() => Name;
}

/// <summary>What an import did with a definition.</summary>
public enum ImportOutcome
{
    /// <summary>The definition is new.</summary>
    Added,

    /// <summary>The definition replaced an existing one.</summary>
    Changed,

    /// <summary>An equal definition existed.</summary>
    Unchanged,
}

/// <summary>A problem of a document to import.</summary>
/// <param name="Path">The JSON path, such as <c>$.feeds[0].csv.separator</c>.</param>
/// <param name="Line">The line, from 1; null if unknown.</param>
/// <param name="Message">The problem, in one sentence.</param>
/// <param name="Hint">How to fix it, or null.</param>
public sealed record ImportProblem(string Path, int? Line, string Message, string? Hint = null)
{
    /// <summary>For example <c>line 4, $.feeds[0].fileType: fileType must be Csv, Json or Ndjson.</c></summary>
    public override string ToString() => $"{(Line is { } line ? $"line {line}, " : "")}{Path}: {Message}";
}
