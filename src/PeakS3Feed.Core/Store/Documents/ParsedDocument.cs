using System.Diagnostics.CodeAnalysis;

namespace PeakS3Feed.Store.Documents;

/// <summary>What came of reading a document: the document, or what is wrong with it, or a version that is too new.</summary>
internal sealed record ParsedDocument
{
    /// <summary>The version it says it has.</summary>
    public FormatVersion Version { get; init; } = FormatVersion.Current;

    /// <summary>The document; null when there are problems.</summary>
    public DefinitionsDocument? Document { get; init; }

    /// <summary>What is wrong, in the text's order; empty when it could be read.</summary>
    public IReadOnlyList<DocumentProblem> Problems { get; init; } = [];

    /// <summary>Finds the place of a path in the text; null where a migration moved things about.</summary>
    public Lazy<JsonPositions>? Positions { get; init; }

    /// <summary>Whether there is a document.</summary>
    [MemberNotNullWhen(true, nameof(Document))]
    public bool IsReadable => Document is not null;
}
