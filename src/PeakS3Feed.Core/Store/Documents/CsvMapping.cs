using PeakS3Feed.Errors;
using PeakS3Feed.Formats.Csv;

namespace PeakS3Feed.Store.Documents;

/// <summary>CSV dialects to and from their documents.</summary>
internal static class CsvMapping
{
    private static readonly CsvOptions Default = new();

    public static CsvOptions ToDefinition(CsvDocument? document, List<DefinitionProblem> problems)
    {
        if (document is null) return Default;
        var csv = WithoutSeparator(document, problems);
        return document.Separator is { } separator ? csv with { Separator = CsvSeparator.Parse(separator) } : csv;
    }

    /// <summary>The document, or null when everything is the default.</summary>
    public static CsvDocument? ToDocument(CsvOptions csv)
    {
        var document = new CsvDocument
        {
            Separator = csv.IsSeparatorUnset ? null : CsvSeparator.Format(csv.Separator),
            Quote = csv.Quote == Default.Quote ? null : csv.Quote?.ToString() ?? CsvCharacter.None,
            Escape = csv.Escape?.ToString(),
            LineEnd = Mapping.UnlessValue(csv.LineEnd, Default.LineEnd),
            HasHeader = Mapping.UnlessValue(csv.HasHeader, Default.HasHeader),
            ColumnNames = csv.ColumnNames is { } names ? [.. names] : null,
            SkipRows = Mapping.UnlessValue(csv.SkipRows, Default.SkipRows),
            NullValues = Mapping.UnlessEmpty(csv.NullValues),
        };
        return IsEmpty(document) ? null : document;
    }

    private static CsvOptions WithoutSeparator(CsvDocument document, List<DefinitionProblem> problems) => new()
    {
        Quote = Character(document.Quote, "Csv.Quote", Default.Quote, problems),
        Escape = Character(document.Escape, "Csv.Escape", Default.Escape, problems),
        LineEnd = document.LineEnd ?? Default.LineEnd,
        HasHeader = document.HasHeader ?? Default.HasHeader,
        ColumnNames = document.ColumnNames,
        SkipRows = document.SkipRows ?? Default.SkipRows,
        NullValues = document.NullValues ?? [],
    };

    private static bool IsEmpty(CsvDocument csv) => csv is
    {
        Separator: null, Quote: null, Escape: null, LineEnd: null, HasHeader: null, ColumnNames: null, SkipRows: null, NullValues: null,
    };

    private static char? Character(string? text, string field, char? standard, List<DefinitionProblem> problems)
    {
        if (text is null) return standard;
        if (CsvCharacter.TryParse(text, out var character)) return character;
        problems.Add(new(field, $"{field} must be one character, or {CsvCharacter.None}."));
        return standard;
    }
}
