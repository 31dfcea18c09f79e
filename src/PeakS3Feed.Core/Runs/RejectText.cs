namespace PeakS3Feed.Runs;

/// <summary>Whether the history keeps the raw text of rejected rows, which is customer data.</summary>
public enum RejectText
{
    /// <summary>Keep up to 8 KiB of each row.</summary>
    Keep,

    /// <summary>Keep no text.</summary>
    None,
}
