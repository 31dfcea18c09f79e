using PeakS3Feed.Errors;

namespace PeakS3Feed.Feeds;

/// <summary>Distinguishes errors of one file from errors that concern all files.</summary>
internal static class BadFile
{
    /// <summary>The id of the error for an object that was replaced by another version.</summary>
    public const string Changed = "ObjectChanged";

    /// <summary>The id of the error for an archived object.</summary>
    public const string Archived = "ObjectArchived";

    /// <summary>Whether an error concerns one object only, so that -OnBadFile Skip may leave the object out.</summary>
    public static bool ConcernsOneFile(FeedException e)
        => (e.Position is not null && IsAboutContent(e.Category))
            || e.Id is Changed or Archived or "ObjectVanished" or "ObjectAccessDenied" or "ObjectUnreadable";

    // Exceeded limits concern one file: a row of more than 16 MiB, or more fields than the maximum of columns.
    private static bool IsAboutContent(FeedErrorCategory category)
        => category is FeedErrorCategory.InvalidData or FeedErrorCategory.LimitsExceeded or FeedErrorCategory.ObjectNotFound
            or FeedErrorCategory.PermissionDenied or FeedErrorCategory.ResourceBusy;
}
