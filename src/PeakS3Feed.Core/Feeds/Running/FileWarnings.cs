using PeakS3Feed.Errors;
using PeakS3Feed.Feeds.Planning;

namespace PeakS3Feed.Feeds.Running;

/// <summary>The warnings about whole files.</summary>
internal static class FileWarnings
{
    /// <summary>The run skipped a bad file, and the next run tries it again.</summary>
    public static FeedWarning LeftOut(SkippedObject file) => new FeedWarning("FileSkipped", $"{file.Uri} was left out: {file.Reason}")
    {
        Subject = file.Uri,
        Position = new SourcePosition(file.Uri),
    };
}
