using PeakS3Feed.Errors;

namespace PeakS3Feed.Formats;

/// <summary>
/// Reads the rows of one file, whatever its format. Reading is synchronous over what is in memory; only
/// <see cref="FillAsync"/> waits, so a row costs no task. A file that cannot be read on (corrupt gzip, a quote never
/// closed, a row over the limit) throws a <see cref="FeedException"/> with the position.
/// </summary>
public abstract class RecordReader : IAsyncDisposable
{
    private readonly WarningList _warnings = new();

    /// <summary>The longest row or field: 16 MiB.</summary>
    public const int MaxRowBytes = 16 * 1024 * 1024;

    /// <summary>
    /// The file's fields. CSV: the header, known once the first row was read. JSON: members in the order they were first seen,
    /// so it can grow from row to row.
    /// </summary>
    public abstract IReadOnlyList<string> Fields { get; }

    /// <summary>Whether rows can still bring fields (JSON), or all are known once the first row was read (CSV).</summary>
    public abstract bool FieldsGrow { get; }

    /// <summary>Where the newest of the <see cref="Fields"/> are named: in CSV the header's place, in JSON the row's.</summary>
    internal virtual (long Line, long ByteOffset) FieldsAt => (Current.Line, Current.ByteOffset);

    /// <summary>The row the reader stands on.</summary>
    public Record Current { get; } = new();

    /// <summary>Why the last row was <see cref="ReadResult.Malformed"/>.</summary>
    public string MalformedReason { get; protected set; } = "";

    /// <summary>The field that is at fault in a <see cref="ReadResult.Malformed"/> row, or null when the whole row is.</summary>
    public string? MalformedField { get; protected set; }

    /// <summary>Reads the next row from memory.</summary>
    public abstract ReadResult Read();

    /// <summary>Brings more bytes into memory.</summary>
    public abstract ValueTask FillAsync(CancellationToken cancellationToken);

    /// <summary>Takes the warnings about what was read since the last time.</summary>
    public IReadOnlyList<FeedWarning> TakeWarnings() => _warnings.Take();

    /// <summary>
    /// Rows that stand plain in memory ahead of the reader, or null where the next row can only be had by <see cref="Read"/>. They are
    /// read when they are taken; they are what Read would give one by one.
    /// </summary>
    internal virtual RowBlock? Ahead() => null;

    /// <summary>Takes the first so many rows of <see cref="Ahead"/>: reading goes on behind them.</summary>
    internal virtual void Take(int rows) => throw new NotSupportedException();

    /// <inheritdoc/>
    public abstract ValueTask DisposeAsync();

    /// <summary>Warns about the file; of one id and subject there is one warning for each time that they are taken.</summary>
    protected void Warn(FeedWarning warning) => _warnings.Add(warning);
}
