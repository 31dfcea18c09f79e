using PeakS3Feed.Destinations.Staging;

namespace PeakS3Feed.Destinations.Delta;

/// <summary>The files of the log from a version on.</summary>
/// <param name="Checkpoints">The complete checkpoints, the oldest first; one for each version.</param>
/// <param name="Entries">The entries, the oldest first; there may be gaps.</param>
internal sealed record DeltaLogListing(IReadOnlyList<DeltaCheckpoint> Checkpoints, IReadOnlyList<DeltaEntry> Entries)
{
    /// <summary>The newest complete checkpoint; null if there is none.</summary>
    public DeltaCheckpoint? Checkpoint => Checkpoints.Count == 0 ? null : Checkpoints[^1];

    /// <summary>Lists the log of a table.</summary>
    /// <param name="table">The folder of the table.</param>
    /// <param name="from">The first version.</param>
    /// <param name="cancellationToken">Cancels.</param>
    public static async Task<DeltaLogListing> ReadAsync(IStagingArea table, long from, CancellationToken cancellationToken)
    {
        var entries = new List<DeltaEntry>();
        var checkpoints = new List<DeltaCheckpoint>();
        var parts = new Dictionary<DeltaLogFile, List<StagedFile>>(); // of the version that the listing is at, by the number of parts
        var unknown = -1L;
        await foreach (var file in table.ListAfterAsync(DeltaLogNames.Folder, DeltaLogNames.Before(from), cancellationToken))
        {
            if (DeltaLogNames.Parse(file.Name) is not { } parsed)
                continue;
            if (parsed.Kind == DeltaLogFileKind.Entry)
            {
                entries.Add(new(parsed.Version, file.WrittenAt));
                parts.Clear(); // checkpoints of a version come before its entry
            }
            else if (parsed.Kind == DeltaLogFileKind.CheckpointV2)
            {
                unknown = parsed.Version;
            }
            else if (parsed.Parts == 0)
            {
                checkpoints.Add(new(parsed.Version, [file]));
            }
            else if (Add(parts, parsed, file) is { } complete)
            {
                checkpoints.Add(new(parsed.Version, complete));
            }
        }
        // A version may have several, if several engines wrote one.
        IReadOnlyList<DeltaCheckpoint> distinct = [.. checkpoints.DistinctBy(c => c.Version)];
        return new(distinct, entries) { UnknownCheckpoint = unknown > (distinct is [.., var last] ? last.Version : -1) ? unknown : null };
    }

    /// <summary>The version of a checkpoint that is newer, but has a form that is not known here (V2); or null.</summary>
    public long? UnknownCheckpoint { get; init; }

    /// <summary>The versions after one, without gaps.</summary>
    /// <param name="table">The URI of the table's folder.</param>
    /// <param name="version">The version.</param>
    /// <exception cref="Errors.FeedException"><c>DeltaLogGap</c></exception>
    public IReadOnlyList<long> After(string table, long version)
    {
        var after = Entries.Select(e => e.Version).Where(v => v > version).ToList();
        for (var i = 0; i < after.Count; i++)
        {
            if (after[i] != version + 1 + i)
                throw DeltaErrors.LogGap(table, version + 1 + i, after[i]);
        }
        return after;
    }

    // Returns the parts of a checkpoint once all of them are there. They come in their order.
    private static List<StagedFile>? Add(Dictionary<DeltaLogFile, List<StagedFile>> parts, DeltaLogFile parsed, StagedFile file)
    {
        var checkpoint = parsed with { Part = 0 };
        if (!parts.TryGetValue(checkpoint, out var found))
            parts[checkpoint] = found = [];
        if (parsed.Part == found.Count + 1)
            found.Add(file);
        return found.Count == parsed.Parts ? found : null;
    }
}

/// <summary>An entry of the log.</summary>
/// <param name="Version">The version that it makes.</param>
/// <param name="WrittenAt">When it was written, by the clock of the place.</param>
internal sealed record DeltaEntry(long Version, DateTimeOffset WrittenAt);
