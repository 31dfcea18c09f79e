namespace PeakS3Feed.TestServers.S3;

/// <summary>A question for a page of a listing.</summary>
/// <param name="Prefix">The prefix.</param>
/// <param name="After">The key after which it begins, or null.</param>
/// <param name="Token">The token of an earlier page, or null.</param>
/// <param name="ByFolder">Whether keys with a slash after the prefix are summed up as folders.</param>
/// <param name="Most">The most objects and folders.</param>
internal sealed record FakePageQuery(string Prefix, string? After, string? Token, bool ByFolder, int Most);

/// <summary>A page of a listing.</summary>
/// <param name="Objects">The objects.</param>
/// <param name="Folders">The folders, each ending in a slash.</param>
/// <param name="Next">The token of the next page; null after the last.</param>
internal sealed record FakePage(IReadOnlyList<FakeObject> Objects, IReadOnlyList<string> Folders, string? Next);
