using PeakS3Feed.Errors;

namespace PeakS3Feed.Rows;

/// <summary>The warnings about the headers of files.</summary>
internal static class HeaderWarnings
{
    /// <summary>The header of a file has nothing but numbers and dates.</summary>
    public static FeedWarning LooksLikeData(string uri, IReadOnlyList<string> names)
        => new FeedWarning("HeaderLooksLikeData", $"The header of {uri} is {RowErrors.Names(names)}, which looks like a row.")
        {
            Position = new SourcePosition(uri, 1),
            Hint = "If the files have no header, say so before their rows are loaded: the first line of each file is a row then.",
            Settings = [FeedSetting.NoHeader],
        };
}
