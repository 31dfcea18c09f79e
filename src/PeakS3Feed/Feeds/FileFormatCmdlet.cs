using System.Management.Automation;
using PeakS3Feed.Cmdlets.Completion;
using PeakS3Feed.Cmdlets.Pipeline;
using PeakS3Feed.Feeds;
using PeakS3Feed.Formats;
using PeakS3Feed.Formats.Csv;

namespace PeakS3Feed.Cmdlets.Feeds;

/// <summary>The parameters that choose files of a connection and say how to read them.</summary>
public abstract class FileFormatCmdlet : FeedCmdlet
{
    [Parameter(HelpMessage = "The folder of the files, ending in a slash; its subfolders are included. By default the connection's root path.")]
    [AllowNull]
    public string? Path { get; set; }

    [Parameter(HelpMessage = "The encoding of the files; UTF-8 by default. A byte order mark decides the byte order of UTF-16.")]
    public FileEncoding Encoding { get; set; }

    [Parameter(
        HelpMessage = "Comma, Tab, Pipe, Semicolon, Space, Auto, or the separator itself; \\t is a tab. By default tabs for .tsv files, pipes for "
            + ".psv files, commas for others.")]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(SeparatorCompleter))]
    public string? Separator { get; set; }

    [Parameter(HelpMessage = "The character that encloses fields, or None; a double quote by default.")]
    [ValidateNotNullOrEmpty]
    public string Quote { get; set; } = "\"";

    [Parameter(HelpMessage = "The character that escapes a quote within a field; by default None, and quotes are doubled.")]
    [ValidateNotNullOrEmpty]
    public string Escape { get; set; } = CsvCharacter.None;

    [Parameter(HelpMessage = "What ends a row: CrLf, Lf, Cr or Auto (the first line end of a file; LF too in a file of CR LF lines).")]
    [ValidateSet(nameof(CsvLineEndRule.Auto), nameof(CsvLineEndRule.CrLf), nameof(CsvLineEndRule.Lf), nameof(CsvLineEndRule.Cr))]
    public CsvLineEndRule LineEnd { get; set; } = CsvLineEndRule.Auto;

    [Parameter(HelpMessage = "The files have no header row; columns are matched by position.")]
    public SwitchParameter NoHeader { get; set; }

    [Parameter(HelpMessage = "The names of the fields, in the files' order, for files without a header row.")]
    [AllowNull]
    [AllowEmptyCollection]
    public string[]? ColumnName { get; set; }

    [Parameter(HelpMessage = "How many lines to skip at the beginning of each file.")]
    [ValidateRange(0, int.MaxValue)]
    public int SkipRows { get; set; }

    [Parameter(HelpMessage = "Unquoted values that mean NULL, in addition to the empty value.")]
    [AllowNull]
    [AllowEmptyCollection]
    [AllowEmptyString]
    public string[]? NullValue { get; set; }

    [Parameter(HelpMessage = "A quoted empty value is NULL in text columns, too.")]
    public SwitchParameter EmptyAsNull { get; set; }

    [Parameter(HelpMessage = "The text with which comments begin, such as #. Lines that begin with it are skipped, except inside quotes.")]
    [AllowNull]
    [AllowEmptyString]
    [ArgumentCompleter(typeof(CommentPrefixCompleter))]
    public string? CommentPrefix { get; set; }

    [Parameter(HelpMessage = "White space around values, and around their quotes, is not part of them.")]
    public SwitchParameter TrimValues { get; set; }

    [Parameter(HelpMessage = "How many rows at the end of each file are not loaded; at most 1,000.")]
    [ValidateRange(0, CsvOptions.MaxSkipLastRows)]
    public int SkipLastRows { get; set; }

    [Parameter(HelpMessage = "Texts for true and false, as pairs such as 1/0 or Y/N, in any case; true and false always are.")]
    [AllowNull]
    [AllowEmptyCollection]
    [ArgumentCompleter(typeof(BooleanValueCompleter))]
    public string[]? BooleanValue { get; set; }

    [Parameter(HelpMessage = "The character before the fraction of a number; a point by default.")]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(DecimalSeparatorCompleter))]
    public string DecimalSeparator { get; set; } = ".";

    [Parameter(HelpMessage = "The character between groups of three digits; by default None, and numbers have no groups.")]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(GroupSeparatorCompleter))]
    public string GroupSeparator { get; set; } = CsvCharacter.None;

    [Parameter(HelpMessage = "Formats of dates and times in addition to ISO 8601, such as dd/MM/yyyy.")]
    [AllowNull]
    [AllowEmptyCollection]
    public string[]? DateFormat { get; set; }

    [Parameter(
        HelpMessage = "Patterns of the files to read, relative to the path; they replace the rule of file names. * stops at a slash, ** does not.")]
    [AllowNull]
    [AllowEmptyCollection]
    public string[]? Include { get; set; }

    [Parameter(HelpMessage = "Patterns of the files to leave out, relative to the path.")]
    [AllowNull]
    [AllowEmptyCollection]
    public string[]? Exclude { get; set; }

    /// <summary>Returns the feed with the given settings.</summary>
    /// <exception cref="Errors.FeedException"><c>CsvDialectInvalid</c>.</exception>
    private protected S3Feed ApplyFormat(S3Feed feed)
    {
        if (Given(nameof(Path))) feed = feed with { Path = string.IsNullOrEmpty(Path) ? null : Path };
        if (Given(nameof(Encoding))) feed = feed with { Encoding = Encoding };
        if (Given(nameof(DateFormat))) feed = feed with { DateFormats = DateFormat ?? [] };
        if (Given(nameof(Include))) feed = feed with { Include = Include ?? [] };
        if (Given(nameof(Exclude))) feed = feed with { Exclude = Exclude ?? [] };
        return feed with { Csv = ApplyDialect(feed.Csv) };
    }

    private CsvOptions ApplyDialect(CsvOptions csv)
    {
        if (Separator is not null) csv = csv with { Separator = CsvSeparator.Parse(Separator) };
        if (Given(nameof(Quote))) csv = csv with { Quote = CsvCharacter.Parse(Quote, nameof(Quote)) };
        if (Given(nameof(Escape))) csv = csv with { Escape = CsvCharacter.Parse(Escape, nameof(Escape)) };
        if (Given(nameof(LineEnd))) csv = csv with { LineEnd = LineEnd };
        if (Given(nameof(NoHeader))) csv = csv with { HasHeader = !NoHeader };
        if (Given(nameof(ColumnName))) csv = csv with { ColumnNames = ColumnName is { Length: > 0 } names ? names : null };
        if (Given(nameof(SkipRows))) csv = csv with { SkipRows = SkipRows };
        if (Given(nameof(NullValue))) csv = csv with { NullValues = NullValue ?? [] };
        return ApplyFurther(csv);
    }

    private CsvOptions ApplyFurther(CsvOptions csv)
    {
        if (Given(nameof(CommentPrefix))) csv = csv with { CommentPrefix = string.IsNullOrEmpty(CommentPrefix) ? null : CommentPrefix };
        if (Given(nameof(EmptyAsNull))) csv = csv with { EmptyAsNull = EmptyAsNull };
        if (Given(nameof(TrimValues))) csv = csv with { TrimValues = TrimValues };
        if (Given(nameof(SkipLastRows))) csv = csv with { SkipLastRows = SkipLastRows };
        if (Given(nameof(BooleanValue))) csv = csv with { BooleanValues = BooleanValue };
        if (Given(nameof(DecimalSeparator))) csv = csv with { DecimalSeparator = CsvCharacter.Parse(DecimalSeparator, nameof(DecimalSeparator)) };
        if (Given(nameof(GroupSeparator))) csv = csv with { GroupSeparator = CsvCharacter.Parse(GroupSeparator, nameof(GroupSeparator)) };
        return csv;
    }
}
