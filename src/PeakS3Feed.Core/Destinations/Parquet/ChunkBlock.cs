namespace PeakS3Feed.Destinations.Parquet;

/// <summary>Chunks of columns that are read at once, because they follow each other in the file, or nearly.</summary>
/// <param name="Range">The part of the file.</param>
/// <param name="Columns">The columns.</param>
internal sealed record ChunkBlock(ByteRange Range, IReadOnlyList<int> Columns)
{
    // A request costs about as much time as the transfer of so many bytes.
    private const long MaxGap = 256 * 1024;
    private const long MaxBytes = 4 * 1024 * 1024;

    /// <summary>Joins chunks to blocks. A block has at most 4 MiB, unless one chunk is larger.</summary>
    public static IEnumerable<ChunkBlock> Join(IEnumerable<(ByteRange Range, int Column)> chunks)
    {
        ChunkBlock? block = null;
        foreach (var (range, column) in chunks.OrderBy(c => c.Range.Start))
        {
            var end = Math.Max(range.End, block?.Range.End ?? 0);
            if (block is not null && range.Start - block.Range.End <= MaxGap && end - block.Range.Start <= MaxBytes)
            {
                block = new(block.Range with { Length = end - block.Range.Start }, [.. block.Columns, column]);
                continue;
            }
            if (block is not null)
                yield return block;
            block = new(range, [column]);
        }
        if (block is not null)
            yield return block;
    }
}
