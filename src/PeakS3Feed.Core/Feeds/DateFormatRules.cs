using System.Globalization;
using PeakS3Feed.Errors;

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
            else if (Problem(format) is { } problem)
                yield return new(
                    Field, $"The date format \"{format}\" {problem}.", "Write a .NET format, for example dd.MM.yyyy or yyyy-MM-dd HH:mm:ss.");
        }
    }

    private static string? Problem(string format)
    {
        // One letter is a standard format, which depends on the culture.
        if (format.Length == 1) return "is no custom format";
        try
        {
            var written = Sample.ToString(format, CultureInfo.InvariantCulture);
            if (!DateTimeOffset.TryParseExact(written, format, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var read))
                return "cannot read what it writes";
            if (read.UtcDateTime.Date != Sample.Date) return "does not hold year, month and day";
            return read.Hour != 0 && read.Hour != Sample.Hour ? "reads afternoon hours as morning ones: use HH, or tt beside hh" : null;
        }
        catch (FormatException)
        {
            return "is not valid";
        }
    }
}
