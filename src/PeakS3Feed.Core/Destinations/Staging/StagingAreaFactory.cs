using PeakS3Feed.Aws;
using PeakS3Feed.Errors;

namespace PeakS3Feed.Destinations.Staging;

/// <summary>Opens the staging area of a destination.</summary>
internal static class StagingAreaFactory
{
    /// <summary>Opens the staging area. Makes no request yet.</summary>
    /// <param name="context">Finds the connection.</param>
    /// <param name="destinationName">The destination, which names the session of the connection's role.</param>
    /// <param name="connectionName">The connection.</param>
    /// <param name="prefix">The folder below the connection's root path: empty, or ending with <c>/</c>.</param>
    /// <param name="cancellationToken">Cancels.</param>
    /// <param name="options">How files are written; null for the defaults.</param>
    /// <exception cref="FeedException">The connection does not exist, is not valid, or the destination cannot use it.</exception>
    public static async Task<IStagingArea> OpenAsync(
        DestinationContext context, string destinationName, string connectionName, string prefix, CancellationToken cancellationToken,
        StagingOptions? options = null)
    {
        var (connection, accessKey) = await context.FindConnectionAsync(connectionName, cancellationToken);
        if (connection.IsFolder)
        {
            var folder = connection.Folder ?? throw DefinitionErrors.Invalid("Connection", connection.Name, connection.Validate());
            return new FolderStagingArea(Path.Combine(folder, connection.RootPrefix + prefix), options);
        }
        var identity = new SourceIdentity(destinationName, Guid.NewGuid());
        return new S3StagingArea(
            connection, connection.RootPrefix + prefix,
            new AwsClients(connection, identity, accessKey, context.Loggers, context.Time, context.Budget),
            context.Loggers.CreateLogger("PeakS3Feed.Destinations"), destinationName, options);
    }
}
