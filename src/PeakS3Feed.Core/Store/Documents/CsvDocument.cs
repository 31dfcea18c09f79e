using PeakS3Feed.Formats.Csv;

namespace PeakS3Feed.Store.Documents;

/// <summary>The dialect of CSV files as it is written; null stands for the default.</summary>
internal sealed class CsvDocument : Document
{
    /// <summary>Comma, Tab, Pipe, Semicolon, Space, Auto, or the separator itself; null where each file's extension decides.</summary>
    public string? Separator { get; set; }

    /// <summary>The character, or None.</summary>
    public string? Quote { get; set; }

    public string? Escape { get; set; }

    /// <summary>Null for Auto; First in feeds from before there was a choice.</summary>
    public CsvLineEndRule? LineEnd { get; set; }

    public bool? HasHeader { get; set; }

    public List<string>? ColumnNames { get; set; }

    public int? SkipRows { get; set; }

    public List<string>? NullValues { get; set; }
}
