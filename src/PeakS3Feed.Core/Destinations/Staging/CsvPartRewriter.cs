namespace PeakS3Feed.Destinations.Staging;

/// <summary>Writes staged files again under other names: without some rows, or as several smaller files.</summary>
internal sealed class CsvPartRewriter(IStagingArea area, Func<string> createName)
{
    /// <summary>Writes a file without these rows. Returns null when it has none of them.</summary>
    /// <exception cref="InvalidDataException">The file is not the one that was written.</exception>
    public async Task<WrittenPart?> RemoveAsync(
        WrittenPart part, IReadOnlySet<(long Ordinal, long Row)> gone, CancellationToken cancellationToken)
    {
        var removed = 0;
        await using var output = new CsvPart(area, createName(), part.Staged.Schema);
        await CsvPartReader.ReadAsync(
            area, part,
            row =>
            {
                if (!gone.Contains((row.Ordinal, row.Row)))
                    return output.WriteAsync(row.Bytes, 1, row.Ordinal, cancellationToken);
                removed++;
                return ValueTask.CompletedTask;
            },
            cancellationToken);
        return removed == 0 ? null : await output.CompleteAsync(cancellationToken);
    }

    /// <summary>Writes a file as several, each with as many of its rows as the others, or one less.</summary>
    /// <param name="part">The file, which has at least as many rows as <paramref name="count"/>.</param>
    /// <param name="count">How many files.</param>
    /// <param name="cancellationToken">Stops between two rows.</param>
    /// <exception cref="InvalidDataException">The file is not the one that was written.</exception>
    public async Task<IReadOnlyList<WrittenPart>> SplitAsync(WrittenPart part, int count, CancellationToken cancellationToken)
    {
        List<CsvPart> outputs = [];
        try
        {
            long read = 0;
            await CsvPartReader.ReadAsync(
                area, part,
                async row =>
                {
                    var output = (int)((Int128)read++ * count / part.Staged.Rows);
                    if (output == outputs.Count)
                        outputs.Add(new CsvPart(area, createName(), part.Staged.Schema));
                    await outputs[output].WriteAsync(row.Bytes, 1, row.Ordinal, cancellationToken);
                },
                cancellationToken);
            List<WrittenPart> written = [];
            foreach (var output in outputs)
                written.Add(await output.CompleteAsync(cancellationToken));
            return written;
        }
        finally
        {
            foreach (var output in outputs)
                await output.DisposeAsync();
        }
    }
}
