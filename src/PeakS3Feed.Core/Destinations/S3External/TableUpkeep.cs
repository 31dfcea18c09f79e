using Microsoft.Extensions.Logging;
using PeakS3Feed.Destinations.Delta;
using PeakS3Feed.Destinations.Staging;

namespace PeakS3Feed.Destinations.S3External;

/// <summary>
/// What follows a commit: a checkpoint every ten versions, and the manifest for Redshift Spectrum. The load is committed; a failure is logged, and a
/// later run does it again.
/// </summary>
internal sealed class TableUpkeep(ExternalTables tables, IStagingArea folder, DeltaLog log)
{
    /// <summary>Does what is due after a version was committed.</summary>
    /// <param name="before">The version that it follows; null if it has created the table.</param>
    /// <param name="version">The version.</param>
    public async Task RunAsync(DeltaState? before, long version)
    {
        if (before is not null && (before with { Version = version }).NeedsCheckpoint)
            await TryAsync("checkpoint", state => log.CheckpointAsync(state, CancellationToken.None), CancellationToken.None);
        if (tables.HasManifest)
            await TryAsync("manifest", state => new SpectrumManifest(folder, log).WriteAsync(state, CancellationToken.None), CancellationToken.None);
    }

    /// <summary>Writes the manifest of the newest version, unless it is there: a run that died may have committed without it.</summary>
    public async Task RepairAsync(CancellationToken cancellationToken)
    {
        if (tables.HasManifest)
            await TryAsync("manifest", state => new SpectrumManifest(folder, log).RepairAsync(state, cancellationToken), cancellationToken);
    }

    private async Task TryAsync(string what, Func<DeltaState, Task> action, CancellationToken cancellationToken)
    {
        try
        {
            if (await log.ReadAsync(null, cancellationToken) is { } state)
                await action(state);
        }
        catch (Exception e) when (!cancellationToken.IsCancellationRequested)
        {
            tables.Logger.LogWarning("The {What} of {Table} was not written; the next run does it again: {Reason}", what, folder.Location, e.Message);
        }
    }
}
