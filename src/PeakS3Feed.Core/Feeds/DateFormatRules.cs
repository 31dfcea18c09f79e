using System.Globalization;
using PeakS3Feed.Errors;
using PeakS3Feed.Schemas;
using PeakS3Feed.Schemas.Values;

namespace PeakS3Feed.Feeds;

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
