using Microsoft.Extensions.Logging;
using PeakS3Feed.Destinations.PostgreSql;
using PeakS3Feed.Destinations.Sqlite;
using PeakS3Feed.Secrets;

namespace PeakS3Feed.Destinations;

/// <summary>Makes a destination of its definition.</summary>
public static class DestinationFactory
{
    /// <summary>Resolves the definition's secrets; connects to nothing yet.</summary>
    /// <param name="definition">The definition.</param>
    /// <param name="stateDirectory">What a relative SQLite path is relative to.</param>
    /// <param name="secrets">Resolves references.</param>
    /// <param name="loggers">Is told of waiting and retries.</param>
    /// <param name="cancellationToken">Stops resolving.</param>
    public static async Task<IDestination> OpenAsync(
        S3FeedDestination definition, string stateDirectory, ISecretResolver secrets, ILoggerFactory loggers, CancellationToken cancellationToken)
        => definition switch
        {
            SqliteDestination sqlite => new SqliteDatabase(Path.GetFullPath(sqlite.Path, stateDirectory), loggers.CreateLogger("PeakS3Feed.Sqlite")),
            PostgreSqlDestination postgres => new PostgreSqlServer(
                postgres,
                postgres.Password is { } reference ? await secrets.ResolveAsync(SecretReference.Parse(reference), cancellationToken) : null),
            _ => throw new ArgumentOutOfRangeException(nameof(definition), definition.Kind, null),
        };
}
