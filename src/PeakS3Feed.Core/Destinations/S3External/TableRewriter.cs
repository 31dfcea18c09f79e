using PeakS3Feed.Destinations.Parquet;
using PeakS3Feed.Destinations.Staging;
using PeakS3Feed.Rows.Vectors;
using PeakS3Feed.Schemas;

namespace PeakS3Feed.Destinations.S3External;

/// <summary>Copies data files without some of their rows.</summary>
/// <param name="table">The table's folder.</param>
/// <param name="options">The form of the new files.</param>
internal sealed class TableRewriter(IStagingArea table, ParquetOptions options)
{
    // Few, so that the arrays of a batch are small objects: large ones are collected late, and each file needs new ones.
    private const int BatchRows = 1024;

    /// <summary>Copies the rows of a file that are not in a set.</summary>
    /// <param name="name">The file.</param>
    /// <param name="bytes">Its size.</param>
    /// <param name="columns">The columns to copy; NULL where the file lacks one.</param>
    /// <param name="removed">The rows to leave out.</param>
    /// <param name="to">The name of the copy.</param>
    /// <param name="fields">The columns of the copy.</param>
    /// <param name="edit">Returns the columns of the copy for some rows of the file.</param>
    /// <param name="readsAll">Whether <paramref name="edit"/> must see all rows, even if none is left.</param>
    /// <param name="cancellationToken">Cancels.</param>
    /// <returns>The copy; null if no row is left, and then there is no file.</returns>
    public async Task<ParquetFileInfo?> CopyAsync(
        string name, long bytes, IReadOnlyList<FeedColumn> columns, RowSet removed, string to, IReadOnlyList<ParquetField> fields,
        Func<ParquetRows, IReadOnlyList<ColumnVector>> edit, bool readsAll,
        CancellationToken cancellationToken)
    {
        await using var reader = await TableFile.OpenAsync(table, name, bytes, cancellationToken);
        var isEmpty = removed.Count >= reader.Rows;
        if (isEmpty && !readsAll)
            return null;
        await using var writer = new ParquetFileWriter(table.Create(to), fields, options);
        var kept = new RowMask();
        var copies = new SelectedRows();
        await foreach (var rows in reader.ReadAsync(columns, cancellationToken, BatchRows))
        {
            var edited = edit(rows);
            kept.Reset(rows.Count, chosen: true);
            for (var row = 0; row < rows.Count; row++)
            {
                if (removed.Contains(rows.First + row))
                    kept[row] = false;
            }
            if (kept.Chosen == rows.Count)
                await writer.WriteAsync(edited, 0, rows.Count, cancellationToken);
            else if (kept.Chosen > 0)
                await writer.WriteAsync(copies.Copy(edited, kept), 0, kept.Chosen, cancellationToken);
        }
        return isEmpty ? null : await writer.CompleteAsync(cancellationToken);
    }
}
