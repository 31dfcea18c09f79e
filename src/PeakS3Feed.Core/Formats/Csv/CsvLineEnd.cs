namespace PeakS3Feed.Formats.Csv;

/// <summary>The line end of a file's rows. The first line end outside quotes decides it.</summary>
internal enum CsvLineEnd
{
    /// <summary>No line end was found yet.</summary>
    Unknown,

    /// <summary>LF. A CR directly before it is part of the line end.</summary>
    Lf,

    /// <summary>CR LF. CR or LF alone is data.</summary>
    CrLf,

    /// <summary>CR. LF is data.</summary>
    Cr,
}
