using PeakS3Feed.Formats;
using PeakS3Feed.Formats.Csv;
using PeakS3Feed.Sources;

namespace PeakS3Feed.Fuzz;

/// <summary>One file, how it is read, and what is known of it beforehand.</summary>
/// <param name="Constructed">What it was written to be read as; null for a mutated file.</param>
/// <param name="Intact">The content that was packed, where nothing happened to the gzip data.</param>
/// <param name="Story">What it is, for a person.</param>
internal sealed record FuzzCase(
    ulong Seed, FileType Type, CsvOptions Csv, FileEncoding Encoding, byte[] Stored, Expectation? Constructed, byte[]? Intact, string Story, Dice Dice)
{
    public SourceObject Source { get; } = new("fuzz", "in/case", "e", Stored.Length, DateTimeOffset.UnixEpoch);

    /// <summary>The settings that the values of the file are read with.</summary>
    public CsvOptions ValueOptions => Type == FileType.Csv ? Csv : new CsvOptions();

    public override string ToString()
    {
        var dialect = Type != FileType.Csv ? ""
            : $" separator {Csv.Separator ?? "Auto"}, quote {Csv.Quote?.ToString() ?? "none"}, escape {Csv.Escape?.ToString() ?? "none"},"
                + $" header {Csv.HasHeader}, names {string.Join('/', Csv.ColumnNames ?? [])}, skip {Csv.SkipRows}, line end {Csv.LineEnd}, null {string.Join('/', Csv.NullValues)},"
                + $" comment {Csv.CommentPrefix}, trim {Csv.TrimValues}, empty {Csv.EmptyAsNull}, last {Csv.SkipLastRows}, boolean {string.Join(' ', Csv.BooleanValues ?? [])}, decimal {Csv.DecimalSeparator}, group {Csv.GroupSeparator};";
        return $"{Type} {Encoding}:{dialect} {Story}; {Stored.Length} bytes: {Show.Bytes(Stored)}";
    }
}
