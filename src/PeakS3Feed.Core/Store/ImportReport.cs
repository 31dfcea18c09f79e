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
