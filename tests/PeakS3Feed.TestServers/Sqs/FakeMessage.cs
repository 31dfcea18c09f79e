namespace PeakS3Feed.TestServers.Sqs;

/// <summary>A message of a <see cref="FakeQueue"/>.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Body">Its text.</param>
public sealed record FakeMessage(string Id, string Body)
{
    /// <summary>When it may be received.</summary>
    internal DateTimeOffset VisibleAt { get; set; }

    /// <summary>What deletes it: that of the last receipt.</summary>
    internal string? Receipt { get; set; }

    /// <summary>How often it was received.</summary>
    public int Received { get; internal set; }
}
