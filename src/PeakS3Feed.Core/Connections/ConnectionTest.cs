using Microsoft.Extensions.Logging;
namespace PeakS3Feed.Connections;
/// <summary>stub until merge</summary>
public static class ConnectionTest
{
    /// <summary>stub until merge</summary>
    public static async IAsyncEnumerable<ConnectionCheck> RunAsync(S3Connection connection, AccessKey? accessKey, ILoggerFactory loggers, TimeProvider time, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await Task.Yield();
        yield break;
    }
}
