using System.Runtime.CompilerServices;
using PeakS3Feed.Connections;

namespace PeakS3Feed.Access;

/// <summary>Tests whether a folder that stands in for a bucket can be listed and read.</summary>
internal static class FolderProbe
{
    private const string NoNeed = "A folder does not need this.";

    /// <summary>Returns the checks. Steps that only a bucket needs are skipped.</summary>
    public static async IAsyncEnumerable<ConnectionCheck> RunAsync(
        string folder, S3Connection connection, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        foreach (var step in new[] { ConnectionStep.BaseCredentials, ConnectionStep.AssumeRole, ConnectionStep.Region })
            yield return S3Probe.Skipped(step, NoNeed);
        var root = Path.Combine(folder, connection.RootPrefix.Replace('/', Path.DirectorySeparatorChar));
        var (list, file) = await Task.Run(() => List(root), cancellationToken);
        yield return list;
        yield return await ReadAsync(file, cancellationToken);
        yield return S3Probe.Skipped(ConnectionStep.Kms, NoNeed);
    }

    private static (ConnectionCheck Check, string? File) List(string folder)
    {
        var tried = "listing " + folder;
        try
        {
            if (!Directory.Exists(folder))
                return (Failed(
                    ConnectionStep.List, tried, $"The folder {folder} does not exist.",
                    "Create the folder, or correct the connection's endpoint or root path.", "FolderNotFound"), null);
            var file = Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories).FirstOrDefault();
            return (new(ConnectionStep.List, CheckOutcome.Passed, tried, file is null
                ? "Can list objects. There are none yet."
                : "Can list objects."), file);
        }
        catch (Exception e) when (e is UnauthorizedAccessException or IOException)
        {
            return (Failed(
                ConnectionStep.List, tried, e.Message, "Give the account that runs this permission to list and enter the folder.",
                "ListDenied"), null);
        }
    }

    private static async Task<ConnectionCheck> ReadAsync(string? file, CancellationToken cancellationToken)
    {
        if (file is null)
            return S3Probe.Skipped(ConnectionStep.Read, "There is no file to read.");
        var tried = "reading the first byte of " + file;
        try
        {
            var stream = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            await using (stream)
                _ = await stream.ReadAtLeastAsync(new byte[1], 1, throwOnEndOfStream: false, cancellationToken);
            return new(ConnectionStep.Read, CheckOutcome.Passed, tried, "Can read objects.");
        }
        catch (Exception e) when (e is UnauthorizedAccessException or IOException)
        {
            return Failed(ConnectionStep.Read, tried, e.Message, "Give the account that runs this permission to read the file.",
                e is UnauthorizedAccessException ? "ObjectAccessDenied" : "ObjectUnreadable");
        }
    }

    // The ids are those of the errors of a run with the same problem.
    private static ConnectionCheck Failed(ConnectionStep step, string tried, string message, string hint, string errorId)
        => new(step, CheckOutcome.Failed, tried, message, hint) { ErrorId = errorId };
}
