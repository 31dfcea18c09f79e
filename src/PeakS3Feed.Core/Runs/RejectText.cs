namespace PeakS3Feed.Runs;

/// <summary>Whether the raw text of rejected rows is kept in the history; it is customer data.</summary>
public enum RejectText
{
    /// <summary>Up to 8 KiB of each row.</summary>
    Keep,

    /// <summary>None.</summary>
    None,
}
