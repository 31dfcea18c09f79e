using Microsoft.Extensions.Logging;
using PeakS3Feed.Aws;
using PeakS3Feed.Connections;
using PeakS3Feed.Errors;

namespace PeakS3Feed.Sources;

/// <summary>Opens the source of a connection.</summary>
public static class SourceFactory
{
    /// <summary>
    /// Opens the source. Makes no request before the first listing or read. Throws <c>ConnectionInvalid</c>.
    /// </summary>
    /// <param name="connection">The connection.</param>
    /// <param name="identity">The reader, which names the role's session.</param>
    /// <param name="accessKey">Base credentials for this source only, instead of the profile or the default chain; or null.</param>
    /// <param name="loggers">Logs retries and renewed sessions.</param>
    /// <param name="time">The clock.</param>
    public static IObjectSource Open(
        S3Connection connection, SourceIdentity identity, AccessKey? accessKey, ILoggerFactory loggers, TimeProvider time)
    {
        if (connection.IsFolder)
        {
            var folder = connection.Folder ?? throw DefinitionErrors.Invalid("Connection", connection.Name, connection.Validate());
            return new FolderObjectSource(connection, folder);
        }
        return new S3ObjectSource(connection, new AwsClients(connection, identity, accessKey, loggers, time));
    }
}
