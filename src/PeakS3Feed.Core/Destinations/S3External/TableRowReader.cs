using System.Runtime.CompilerServices;
using Microsoft.Extensions.Logging;
using PeakS3Feed.Destinations.Delta;
using PeakS3Feed.Destinations.Loading;
using PeakS3Feed.Destinations.Parquet;
using PeakS3Feed.Destinations.Staging;

namespace PeakS3Feed.Destinations.S3External;

/// <summary>
/// Reads rows of the newest version of a table: those of the files that the log names now. Files whose bounds exclude the run or the object are not
/// opened, and of a file without a row of theirs, only the audit columns are read.
/// </summary>
/// <param name="tables">The destination.</param>
/// <param name="folder">The table's folder.</param>
/// <param name="log">The table's log.</param>
/// <param name="target">The feed and table.</param>
internal sealed class TableRowReader(ExternalTables tables, IStagingArea folder, DeltaLog log, LoadTarget target)
{
    // Few, because most readings want few rows.
    private const int BatchRows = 1024;

    /// <inheritdoc cref="ITableSession.ReadRowsAsync"/>
    public async IAsyncEnumerable<TableRow> ReadAsync(RowSelection selection, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var state = await log.ReadAsync(null, cancellationToken) ?? throw TableErrors.TableMissing(target);
        var reading = Begin(TableColumns.Read(state.Metadata, target), selection);
        var files = log.ReadFilesAsync(state, cancellationToken).Where(reading.Meets);
        var rows = reading.IsOrdered
            ? ReadInOrderAsync(files, reading, selection.Limit, cancellationToken)
            : files.SelectMany(f => ReadAsync(f, reading, cancellationToken));
        var left = selection.Limit;
        await foreach (var row in rows.WithCancellation(cancellationToken))
        {
            yield return row;
            if (--left == 0)
                yield break;
        }
    }

    private RowReading Begin(TableColumns columns, RowSelection selection)
    {
        var shown = columns.Shown;
        var isShown = columns.Existing.ToLookup(c => shown.Any(s => s.Name == c.Name));
        foreach (var hidden in isShown[false])
            tables.Logger.LogWarning("Column {Column} of {Table} is not shown: it is of type {Type}.", hidden.Name, target.Table, hidden.Type);
        var table = new TableSnapshot { Exists = true, Columns = [.. isShown[true]] };
        return new(SelectedColumns.From(table, new TableTypes(), selection, target), shown, selection);
    }

    private async IAsyncEnumerable<TableRow> ReadAsync(
        DeltaAdd file, RowReading reading, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await using var reader = await OpenAsync(file, cancellationToken);
        if (reading.Keys.Count > 0 && !await FindAsync(reader, reading, cancellationToken).AnyAsync(cancellationToken))
            yield break;
        var values = reading.ValuesOf(file);
        await foreach (var rows in reader.ReadAsync(reading.Columns, cancellationToken, BatchRows))
        {
            for (var row = 0; row < rows.Count; row++)
            {
                if (reading.Takes(rows.Columns, row))
                    yield return new(reading.Names, values(rows.Columns, row));
            }
        }
    }

    // The audit columns say which rows are the first; only these rows are read in full.
    private async IAsyncEnumerable<TableRow> ReadInOrderAsync(
        IAsyncEnumerable<DeltaAdd> files, RowReading reading, long limit, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var first = new RowPlaces(limit);
        await foreach (var file in files.WithCancellation(cancellationToken))
        {
            await using var reader = await OpenAsync(file, cancellationToken);
            await foreach (var (row, name) in FindAsync(reader, reading, cancellationToken))
                first.Add(name, file, row);
        }
        var places = first.Take();
        var found = new Dictionary<(string File, long Row), TableRow>();
        foreach (var some in places.GroupBy(p => p.File.Name, StringComparer.Ordinal))
            await ReadAsync([.. some.OrderBy(p => p.Row)], reading, found, cancellationToken);
        foreach (var place in places)
            yield return found[(place.File.Name, place.Row)];
    }

    // Rows of one file, in its order.
    private async Task ReadAsync(
        IReadOnlyList<RowPlace> places, RowReading reading, Dictionary<(string File, long Row), TableRow> found, CancellationToken cancellationToken)
    {
        var (file, next) = (places[0].File, 0);
        var values = reading.ValuesOf(file);
        await using var reader = await OpenAsync(file, cancellationToken);
        await foreach (var rows in reader.ReadAsync(reading.Columns, cancellationToken, BatchRows))
        {
            for (; next < places.Count && places[next].Row < rows.First + rows.Count; next++)
            {
                var row = places[next].Row;
                found.Add((file.Name, row), new(reading.Names, values(rows.Columns, (int)(row - rows.First))));
            }
            if (next == places.Count)
                return;
        }
    }

    // The rows that are taken, by the audit columns alone: the row's number in the file, and the name of its object.
    private static async IAsyncEnumerable<(long Row, string Name)> FindAsync(
        ParquetFileReader reader, RowReading reading, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (var rows in reader.ReadAsync(reading.Keys, cancellationToken))
        {
            for (var row = 0; row < rows.Count; row++)
            {
                if (reading.TakesByKeys(rows.Columns, row))
                    yield return (rows.First + row, reading.ObjectOf(rows.Columns, row));
            }
        }
    }

    private Task<ParquetFileReader> OpenAsync(DeltaAdd file, CancellationToken cancellationToken)
        => TableFile.OpenAsync(folder, file.Name, file.Size, cancellationToken);
}
