using Microsoft.Extensions.Logging.Abstractions;
using PeakS3Feed.Access;
using PeakS3Feed.Aws;
using PeakS3Feed.Connections;
using PeakS3Feed.Tests.Sources;

namespace PeakS3Feed.Tests.Access;

/// <summary>Runs the test of a connection.</summary>
internal static class Checks
{
    public static async Task<List<ConnectionCheck>> RunAsync(S3Connection connection, AccessKey? key = null, bool useKey = true)
    {
        var checks = new List<ConnectionCheck>();
        await foreach (var check in ConnectionTest.RunAsync(connection, useKey ? key ?? S3Harness.Key : null, NullLoggerFactory.Instance, TimeProvider.System, default))
            checks.Add(check);
        return checks;
    }

    /// <summary>The outcomes as letters: <c>PPPPPS</c>.</summary>
    public static string Letters(IEnumerable<ConnectionCheck> checks) => string.Concat(checks.Select(c => c.Outcome.ToString()[0]));
}
