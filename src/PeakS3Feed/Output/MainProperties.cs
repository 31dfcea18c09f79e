using PeakS3Feed.Cmdlets.Feeds;
using PeakS3Feed.Cmdlets.Planning;
using PeakS3Feed.Cmdlets.Runs;
using PeakS3Feed.Cmdlets.Triggers;
using PeakS3Feed.Cmdlets.Watchers;
using PeakS3Feed.Connections;
using PeakS3Feed.Connections.Policies;
using PeakS3Feed.Destinations;
using PeakS3Feed.Destinations.Loading;
using PeakS3Feed.Destinations.S3External;
using PeakS3Feed.Runs;
using PeakS3Feed.Store;
using PeakS3Feed.Triggers.Fires;
using PeakS3Feed.Watchers.Deliveries;

namespace PeakS3Feed.Cmdlets.Output;

/// <summary>The properties of an object that PowerShell lists where it uses no view.</summary>
internal static class MainProperties
{
    /// <summary>Returns their names; null to list all.</summary>
    public static string[]? Of(object value) => value switch
    {
        S3Connection => ["Name", "Status", "Region", "BucketName", "RootPath"],
        S3FeedDestination => ["Name", "Kind", "Place"],
        S3FeedInfo => ["Name", "Enabled", "LoadType", "FileType", "ConnectionName", "Path", "DestinationName", "Table"],
        S3FeedTriggerInfo => ["Name", "FeedName", "Enabled", "Description", "NextFireTimes"],
        S3FeedWatcherInfo => ["Name", "FeedName", "Enabled", "Event", "Target"],
        S3FeedRun => ["Id", "FeedName", "Status", "StartedAt", "RowsLoaded", "RowsRejected", "Duration"],
        S3FeedReject => ["Object", "Line", "Column", "Reason"],
        S3FeedPlanInfo => ["FeedName", "ObjectsToLoad", "BytesToLoad", "ObjectsUnchanged", "ObjectsSkipped", "Obstacle"],
        S3FeedFireTime => ["Name", "At"],
        S3FeedCheck => ["Name", "Step", "Outcome", "Message", "Hint"],
        S3FeedFire => ["TriggerName", "DueAt", "State", "RunId", "Reason"],
        S3FeedDelivery => ["WatcherName", "MadeAt", "State", "Attempts", "Summary", "Error"],
        S3FeedSetupStep => ["Number", "Title", "RunsIn", "Text"],
        S3FeedSchemaColumn => ["Name", "Type", "Nullable", "Field"],
        ImportChange => ["Outcome", "Kind", "Name"],
        TableMaintenanceResult => ["FeedName", "DestinationName", "Table", "FilesRemoved", "FilesAdded"],
        TableVacuumResult => ["FeedName", "DestinationName", "Table", "FilesRemoved", "LedgerFilesRemoved"],
        GlueRegistration => ["FeedName", "Outcome", "Database", "Table", "Location"],
        S3FeedPolicy => ["For", "ConnectionName", "DestinationName", "PermissionPolicy", "TrustPolicy"],
        _ => null,
    };
}
