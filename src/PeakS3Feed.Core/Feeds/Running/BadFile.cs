using PeakS3Feed.Errors;

namespace PeakS3Feed.Feeds.Running;

/// <summary>Tells what is the matter with one file from what is the matter with the way to all of them.</summary>
internal static class BadFile
{
    /// <summary>The id of the error that says that another version took the object's place.</summary>
    public const string Changed = "ObjectChanged";

    /// <summary>Whether an error is about one object, so that -OnBadFile Skip may leave it out.</summary>
    public static bool IsOne(FeedException e)
        => e.Position is not null
            && e.Category is FeedErrorCategory.InvalidData or FeedErrorCategory.ObjectNotFound or FeedErrorCategory.PermissionDenied or FeedErrorCategory.ResourceBusy
            || e.Id is Changed or "ObjectVanished" or "ObjectArchived" or "ObjectAccessDenied";
}
