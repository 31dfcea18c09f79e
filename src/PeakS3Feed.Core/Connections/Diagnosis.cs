using PeakS3Feed.Errors;

namespace PeakS3Feed.Connections;

/// <summary>What a failure means for the person: a stable error id, one sentence, and the mend.</summary>
internal sealed record Diagnosis(string Id, FeedErrorCategory Category, string Message, string Hint);
