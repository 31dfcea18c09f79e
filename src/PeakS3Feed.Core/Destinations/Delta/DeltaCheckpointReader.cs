using System.Runtime.CompilerServices;
using PeakS3Feed.Destinations.Staging;

namespace PeakS3Feed.Destinations.Delta;

/// <summary>
/// Reads classic checkpoints (V1), also those of other engines in several files. Columns that the protocol adds for engines, such as parsed
/// statistics, are not read. Memory does not grow with the number of files in the table.
/// </summary>
internal static class DeltaCheckpointReader
{
    /// <summary>Returns protocol, metadata and progress of applications. Reads no other columns.</summary>
    /// <exception cref="Errors.FeedException">
    /// <c>DeltaCheckpointInvalid</c>; <c>DeltaFeatureUnknown</c> for a checkpoint of another kind (V2).
    /// </exception>
    public static async IAsyncEnumerable<DeltaAction> ReadStateAsync(
        IStagingArea table, string root, DeltaCheckpoint checkpoint, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        foreach (var part in checkpoint.Files)
        {
            await using var file = await CheckpointFile.OpenAsync(table, root, part, cancellationToken);
            if (file.Has("checkpointMetadata") || file.Has("sidecar"))
                throw DeltaErrors.FeatureUnknown(root, "v2Checkpoint");
            IReadOnlyList<Func<DeltaAction?>> readers =
            [
                CheckpointActions.ReadProtocols(file), CheckpointActions.ReadMetadata(file), CheckpointActions.ReadTransactions(file),
            ];
            await foreach (var action in ReadAsync(file, readers, cancellationToken))
                yield return action;
        }
    }

    /// <summary>Returns the files of the table, and those that were removed and that the checkpoint still names.</summary>
    /// <param name="table">The folder of the table.</param>
    /// <param name="root">Its URI, which ends in a slash.</param>
    /// <param name="checkpoint">The checkpoint.</param>
    /// <param name="removes">Whether removed files are wanted.</param>
    /// <param name="cancellationToken">Cancels.</param>
    /// <exception cref="Errors.FeedException"><c>DeltaCheckpointInvalid</c>, <c>DeltaPathOutside</c>, <c>DeltaFeatureUnknown</c> for files with
    /// deletion vectors.</exception>
    public static async IAsyncEnumerable<DeltaFile> ReadFilesAsync(
        IStagingArea table, string root, DeltaCheckpoint checkpoint, bool removes, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        foreach (var part in checkpoint.Files)
        {
            await using var file = await CheckpointFile.OpenAsync(table, root, part, cancellationToken);
            var actions = new CheckpointActions(file, root);
            IReadOnlyList<Func<DeltaAction?>> readers = removes ? [actions.ReadAdds(), actions.ReadRemoves()] : [actions.ReadAdds()];
            await foreach (var action in ReadAsync(file, readers, cancellationToken))
                yield return (DeltaFile)action;
        }
    }

    // Each reader reads one row, and returns null if the row has another action.
    private static async IAsyncEnumerable<DeltaAction> ReadAsync(
        CheckpointFile file, IReadOnlyList<Func<DeltaAction?>> readers, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        for (var group = 0; group < file.RowGroups; group++)
        {
            var rows = await file.BeginGroupAsync(group, cancellationToken);
            for (var row = 0L; row < rows; row++)
            {
                if (row % 1024 == 0)
                    cancellationToken.ThrowIfCancellationRequested();
                foreach (var read in readers)
                {
                    if (file.Run(read) is { } action)
                        yield return action;
                }
            }
        }
    }
}
