using PeakS3Feed.Errors;
using PeakS3Feed.Sources;

namespace PeakS3Feed.Destinations.Loading;

/// <summary>The work of a load whose objects the engine loads itself.</summary>
public interface IDirectWork
{
    /// <summary>Whether the load is staged where the engine refuses the objects. Otherwise that is an error.</summary>
    bool MayStage { get; }

    /// <summary>
    /// Reads the first bytes of every object, with one request for each, and returns what they have in common. Each must still be the version that
    /// was planned, and have the same header.
    /// </summary>
    /// <exception cref="DirectRefusedException">An object differs, or cannot be read.</exception>
    Task<DirectFiles> ProveAsync(CancellationToken cancellationToken);

    /// <summary>Lists the objects again, after the engine has read them. Each must still be the version that was planned.</summary>
    /// <exception cref="DirectRefusedException">An object has another version, or is gone.</exception>
    Task VerifyAsync(CancellationToken cancellationToken);

    /// <summary>Counts the objects as written.</summary>
    /// <param name="rows">The rows that the engine has loaded.</param>
    LoadTotals Complete(long rows);

    /// <summary>Takes note that the objects are staged after all.</summary>
    void Stage(LoadPathReason reason);
}

/// <summary>Objects that an engine can load with one statement.</summary>
public sealed record DirectFiles
{
    /// <summary>Their form.</summary>
    public required DirectForm Form { get; init; }

    /// <summary>The places of the feed's columns in the schema, in the order of the fields.</summary>
    public required IReadOnlyList<int> Columns { get; init; }

    /// <summary>Whether the objects are compressed with gzip; otherwise they are not compressed.</summary>
    public required bool IsGzip { get; init; }

    /// <summary>The objects, in loading order. The sequence can be read several times.</summary>
    public required IEnumerable<SourceObject> Objects { get; init; }
}

/// <summary>Objects cannot be loaded by the engine itself, although their definitions allow it.</summary>
/// <param name="reason">Why, as the end of a sentence.</param>
/// <param name="error">The error of a run that may not stage them.</param>
public sealed class DirectRefusedException(string reason, FeedException error) : Exception(error.Message, error)
{
    /// <summary>Why, as the end of a sentence.</summary>
    public string Reason { get; } = reason;

    /// <summary>The error of a run that may not stage them.</summary>
    public FeedException Error { get; } = error;
}
