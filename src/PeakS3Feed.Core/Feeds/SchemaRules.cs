using PeakS3Feed.Errors;
using PeakS3Feed.Schemas;

namespace PeakS3Feed.Feeds;

/// <summary>What a feed's schema must obey.</summary>
internal static class SchemaRules
{
    private const string Field = nameof(S3Feed.Schema);

    public static IEnumerable<DefinitionProblem> Check(FeedSchema schema, IReadOnlyList<string> primaryKey)
    {
        var columns = schema.Columns;
        if (columns.Count > FeedSchema.MaxColumns)
            yield return new(Field, $"The schema has {columns.Count} columns; at most {FeedSchema.MaxColumns} are allowed.");
        if (columns.Any(c => string.IsNullOrWhiteSpace(c.Name))) yield return new(Field, "The schema has a column without a name.");

        foreach (var column in columns.Where(c => ColumnNames.IsReserved(c.Name)))
            yield return new(Field, $"The column \"{column.Name}\" has the name of an audit column.", $"Take another one, for example {column.Name}_2.");

        // Destinations fold case, fields of JSON do not.
        if (Twice(columns.Select(c => c.Name), StringComparer.OrdinalIgnoreCase) is { } name)
            yield return new(Field, $"The schema has the column \"{name}\" twice; names differ by more than case.");
        if (Twice(columns.Select(c => c.Field), StringComparer.Ordinal) is { } field)
            yield return new(Field, $"The schema has two columns for the field \"{field}\".");
        foreach (var column in columns.Where(c => c.Scale is < 0 or > 38))
            yield return new(Field, $"The column \"{column.Name}\" has a scale of {column.Scale}; a decimal has 0 to 38 digits behind the point.");
        foreach (var key in primaryKey.Where(k => !columns.Any(c => string.Equals(c.Name, k, StringComparison.Ordinal))))
        {
            var near = columns.FirstOrDefault(
                c => string.Equals(c.Name, key, StringComparison.OrdinalIgnoreCase) || string.Equals(c.Field, key, StringComparison.Ordinal));
            yield return new(
                nameof(S3Feed.PrimaryKey),
                $"The primary key names \"{key}\", which is no column of the schema.",
                near is null ? null : $"Did you mean {near.Name}?");
        }
    }

    private static string? Twice(IEnumerable<string> names, StringComparer comparer)
    {
        var seen = new HashSet<string>(comparer);
        return names.FirstOrDefault(n => !seen.Add(n));
    }
}
