using PeakS3Feed.Errors;

namespace PeakS3Feed.Connections.Diagnosis;

/// <summary>What a failure means for the person: a stable error id, one sentence, the layer at fault with the mend, and what to type next.</summary>
internal sealed record Explanation(string Id, FeedErrorCategory Category, string Message, string Hint, params IReadOnlyList<Remedy> Remedies);
