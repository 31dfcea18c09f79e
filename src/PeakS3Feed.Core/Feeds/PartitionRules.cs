using PeakS3Feed.Errors;
using PeakS3Feed.Schemas;

namespace PeakS3Feed.Feeds;

/// <summary>The rules of the fields by which a feed's table is divided into partitions.</summary>
internal static class PartitionRules
{
    private const string Field = nameof(S3Feed.PartitionBy);

    /// <summary>Finds the problems of the fields. What depends on columns is left out until the columns are known.</summary>
    public static IEnumerable<DefinitionProblem> Check(S3Feed feed)
    {
        if (feed.PartitionBy.Count > PartitionField.MaxCount)
        {
            yield return new(
                Field, $"PartitionBy has {feed.PartitionBy.Count} fields.",
                $"Give at most {PartitionField.MaxCount}. Each combination of values is a folder with files of its own.");
        }
        foreach (var text in feed.PartitionBy)
        {
            if (CheckText(text) is { } problem)
                yield return problem;
        }
        var fields = feed.PartitionBy.Select(PartitionField.Find).OfType<PartitionField>().ToList();
        if (feed.Schema is { Columns.Count: > 0 } schema)
        {
            foreach (var problem in CheckColumns(fields, schema, feed.AuditColumns))
                yield return problem;
        }
        else if (FindTwice(fields) is { } twice)
        {
            yield return new(Field, $"PartitionBy has {twice} twice.", "Name each field once.");
        }
    }

    /// <summary>Returns the fields, with the names that the columns have in the table.</summary>
    /// <exception cref="FeedException"><c>PartitionByInvalid</c>: a field does not suit the columns, which a run has found since.</exception>
    public static IReadOnlyList<PartitionField> Resolve(S3Feed feed)
    {
        var fields = feed.PartitionBy.Select(PartitionField.Find).OfType<PartitionField>().ToList();
        if (feed.Schema is not { Columns.Count: > 0 } schema)
            return fields;
        if (CheckColumns(fields, schema, feed.AuditColumns).FirstOrDefault() is { } problem)
            throw FeedRunErrors.PartitionByInvalid(feed, problem);
        return [.. fields.Select(f => f with { Column = schema.FindNamed(f.Column)!.Name })];
    }

    /// <summary>
    /// Returns the limits of a feed's destinations without the names of the further columns that its partitions have. Inferred columns get other
    /// names then.
    /// </summary>
    /// <param name="limits">The limits of the destinations.</param>
    /// <param name="feed">The feed. A partition may name a column by its field; the column's name may not be known yet.</param>
    public static ValueLimits Reserve(ValueLimits limits, S3Feed feed)
    {
        var derived = feed.PartitionBy.Select(PartitionField.Find).OfType<PartitionField>().Where(f => f.IsDerived).ToList();
        if (derived.Count == 0)
            return limits;
        var names = derived.Concat(derived.Select(f => f with { Column = feed.Schema?.FindNamed(f.Column)?.Name ?? SnakeCase.From(f.Column) }));
        return limits with
        {
            ReservedNames = new HashSet<string>([.. limits.ReservedNames, .. names.Select(f => f.Name)], StringComparer.OrdinalIgnoreCase),
        };
    }

    private static DefinitionProblem? CheckText(string text)
    {
        if (string.IsNullOrWhiteSpace(text))
            return new(Field, "PartitionBy has a blank field.", $"Write {PartitionField.Forms}.");
        return PartitionField.Find(text) is null
            ? new(Field, $"PartitionBy has \"{text}\", which is not a field of a partition.", $"Write {PartitionField.Forms}.")
            : null;
    }

    private static IEnumerable<DefinitionProblem> CheckColumns(
        IReadOnlyList<PartitionField> fields, FeedSchema schema, AuditColumns audit)
    {
        List<PartitionField> known = [];
        foreach (var field in fields)
        {
            if (schema.FindNamed(field.Column) is not { } column)
            {
                yield return new(
                    Field, $"PartitionBy names \"{field.Column}\", which is not a column of the schema.",
                    NearestName.Ask(field.Column, schema.Columns.Select(c => c.Name)));
                continue;
            }
            var named = field with { Column = column.Name };
            if (CheckColumn(named, column, schema) is { } problem)
                yield return problem;
            known.Add(named);
        }
        if (FindTwice(known) is { } twice)
            yield return new(Field, $"PartitionBy has {twice} twice.", "Name each field once.");
        if (audit == AuditColumns.None && schema.Columns.All(c => known.Exists(f => !f.IsDerived && f.Column == c.Name)))
            yield return new(Field, "PartitionBy names all columns, so that the data files would have none.", "Leave at least one column out.");
    }

    private static DefinitionProblem? CheckColumn(PartitionField field, FeedColumn column, FeedSchema schema)
    {
        if (!field.Suits(column.Type))
        {
            return new(
                Field, $"PartitionBy has {field}, but the column \"{column.Name}\" is of type {column.TypeName}.",
                field.Part switch
                {
                    PartitionPart.Value when column.Type is ColumnType.Timestamp or ColumnType.TimestampTz
                        => $"Each moment would be a partition of its own: write date({column.Name}).",
                    PartitionPart.Value => "Partitions are of text, boolean, bigint, decimal or date columns.",
                    PartitionPart.Date when column.Type == ColumnType.Date => $"It is a date already: write {column.Name}.",
                    PartitionPart.Date => "Only a column of type timestamp or timestamptz has a date.",
                    _ => "Only a column of type date, timestamp or timestamptz has such a part.",
                });
        }
        return field.IsDerived && (schema.HasName(field.Name) || ColumnNames.IsReserved(field.Name))
            ? new(
                Field, $"PartitionBy has {field}, whose column would have the name {field.Name}, but the feed has a column of that name.",
                $"Rename the feed's column {field.Name}, or divide by something else.")
            : null;
    }

    private static PartitionField? FindTwice(IEnumerable<PartitionField> fields)
        => fields.GroupBy(f => f.Name, StringComparer.OrdinalIgnoreCase).FirstOrDefault(g => g.Skip(1).Any())?.First();
}
