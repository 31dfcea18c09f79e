using PeakS3Feed.Schemas;

namespace PeakS3Feed.Rows;

/// <summary>How rows become batches.</summary>
public sealed record RowAssemblerOptions
{
    /// <summary>The feed's name, for the commands that errors suggest.</summary>
    public required string FeedName { get; init; }

    /// <summary>What to do with new fields.</summary>
    public NewFieldAction NewFields { get; init; }

    /// <summary>The names of the primary key's columns; a NULL in one is a reject.</summary>
    public IReadOnlyList<string> KeyColumns { get; init; } = [];

    /// <summary>What the destination refuses.</summary>
    public ValueLimits Limits { get; init; } = new();

    /// <summary>How dates may be written.</summary>
    public DateFormatSet DateFormats { get; init; } = DateFormatSet.Iso;

    /// <summary>The most rows of a batch; wide tables get fewer, at most 256 Ki cells.</summary>
    public int MaxBatchRows { get; init; } = 16_384;

    /// <summary>A batch ends with the row that brings it to so many bytes of the file: 4 MiB.</summary>
    public int MaxBatchTextBytes { get; init; } = 4 * 1024 * 1024;

    /// <summary>Whether batches keep where each row stands, so that one which the destination refuses can be named. Slower.</summary>
    public bool KeepPositions { get; init; }

    /// <summary>Whether rejects keep the text of their row, and their reasons the value that does not fit.</summary>
    public bool KeepRawText { get; init; } = true;
}
