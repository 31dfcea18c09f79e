using System.Globalization;
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

/// <summary>Checks date formats by writing a date with them and reading it back.</summary>
internal static class DateFormatRules
{
    private const string Field = nameof(S3Feed.DateFormats);

    // Day, month, year and hour cannot be taken for one another in it, and the hour needs the afternoon.
    private static readonly DateTimeOffset Sample = new(2031, 11, 25, 15, 42, 53, TimeSpan.Zero);

    public static IEnumerable<DefinitionProblem> Check(IReadOnlyList<string> formats)
    {
        foreach (var format in formats)
        {
            if (string.IsNullOrWhiteSpace(format)) yield return new(Field, "DateFormats holds a blank format.");
            else if (Problem(format) is { } problem) yield return problem;
        }
    }

    private static DefinitionProblem? Problem(string format)
    {
        try
        {
            var reader = new DateFormat(format);
            if (!reader.TryParse(Sample.ToString(format, CultureInfo.InvariantCulture), out var read)) return new(Field, $"The date format \"{format}\" cannot read what it writes.");
            var time = reader.Type == ColumnType.Date ? DateTime.UnixEpoch.AddDays(read) : DateTime.UnixEpoch.AddMicroseconds(read);
            if (time.Date != Sample.Date) return new(Field, $"The date format \"{format}\" does not read the day that it writes.");
            return time.Hour == 0 || time.Hour == Sample.Hour ? null : new(
                Field, $"The date format \"{format}\" reads afternoon hours as morning ones.", "Write HH, or tt beside hh.");
        }
        catch (FeedException error)
        {
            return new(Field, error.Message, error.Hint);
        }
    }
}

/// <summary>What the name of a feed's table must obey.</summary>
internal static class TableRules
{
    private const string Ours = "peaks3feed_";
    private const string Field = nameof(S3Feed.Table);

    public static DefinitionProblem? Check(string table)
    {
        if (string.IsNullOrWhiteSpace(table)) return new(Field, "The table's name is blank.", "Leave it out for the feed's name.");
        if (table.StartsWith(Ours, StringComparison.OrdinalIgnoreCase))
            return new(Field, $"The table \"{table}\" would be among those that hold the ledger.", $"Take a name that does not begin with {Ours}.");
        return !table.Contains('.', StringComparison.Ordinal) ? null : new(
            Field,
            $"The table's name \"{table}\" holds a dot, and the schema is no part of it.",
            "The schema belongs to the destination: set it there, and give the table's name alone.");
    }
}
