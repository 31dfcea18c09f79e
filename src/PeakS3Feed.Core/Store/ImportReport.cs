namespace PeakS3Feed.Store;

/// <summary>What an import does, or what keeps it from doing it.</summary>
public sealed record ImportReport
{
    /// <summary>The store after the import; the one before it when there are problems.</summary>
    public required StoreDefinitions Definitions { get; init; }

    /// <summary>What becomes of each definition of the document: connections, destinations, then feeds. Empty when there are problems.</summary>
    public IReadOnlyList<ImportChange> Changes { get; init; } = [];

    /// <summary>Everything that is wrong with the document, in the text's order.</summary>
    public IReadOnlyList<ImportProblem> Problems { get; init; } = [];
}

/// <summary>What an import did with one definition.</summary>
/// <param name="Kind"><c>connection</c>, <c>destination</c>, <c>feed</c>, <c>trigger</c> or <c>watcher</c>.</param>
/// <param name="Name">Its name.</param>
/// <param name="Outcome">What was done.</param>
public sealed record ImportChange(string Kind, string Name, ImportOutcome Outcome)
{
    /// <summary>Whether the policy that was made for the connection no longer fits it, so that the role needs a new one.</summary>
    public bool OutdatesPolicy { get; init; }
}

/// <summary>What an import did with a definition.</summary>
public enum ImportOutcome
{
    /// <summary>It was not there before.</summary>
    Added,

    /// <summary>It took the place of another.</summary>
    Changed,

    /// <summary>It was there, just so.</summary>
    Unchanged,
}

/// <summary>Something that is wrong with a document to import.</summary>
/// <param name="Path">Where, as a JSON path such as <c>$.feeds[0].csv.separator</c>.</param>
/// <param name="Line">The line, from 1, or null when not known.</param>
/// <param name="Message">What, in one sentence.</param>
/// <param name="Hint">How to fix it, or null.</param>
public sealed record ImportProblem(string Path, int? Line, string Message, string? Hint = null)
{
    /// <summary>For example <c>line 4, $.feeds[0].fileType: fileType must be Csv, Json or Ndjson.</c></summary>
    public override string ToString() => $"{(Line is { } line ? $"line {line}, " : "")}{Path}: {Message}";
}
