namespace PeakS3Feed.Formats.Csv;

/// <summary>The rule for the line end of a feed's CSV files.</summary>
public enum CsvLineEndRule
{
    /// <summary>
    /// The first line end outside quotes, and no other. In a file of CR LF lines, LF is data, with a warning. Feeds from before this setting existed
    /// have this rule.
    /// </summary>
    First,

    /// <summary>The first line end outside quotes. In a file of CR LF lines, LF also ends a row, with a warning.</summary>
    Auto,

    /// <summary>CR LF. CR or LF alone is data.</summary>
    CrLf,

    /// <summary>LF. A CR directly before it is part of the line end; any other CR is data.</summary>
    Lf,

    /// <summary>CR. LF is data.</summary>
    Cr,
}
