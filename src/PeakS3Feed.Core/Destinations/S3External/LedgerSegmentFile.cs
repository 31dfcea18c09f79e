using System.Runtime.CompilerServices;
using System.Text;
using PeakS3Feed.Destinations.Parquet;
using PeakS3Feed.Destinations.Staging;
using PeakS3Feed.Rows;
using PeakS3Feed.Rows.Vectors;
using PeakS3Feed.Schemas;

namespace PeakS3Feed.Destinations.S3External;

/// <summary>Writes and reads the Parquet files that list the objects of a ledger.</summary>
/// <param name="table">The table's folder.</param>
internal sealed class LedgerSegmentFile(IStagingArea table)
{
    private const int BatchRows = 4096;

    // Several segments are read side by side, each a row group at a time.
    private static readonly ParquetOptions Options = new(ParquetCompression.Zstd, RowGroupBytes: 1024 * 1024, FileBytes: long.MaxValue);

    private static readonly FeedSchema Schema = new(
    [
        new("bucket", "", ColumnType.Text), new("key", "", ColumnType.Text), new("etag", "", ColumnType.Text), new("size", "", ColumnType.BigInt),
        new("sequence", "", ColumnType.BigInt),
    ]);

    /// <summary>Writes objects, which come in the order of <see cref="LedgerObject.CompareKeys"/>.</summary>
    public async Task<LedgerSegment> WriteAsync(string name, IAsyncEnumerable<LedgerObject> objects, CancellationToken cancellationToken)
    {
        await using var writer = new ParquetFileWriter(
            table.Create(name), [.. Schema.Columns.Select((c, i) => new ParquetField(c, i + 1))], Options);
        var batch = new RowBatch(Schema);
        await foreach (var item in objects.WithCancellation(cancellationToken))
        {
            Add(batch, item);
            if (batch.Count == BatchRows)
                await FlushAsync();
        }
        await FlushAsync();
        var info = await writer.CompleteAsync(cancellationToken);
        return new LedgerSegment(name, info.Bytes, info.Rows);

        async Task FlushAsync()
        {
            await writer.WriteAsync(batch.Columns.ToArray(), 0, batch.Count, cancellationToken);
            batch.Clear();
        }
    }

    /// <summary>Reads the objects of a file in their order.</summary>
    public async IAsyncEnumerable<LedgerObject> ReadAsync(LedgerSegment segment, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await using var reader = await TableFile.OpenAsync(table, segment.Name, segment.Bytes, cancellationToken);
        await foreach (var rows in reader.ReadAsync(Schema.Columns, cancellationToken))
        {
            for (var row = 0; row < rows.Count; row++)
                yield return Get(rows.Columns, row);
        }
    }

    /// <summary>
    /// Merges files in the order of their objects. Of several versions of a key, the one of the last file counts.
    /// </summary>
    /// <param name="segments">The files, oldest first.</param>
    /// <param name="cancellationToken">Cancels.</param>
    public async IAsyncEnumerable<LedgerObject> MergeAsync(
        IReadOnlyList<LedgerSegment> segments, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var readers = new List<IAsyncEnumerator<LedgerObject>>();
        try
        {
            var next = new PriorityQueue<int, (LedgerObject Item, int Age)>(Comparer<(LedgerObject Item, int Age)>.Create(Compare));
            foreach (var segment in segments)
            {
                readers.Add(ReadAsync(segment, cancellationToken).GetAsyncEnumerator(cancellationToken));
                await AdvanceAsync(readers.Count - 1);
            }
            while (next.TryDequeue(out var index, out var first))
            {
                yield return first.Item;
                await AdvanceAsync(index);
                while (next.TryPeek(out index, out var same) && LedgerObject.CompareKeys(same.Item, first.Item) == 0)
                {
                    next.Dequeue();
                    await AdvanceAsync(index);
                }
            }

            async ValueTask AdvanceAsync(int index)
            {
                if (await readers[index].MoveNextAsync())
                    next.Enqueue(index, (readers[index].Current, index));
            }
        }
        finally
        {
            foreach (var reader in readers)
                await reader.DisposeAsync();
        }
    }

    // The newest version of a key comes first.
    private static int Compare((LedgerObject Item, int Age) a, (LedgerObject Item, int Age) b)
    {
        var order = LedgerObject.CompareKeys(a.Item, b.Item);
        return order == 0 ? b.Age.CompareTo(a.Age) : order;
    }

    private static void Add(RowBatch batch, LedgerObject item)
    {
        Text(0).Append(Encoding.UTF8.GetBytes(item.Bucket));
        Text(1).Append(Encoding.UTF8.GetBytes(item.Key));
        Text(2).Append(Encoding.UTF8.GetBytes(item.ETag));
        Number(3).Append(item.Size);
        Number(4).Append(item.Sequence);
        batch.CompleteRow();

        Utf8Vector Text(int column) => (Utf8Vector)batch.Columns[column];
        FixedVector<long> Number(int column) => (FixedVector<long>)batch.Columns[column];
    }

    private static LedgerObject Get(IReadOnlyList<ColumnVector> columns, int row)
    {
        return new(Text(0), Text(1), Text(2), Number(3), Number(4));

        string Text(int column) => Encoding.UTF8.GetString(((Utf8Vector)columns[column])[row]);
        long Number(int column) => ((FixedVector<long>)columns[column])[row];
    }
}
