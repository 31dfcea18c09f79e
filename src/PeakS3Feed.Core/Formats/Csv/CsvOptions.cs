using System.Text.Json.Serialization;

namespace PeakS3Feed.Formats.Csv;

/// <summary>The dialect of a feed's CSV files.</summary>
public sealed record CsvOptions
{
    /// <summary>
    /// The separator itself (<c>,</c>, a tab, <c>|</c>, <c>::</c>), or null to detect it in the first file read. Where none is given it is a
    /// comma here, and <see cref="CsvSeparator.For"/> looks at each file's extension.
    /// </summary>
    public string? Separator
    {
        get;
        init
        {
            field = value;
            IsSeparatorUnset = false;
        }
    } = ",";

    /// <summary>Whether no separator was given, not even <c>Auto</c>. Setting <see cref="Separator"/> makes this false.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public bool IsSeparatorUnset { get; init; } = true;

    /// <summary>The quote, one ASCII character; null for none.</summary>
    public char? Quote { get; init; } = '"';

    /// <summary>The escape, one ASCII character; null when quotes are doubled.</summary>
    public char? Escape { get; init; }

    /// <summary>What ends rows. <see cref="CsvLineEndRule.First"/> is what feeds have that were made before there was a choice.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public CsvLineEndRule LineEnd { get; init; } = CsvLineEndRule.Auto;

    /// <summary>Whether the first row is a header. Without one, columns bind by position.</summary>
    public bool HasHeader { get; init; } = true;

    /// <summary>
    /// Field names for files without a header row (with them, none is read; <see cref="SkipRows"/> passes over one that is there);
    /// null for <c>column_1</c> and on when there is no header.
    /// </summary>
    public IReadOnlyList<string>? ColumnNames { get; init; }

    /// <summary>Physical lines to pass over before the header or the first row.</summary>
    public int SkipRows { get; init; }

    /// <summary>Unquoted values that mean NULL, besides the empty one.</summary>
    public IReadOnlyList<string> NullValues { get; init; } = [];
}
