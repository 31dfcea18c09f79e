using PeakS3Feed.Errors;

namespace PeakS3Feed.Feeds;

/// <summary>What a change of a feed leads to, which its person may not expect.</summary>
/// <param name="Text">In one sentence.</param>
/// <param name="IsWarning">Whether rows may be loaded again; otherwise it is good to know.</param>
public sealed record FeedConsequence(string Text, bool IsWarning)
{
    /// <summary>What to type where it is not what was meant, or null.</summary>
    public Remedy? Remedy { get; init; }
}
