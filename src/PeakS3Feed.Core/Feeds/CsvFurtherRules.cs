using PeakS3Feed.Errors;
using PeakS3Feed.Formats;
using PeakS3Feed.Formats.Csv;
using PeakS3Feed.Schemas;

namespace PeakS3Feed.Feeds;

/// <summary>The rules of CSV settings that change which lines are rows, and what their values mean.</summary>
internal static class CsvFurtherRules
{
    private const string Comment = "Csv." + nameof(CsvOptions.CommentPrefix);
    private const string Booleans = "Csv." + nameof(CsvOptions.BooleanValues);
    private const string Decimal = "Csv." + nameof(CsvOptions.DecimalSeparator);
    private const string Group = "Csv." + nameof(CsvOptions.GroupSeparator);

    public static IEnumerable<DefinitionProblem> Check(CsvOptions csv)
    {
        if (csv.CommentPrefix is { } prefix && CommentProblem(prefix, csv) is { } comment)
            yield return new(Comment, comment, "Write the characters with which comments begin, such as # or //.");
        if (csv.SkipLastRows is < 0 or > CsvOptions.MaxSkipLastRows)
            yield return new("Csv." + nameof(CsvOptions.SkipLastRows), $"SkipLastRows must be from 0 to {CsvOptions.MaxSkipLastRows:N0}.");
        if (csv.BooleanValues is { } pairs && BooleanFormat.FindProblem(pairs) is { } boolean)
            yield return new(Booleans, boolean, "Write pairs of the text for true, a slash and the text for false: 1/0, Y/N, t/f.");
        if (csv.DecimalSeparator is { } point && !NumberFormat.CanSeparate(point))
            yield return new(Decimal, "The decimal separator must be one character that cannot be part of a number.", "Write , for a decimal comma.");
        if (csv.GroupSeparator is { } group && !NumberFormat.CanSeparate(group))
            yield return new(Group, "The group separator must be one character that cannot be part of a number.", "Write . or , or ' or a space.");
        if (csv.GroupSeparator is { } same && same == (csv.DecimalSeparator ?? '.'))
            yield return new(
                Group,
                "The group separator and the decimal separator are the same.",
                "If groups are separated by a point, set DecimalSeparator, too.");
    }

    /// <summary>Finds settings on a feed of another type.</summary>
    public static IEnumerable<DefinitionProblem> CheckUnused(CsvOptions csv, FileType type) => CsvOnlySettings.FindFurther(csv).Select(
        name => new DefinitionProblem(
            $"Csv.{name}", $"{name} is for CSV files; this feed reads {type}.", $"Leave {name} out, or let the feed read Csv."));

    private static string? CommentProblem(string prefix, CsvOptions csv)
    {
        if (string.IsNullOrWhiteSpace(prefix))
            return "The comment prefix is blank.";
        if (prefix.AsSpan().IndexOfAny('\r', '\n') >= 0)
            return "The comment prefix contains a line end.";
        if (prefix[0] == csv.Quote)
            return "The comment prefix begins with the quote, as rows may do.";
        return csv.FindCommentProblem();
    }
}
