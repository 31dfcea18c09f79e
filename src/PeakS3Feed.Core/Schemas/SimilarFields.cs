namespace PeakS3Feed.Schemas;

/// <summary>Finds an earlier column whose field has a similar name, so that people may confuse the two.</summary>
internal sealed class SimilarFields
{
    private readonly Dictionary<string, FeedColumn> _byWords = new(StringComparer.Ordinal);
    private readonly Dictionary<string, FeedColumn> _byFolded = new(StringComparer.Ordinal);

    /// <summary>
    /// Returns the earlier column whose field has the same snake_case name, or differs only in case, surrounding blanks or Unicode form; or null.
    /// </summary>
    public FeedColumn? Find(FeedColumn column)
        => _byFolded.GetValueOrDefault(FieldNames.Fold(column.Field))
            ?? (SnakeCase.From(column.Field) is { Length: > 0 } words ? _byWords.GetValueOrDefault(words) : null);

    /// <summary>Adds a column for later comparisons.</summary>
    public void Add(FeedColumn column)
    {
        _byFolded.TryAdd(FieldNames.Fold(column.Field), column);
        if (SnakeCase.From(column.Field) is { Length: > 0 } words)
            _byWords.TryAdd(words, column);
    }

    /// <summary>Adds columns for later comparisons.</summary>
    public void AddRange(IEnumerable<FeedColumn> columns)
    {
        foreach (var column in columns)
            Add(column);
    }
}
