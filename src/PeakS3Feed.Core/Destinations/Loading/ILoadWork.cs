using PeakS3Feed.Sources;

namespace PeakS3Feed.Destinations.Loading;

/// <summary>The rows of one load. They can be written again from the beginning.</summary>
public interface ILoadRows
{
    /// <summary>The load's settings, with the schema as it is before the load.</summary>
    LoadSpec Spec { get; }

    /// <summary>Sets <see cref="LoadSpec.FindRefusedRows"/> from the next attempt on.</summary>
    void FindRefusedRows();

    /// <summary>
    /// Writes the rows in loading order, from the beginning each time it is called. Throws <see cref="LoadRestartException"/> when the work has to
    /// begin again.
    /// </summary>
    Task<LoadTotals> WriteAsync(IRowSink sink, CancellationToken cancellationToken);
}

/// <summary>
/// The work of one load: objects that become rows, for one destination or for a pair. It can be done again from its beginning.
/// <see cref="ILoadRows.WriteAsync"/> reads the objects each time it is called, for a feed with one destination to load.
/// </summary>
public interface ILoadWork : ILoadRows
{
    /// <summary>The load's number in the run, from 1.</summary>
    int Number { get; }

    /// <summary>What each destination of the feed commits of the load, in the order of the feed's destinations.</summary>
    IReadOnlyList<ILoadShare> Shares { get; }

    /// <summary>The load as one whose objects the engine reads itself; null if they are to be staged.</summary>
    IDirectWork? Direct => null;

    /// <summary>
    /// Reads the objects once and stages their rows for each destination that needs them, by as many lanes as the run has, in any order. Otherwise as
    /// <see cref="ILoadRows.WriteAsync"/>.
    /// </summary>
    /// <param name="stages">A stage for each of <see cref="Shares"/>; null for a destination that is not loaded.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <returns>What was staged, for each of <see cref="Shares"/>.</returns>
    Task<IReadOnlyList<LoadTotals>> StageAsync(IReadOnlyList<IStage?> stages, CancellationToken cancellationToken);

    /// <summary>Takes note of how far a destination has merged the load with the files of its table, for the progress of the run.</summary>
    /// <param name="files">The files so far; 0 once it is done.</param>
    void ReportMerging(long files)
    {
    }

    /// <summary>Rejects staged rows that a destination refused. They are rejects for all destinations. Returns the totals without them.</summary>
    Task<IReadOnlyList<LoadTotals>> RejectAsync(IReadOnlyList<RefusedStagedRow> rows, CancellationToken cancellationToken);
}

/// <summary>What one destination commits of a load.</summary>
public interface ILoadShare
{
    /// <summary>Whether a new feed may write into a table that holds rows.</summary>
    bool AdoptTable { get; }

    /// <summary>Whether a Replace may leave the table empty.</summary>
    bool AllowEmpty { get; }

    /// <summary>A hash of the objects that a Replace loads; valid after the rows are written.</summary>
    string? Signature { get; }

    /// <summary>How many objects count as loaded when the feed adopts the table with this load.</summary>
    long AssumedObjectCount { get; }

    /// <summary>Returns the objects whose earlier versions' rows are to be deleted.</summary>
    IAsyncEnumerable<SourceObject> ChangedObjects();

    /// <summary>Returns the objects that count as loaded.</summary>
    IAsyncEnumerable<SourceObject> AssumedObjects();

    /// <summary>Returns the objects that were written, whole, in loading order; valid after the rows are written.</summary>
    IAsyncEnumerable<LoadedObject> WrittenObjects();
}

/// <summary>An object that a load has written.</summary>
/// <param name="Source">The object.</param>
/// <param name="Ordinal">Its number in the load, as its rows carry it; the numbers ascend in loading order and may have gaps.</param>
public sealed record LoadedObject(SourceObject Source, long Ordinal);
