namespace PeakS3Feed.Formats;

/// <summary>What <see cref="RecordReader.Read"/> came upon.</summary>
public enum ReadResult
{
    /// <summary>The record holds the next row.</summary>
    Row,

    /// <summary>The record's position and raw text name a row that cannot be read; <see cref="RecordReader.MalformedReason"/> says why. It is a reject.</summary>
    Malformed,

    /// <summary>More bytes are needed: await <see cref="RecordReader.FillAsync"/>, then read again.</summary>
    NeedsData,

    /// <summary>The file has ended, whole.</summary>
    End,
}
