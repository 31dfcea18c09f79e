namespace PeakS3Feed.Formats;

/// <summary>The result of <see cref="RecordReader.Read"/>.</summary>
public enum ReadResult
{
    /// <summary>The record holds the next row.</summary>
    Row,

    /// <summary>
    /// A row that cannot be read, a reject. The record has its position and raw text; <see cref="RecordReader.MalformedReason"/> has the reason.
    /// </summary>
    Malformed,

    /// <summary>The reader needs more bytes: await <see cref="RecordReader.FillAsync"/>, then read again.</summary>
    NeedsData,

    /// <summary>The file has ended and was complete.</summary>
    End,
}
