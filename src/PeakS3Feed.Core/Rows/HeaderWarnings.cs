using PeakS3Feed.Errors;

namespace PeakS3Feed.Rows;

/// <summary>The warnings about headers of files.</summary>
internal static class HeaderWarnings
{
    /// <summary>The header of a file consists of numbers and dates only.</summary>
    public static FeedWarning LooksLikeData(string uri, IReadOnlyList<string> names)
        => new FeedWarning("HeaderLooksLikeData", $"The header of {uri} is {RowErrors.Names(names)}, which looks like a row.")
        {
            Position = new SourcePosition(uri, 1),
            Hint = "If the files have no header, set this before their rows are loaded. The first line of each file is then a row.",
            Settings = [FeedSetting.NoHeader],
        };
}
