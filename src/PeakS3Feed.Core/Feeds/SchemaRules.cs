using System.Globalization;
using PeakS3Feed.Errors;
using PeakS3Feed.Schemas;

namespace PeakS3Feed.Feeds;

/// <summary>The rules of a feed's schema.</summary>
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
            yield return new(
                Field, $"The column \"{column.Name}\" has the name of an audit column.", $"Choose another name, for example {column.Name}_2.");

        // Destinations ignore case; fields of JSON are case-sensitive.
        if (FindDuplicate(columns.Select(c => c.Name), StringComparer.OrdinalIgnoreCase) is { } name)
            yield return new(Field, $"The schema has the column \"{name}\" twice; names must differ by more than case.");
        if (FindDuplicate(columns.Select(c => c.Field), StringComparer.Ordinal) is { } field)
            yield return new(Field, $"The schema has two columns for the field \"{field}\".");
        foreach (var column in columns.Where(c => c.Scale is < 0 or > 38))
            yield return new(
                Field, $"The column \"{column.Name}\" has a scale of {column.Scale}; a decimal has 0 to 38 digits after the decimal point.");
        foreach (var key in primaryKey.Where(k => schema.FindNamed(k) is null))
        {
            yield return new(
                nameof(S3Feed.PrimaryKey),
                $"The primary key names \"{key}\", which is not a column of the schema.",
                NearestName.Ask(key, columns.Select(c => c.Name)));
        }
        var named = primaryKey.Distinct(StringComparer.OrdinalIgnoreCase).Select(k => schema.FindNamed(k)?.Name).OfType<string>();
        if (FindDuplicate(named, StringComparer.Ordinal) is { } twice)
            yield return new(nameof(S3Feed.PrimaryKey), $"The primary key names the column \"{twice}\" twice.", "Name each column once.");
    }

    private static string? FindDuplicate(IEnumerable<string> names, StringComparer comparer)
    {
        var seen = new HashSet<string>(comparer);
        return names.FirstOrDefault(n => !seen.Add(n));
    }
}

/// <summary>Checks date formats: writes a date with each and reads it back.</summary>
internal static class DateFormatRules
{
    private const string Field = nameof(S3Feed.DateFormats);

    // Day, month, year and hour cannot be confused in this date, and the hour is in the afternoon.
    private static readonly DateTimeOffset Sample = new(2031, 11, 25, 15, 42, 53, TimeSpan.Zero);

    public static IEnumerable<DefinitionProblem> Check(IReadOnlyList<string> formats)
    {
        foreach (var format in formats)
        {
            if (string.IsNullOrWhiteSpace(format)) yield return new(Field, "DateFormats has a blank format.");
            else if (Problem(format) is { } problem) yield return problem;
        }
    }

    private static DefinitionProblem? Problem(string format)
    {
        try
        {
            var reader = new DateFormat(format);
            if (!reader.TryParse(Sample.ToString(format, CultureInfo.InvariantCulture), out var read))
                return new(Field, $"The date format \"{format}\" cannot read what it writes.");
            var time = reader.Type == ColumnType.Date ? DateTime.UnixEpoch.AddDays(read) : DateTime.UnixEpoch.AddMicroseconds(read);
            if (time.Date != Sample.Date) return new(Field, $"The date format \"{format}\" does not read the day that it writes.");
            return time.Hour == 0 || time.Hour == Sample.Hour ? null : new(
                Field, $"The date format \"{format}\" reads afternoon hours as morning hours.", "Write HH, or hh with tt.");
        }
        catch (FeedException error)
        {
            return new(Field, error.Message, error.Hint);
        }
    }
}

/// <summary>The rules of the name of a feed's table.</summary>
internal static class TableRules
{
    private const string Ours = "peaks3feed_";
    private const string Field = nameof(S3Feed.Table);

    public static DefinitionProblem? Check(string table)
    {
        if (string.IsNullOrWhiteSpace(table)) return new(Field, "The table's name is blank.", "Leave it out for the feed's name.");
        if (table.StartsWith(Ours, StringComparison.OrdinalIgnoreCase))
            return new(Field, $"The name \"{table}\" is reserved for the tables of the ledger.", $"Choose a name that does not begin with {Ours}.");
        return !table.Contains('.', StringComparison.Ordinal) ? null : new(
            Field,
            $"The table's name \"{table}\" contains a dot, but it cannot name a schema.",
            "The schema belongs to the destination: set it there, and give only the table's name.");
    }
}
