namespace PeakS3Feed.Formats;

/// <summary>
/// Rows in memory ahead of a reader that can be processed column by column: well-formed, nothing irregular, in valid UTF-8. The reader refills it.
/// </summary>
internal abstract class RowBlock
{
    /// <summary>The index of the first row that is not consumed.</summary>
    public int First { get; protected set; }

    /// <summary>The index after the last row that can be consumed.</summary>
    public abstract int End { get; }

    /// <summary>Whether the values may contain a zero byte.</summary>
    public bool MayHaveNul { get; protected set; }

    /// <summary>Consumes rows.</summary>
    public void Take(int rows) => First += rows;

    /// <summary>The index of a row's first byte. For the row after the last one, it is the index after the last line end.</summary>
    public abstract int StartOf(int row);

    /// <summary>The number of bytes of a row, without its line end.</summary>
    public abstract int LengthOf(int row);

    /// <summary>An upper bound of the bytes that the values of a field have in some rows.</summary>
    public abstract int RoomFor(int field, int from, int to);

    /// <summary>The value of a field without quotes and escapes, and how the file writes it; valid until the next call.</summary>
    public abstract ReadOnlySpan<byte> Value(int row, int field, out FieldKind kind);

    /// <summary>
    /// Continues with the row that begins at <paramref name="position"/>: the first row that is not consumed, or the one after it where the reader
    /// has read that row singly. Returns whether the block has such a row.
    /// </summary>
    /// <param name="position">The index of the row's first byte.</param>
    /// <param name="rows">The number of rows that the block has.</param>
    protected bool SeekTo(int position, int rows)
    {
        if (First < rows && StartOf(First) != position && StartOf(First + 1) == position)
            First++;
        return First < rows && StartOf(First) == position;
    }
}

/// <summary>
/// Enumerates one field over the rows of a block. Structs implement it, so that the loop over a column is compiled for each format. It does not check
/// bounds: the caller must not read more rows than the block has.
/// </summary>
internal interface IFieldRows
{
    /// <summary>The number of bytes that can be read from the start of the last value on. The bytes after the value are undefined.</summary>
    int Readable { get; }

    /// <summary>Moves to the next row and returns its value.</summary>
    /// <param name="needsCare">Whether the value may be NULL, or differ from the bytes that are returned: then <see cref="Value"/> gives it.</param>
    ReadOnlySpan<byte> Next(out bool needsCare);

    /// <summary>The value of the current row, and how the file writes it; valid until the next call.</summary>
    ReadOnlySpan<byte> Value(out FieldKind kind);
}
