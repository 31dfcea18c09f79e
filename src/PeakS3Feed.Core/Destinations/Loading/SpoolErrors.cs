using PeakS3Feed.Errors;
using PeakS3Feed.Files;

namespace PeakS3Feed.Destinations.Loading;

/// <summary>What keeps rows from being stored in temporary files, or from being read there.</summary>
internal static class SpoolErrors
{
    private static string FolderVariable => OperatingSystem.IsWindows() ? "TMP" : "TMPDIR";

    /// <summary>Does something with a spool. An error of its file is no error of the destination, and names the folder.</summary>
    /// <exception cref="FeedException"><c>ScratchFull</c>, <c>ScratchFailed</c>.</exception>
    public static async Task<T> TryAsync<T>(Func<ValueTask<T>> action)
    {
        try
        {
            return await action();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or InvalidDataException)
        {
            throw Scratch(e);
        }
    }

    /// <summary>As <see cref="TryAsync{T}"/>.</summary>
    public static Task TryAsync(Func<ValueTask> action) => TryAsync(async () =>
    {
        await action();
        return true;
    });

    /// <summary>As <see cref="TryAsync{T}"/>, for work that does not wait.</summary>
    public static T Try<T>(Func<T> action)
    {
        try
        {
            return action();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw Scratch(e);
        }
    }

    private static FeedException Scratch(Exception inner)
    {
        var folder = Path.GetTempPath();
        return SqliteFailures.Classify(inner, folder) == SqliteFailure.Full
            ? new("ScratchFull", FeedErrorCategory.ResourceUnavailable,
                "The disk of temporary files is full, so the rows of the load cannot be stored until the database takes them.", inner)
            {
                Target = folder,
                Hint = $"Free space in {folder}, set the variable {FolderVariable} to a folder with more space, or let the feed commit more often.",
            }
            : new("ScratchFailed", FeedErrorCategory.ResourceUnavailable,
                $"The temporary file with the rows of the load cannot be used: {inner.Message}", inner)
            {
                Target = folder,
                Hint = $"Check that {folder} is writable, or set the variable {FolderVariable} to a folder that is.",
            };
    }
}
