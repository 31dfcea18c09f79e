using Microsoft.Extensions.Logging;
using PeakS3Feed.Aws;
using PeakS3Feed.Connections;
using PeakS3Feed.Errors;

namespace PeakS3Feed.Sources;

/// <summary>Opens the source that a connection leads to.</summary>
public static class SourceFactory
{
    /// <summary>
    /// Opens it. Nothing is read or asked of the network before the first listing or read; throws with id <c>ConnectionInvalid</c>.
    /// </summary>
    /// <param name="connection">The connection.</param>
    /// <param name="identity">Who reads; it names the role's session.</param>
    /// <param name="accessKey">Base credentials for this one source, instead of the profile or the default chain; or null.</param>
    /// <param name="loggers">Retries and renewed sessions are told here.</param>
    /// <param name="time">The clock for pauses and sessions.</param>
    public static IObjectSource Open(
        S3Connection connection, SourceIdentity identity, AccessKey? accessKey, ILoggerFactory loggers, TimeProvider time)
    {
        if (connection.IsFolder)
        {
            var folder = connection.FolderPath ?? throw DefinitionErrors.Invalid("Connection", connection.Name, connection.Validate());
            return new FolderObjectSource(connection, folder);
        }
        return new S3ObjectSource(connection, new AwsClients(connection, identity, accessKey, loggers, time));
    }
}
