using PeakS3Feed.Errors;

namespace PeakS3Feed.Feeds;

/// <summary>Tells what is the matter with one file from what is the matter with the way to all of them.</summary>
internal static class BadFile
{
    /// <summary>The id of the error that says that another version took the object's place.</summary>
    public const string Changed = "ObjectChanged";

    /// <summary>The id of the error that says that an object is archived.</summary>
    public const string Archived = "ObjectArchived";

    /// <summary>Whether an error is about one object, so that -OnBadFile Skip may leave it out.</summary>
    public static bool IsOne(FeedException e)
        => (e.Position is not null && IsAboutContent(e.Category))
            || e.Id is Changed or Archived or "ObjectVanished" or "ObjectAccessDenied" or "ObjectUnreadable";

    // A limit that is exceeded is a file's own: a row of more than 16 MiB, more fields than there can be columns.
    private static bool IsAboutContent(FeedErrorCategory category)
        => category is FeedErrorCategory.InvalidData or FeedErrorCategory.LimitsExceeded or FeedErrorCategory.ObjectNotFound
            or FeedErrorCategory.PermissionDenied or FeedErrorCategory.ResourceBusy;
}
