namespace PeakS3Feed.Formats.Csv;

/// <summary>What ends the rows of a file; fixed by the first one outside quotes.</summary>
internal enum CsvLineEnd
{
    /// <summary>None was seen yet.</summary>
    Unknown,

    /// <summary>LF; a CR directly before it belongs to it.</summary>
    Lf,

    /// <summary>CR LF; either alone is data.</summary>
    CrLf,

    /// <summary>CR; LF is data.</summary>
    Cr,
}
