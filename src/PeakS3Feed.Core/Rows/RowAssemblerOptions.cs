using PeakS3Feed.Schemas;

namespace PeakS3Feed.Rows;

/// <summary>The options of <see cref="RowAssembler"/>.</summary>
public sealed record RowAssemblerOptions
{
    /// <summary>The name of the feed, for the commands that errors suggest.</summary>
    public required string FeedName { get; init; }

    /// <summary>The action for new fields.</summary>
    public NewFieldAction NewFields { get; init; }

    /// <summary>The names of the primary key's columns. A row with NULL in one of them is a reject.</summary>
    public IReadOnlyList<string> KeyColumns { get; init; } = [];

    /// <summary>The destination's limits.</summary>
    public ValueLimits Limits { get; init; } = new();

    /// <summary>The accepted forms of values.</summary>
    public ValueFormats ValueFormats { get; init; } = ValueFormats.Default;

    /// <summary>The maximum number of rows of a batch. Batches of wide tables have fewer rows, at most 256 Ki cells.</summary>
    public int MaxBatchRows { get; init; } = 8192;

    /// <summary>The size in bytes of the file after which a batch ends: 4 MiB.</summary>
    public int MaxBatchTextBytes { get; init; } = 4 * 1024 * 1024;

    /// <summary>Whether batches store the position of each row, so that a row that the destination refuses can be identified. Slower.</summary>
    public bool KeepPositions { get; init; }

    /// <summary>Whether rejects include the text of their row, and their reasons the invalid value.</summary>
    public bool KeepRawText { get; init; } = true;
}

/// <summary>The action for a field that is not in the schema.</summary>
public enum NewFieldAction
{
    /// <summary>Add a column, with the type inferred from the field's values.</summary>
    Add,

    /// <summary>Throw with id <c>NewField</c>.</summary>
    Fail,

    /// <summary>Ignore the field.</summary>
    Ignore,
}
