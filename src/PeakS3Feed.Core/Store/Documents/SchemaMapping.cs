using PeakS3Feed.Errors;
using PeakS3Feed.Schemas;

namespace PeakS3Feed.Store.Documents;

/// <summary>Schemas to and from their documents, an array of columns.</summary>
internal static class SchemaMapping
{
    /// <summary>The schema, or null when there is none yet (an empty array counts as none).</summary>
    public static FeedSchema? ToDefinition(List<ColumnDocument>? columns, List<DefinitionProblem> problems)
        => columns is { Count: > 0 } ? new(columns.Select((c, i) => Column(c, i, problems))) : null;

    public static List<ColumnDocument>? ToDocument(FeedSchema? schema) => schema?.Columns.Select(c => new ColumnDocument
    {
        Name = c.Name,
        Field = Mapping.Unless(c.Field, c.Name),
        Type = c.TypeName,
        Nullable = Mapping.UnlessValue(c.Nullable, true),
    }).ToList();

    private static FeedColumn Column(ColumnDocument column, int index, List<DefinitionProblem> problems)
    {
        var name = column.Name ?? "";
        if (name.Length == 0) problems.Add(new($"Schema[{index}].Name", "name is missing."));
        var type = ColumnTypeNames.Parse(column.Type ?? "text");
        if (type is null) problems.Add(new($"Schema[{index}].Type", $"type must be {ColumnTypeNames.All}."));
        return new(name, column.Field ?? name, type?.Type ?? ColumnType.Text, type?.Scale ?? 0, column.Nullable ?? true);
    }
}
