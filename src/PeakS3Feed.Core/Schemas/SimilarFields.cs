namespace PeakS3Feed.Schemas;

/// <summary>Finds, for a new column, an earlier one whose field has a name so similar that people may take them for one.</summary>
internal sealed class SimilarFields
{
    private readonly Dictionary<string, FeedColumn> _byWords = new(StringComparer.Ordinal);
    private readonly Dictionary<string, FeedColumn> _byFolded = new(StringComparer.Ordinal);

    /// <summary>The earlier column whose field gives the same snake_case name or differs only in case, outer blanks or Unicode form; or null.</summary>
    public FeedColumn? Find(FeedColumn column)
        => _byFolded.GetValueOrDefault(FieldNames.Fold(column.Field))
            ?? (SnakeCase.From(column.Field) is { Length: > 0 } words ? _byWords.GetValueOrDefault(words) : null);

    /// <summary>Adds a column that later ones are compared with.</summary>
    public void Add(FeedColumn column)
    {
        _byFolded.TryAdd(FieldNames.Fold(column.Field), column);
        if (SnakeCase.From(column.Field) is { Length: > 0 } words)
            _byWords.TryAdd(words, column);
    }

    /// <summary>Adds columns that later ones are compared with.</summary>
    public void AddRange(IEnumerable<FeedColumn> columns)
    {
        foreach (var column in columns)
            Add(column);
    }
}
