using PeakS3Feed.Errors;

namespace PeakS3Feed.Formats;

/// <summary>
/// Reads the rows of one file of any format. <see cref="Read"/> is synchronous and works on bytes in memory; only <see cref="FillAsync"/> waits, so a
/// row needs no task. Throws a <see cref="FeedException"/> with the position where the rest of the file cannot be read (corrupt gzip data, an
/// unclosed quote, a row over the limit).
/// </summary>
public abstract class RecordReader : IAsyncDisposable
{
    private readonly WarningList _warnings = new();

    /// <summary>The maximum size of a row or a field, in bytes: 16 MiB.</summary>
    public const int MaxRowBytes = 16 * 1024 * 1024;

    /// <summary>
    /// The names of the file's fields. CSV: the header, known after the first row is read. JSON: the members in the order of their first occurrence;
    /// the list can grow with each row.
    /// </summary>
    public abstract IReadOnlyList<string> Fields { get; }

    /// <summary>Whether later rows can add fields (JSON), or all fields are known after the first row (CSV).</summary>
    public abstract bool FieldsGrow { get; }

    /// <summary>The position where the newest of the <see cref="Fields"/> are named: the header in CSV, the row in JSON.</summary>
    internal virtual (long Line, long ByteOffset) FieldsAt => (Current.Line, Current.ByteOffset);

    /// <summary>The current row.</summary>
    public Record Current { get; protected set; } = new();

    /// <summary>The reason why the last row was <see cref="ReadResult.Malformed"/>.</summary>
    public string MalformedReason { get; protected set; } = "";

    /// <summary>The field at fault in a <see cref="ReadResult.Malformed"/> row, or null when the whole row is.</summary>
    public string? MalformedField { get; protected set; }

    /// <summary>The separator of a CSV file; null for other files.</summary>
    internal virtual string? FileSeparator => null;

    /// <summary>A separator that suits a CSV file better than its own; null where there is none or the reader was not asked.</summary>
    internal string? BetterSeparator { get; init; }

    /// <summary>Reads the next row from memory.</summary>
    public abstract ReadResult Read();

    /// <summary>Reads more bytes into memory.</summary>
    public abstract ValueTask FillAsync(CancellationToken cancellationToken);

    /// <summary>Returns the warnings since the last call, and removes them.</summary>
    public IReadOnlyList<FeedWarning> TakeWarnings() => _warnings.Take();

    /// <summary>
    /// Well-formed rows that are in memory ahead of the reader, or null where only <see cref="Read"/> can read the next row. They are the rows that
    /// Read would return one by one; <see cref="Take"/> consumes them.
    /// </summary>
    internal virtual RowBlock? Ahead() => null;

    /// <summary>Consumes the first <paramref name="rows"/> rows of <see cref="Ahead"/>. Reading continues after them.</summary>
    internal virtual void Take(int rows) => throw new NotSupportedException();

    /// <inheritdoc/>
    public abstract ValueTask DisposeAsync();

    /// <summary>Adds a warning about the file. Warnings with the same id and subject are combined until they are taken.</summary>
    protected void Warn(FeedWarning warning) => _warnings.Add(warning);
}

/// <summary>The result of <see cref="RecordReader.Read"/>.</summary>
public enum ReadResult
{
    /// <summary>The record holds the next row.</summary>
    Row,

    /// <summary>
    /// A row that cannot be read, a reject. The record has its position and raw text; <see cref="RecordReader.MalformedReason"/> has the reason.
    /// </summary>
    Malformed,

    /// <summary>The reader needs more bytes: await <see cref="RecordReader.FillAsync"/>, then read again.</summary>
    NeedsData,

    /// <summary>The file has ended and was complete.</summary>
    End,
}
