namespace PeakS3Feed.Formats.Csv;

/// <summary>What ends the rows of a feed's CSV files.</summary>
public enum CsvLineEndRule
{
    /// <summary>
    /// The first line end outside quotes, and nothing else: in a file of CR LF lines, LF is data. This is how feeds read that were made before
    /// there was a choice; a file where LF is data is warned about.
    /// </summary>
    First,

    /// <summary>The first line end outside quotes; in a file of CR LF lines, LF ends a row too, with a warning.</summary>
    Auto,

    /// <summary>CR LF; either alone is data.</summary>
    CrLf,

    /// <summary>LF; a CR directly before it belongs to it, any other is data.</summary>
    Lf,

    /// <summary>CR; LF is data.</summary>
    Cr,
}
