using PeakS3Feed.Errors;
using PeakS3Feed.Schemas;

namespace PeakS3Feed.Store.Documents;

/// <summary>Schemas to and from their documents, an array of columns.</summary>
internal static class SchemaMapping
{
    /// <summary>The schema, or null when there is none yet (an empty array counts as none).</summary>
    public static FeedSchema? ToDefinition(List<ColumnDocument>? columns, List<DefinitionProblem> problems)
        => columns is { Count: > 0 } ? new(columns.Select((c, i) => Column(c, i, problems))) : null;

    public static List<ColumnDocument>? ToDocument(FeedSchema? schema) => schema?.Columns.Select(WrittenColumn.From).Select(c => new ColumnDocument
    {
        Name = c.Name,
        Field = Mapping.Unless(c.Field, c.Name),
        Type = c.Type,
        Nullable = c.Nullable,
        InEveryFile = c.InEveryFile,
    }).ToList();

    private static FeedColumn Column(ColumnDocument document, int index, List<DefinitionProblem> problems)
    {
        if (string.IsNullOrEmpty(document.Name)) problems.Add(new($"Schema[{index}].Name", "name is missing."));
        var written = new WrittenColumn
        {
            Name = document.Name,
            Field = document.Field,
            Type = document.Type,
            Nullable = document.Nullable,
            InEveryFile = document.InEveryFile,
        };
        if (written.ToColumn() is { } column) return column;
        problems.Add(new($"Schema[{index}].Type", $"type must be {ColumnTypes.All}."));
        return (written with { Type = null }).ToColumn()!;
    }
}
