using PeakS3Feed.Destinations.Parquet;
using PeakS3Feed.Destinations.Staging;
using PeakS3Feed.Rows;
using PeakS3Feed.Rows.Vectors;
using PeakS3Feed.Schemas;

namespace PeakS3Feed.Tests.Destinations.Parquet;

/// <summary>Writes and reads Parquet files of a folder.</summary>
internal static class ParquetFiles
{
    /// <summary>Writes a file of several batches.</summary>
    public static async Task<ParquetFileInfo> WriteAsync(
        string path, IReadOnlyList<ParquetField> fields, IEnumerable<IReadOnlyList<ColumnVector>> batches, ParquetOptions? options = null)
    {
        await using var area = new FolderStagingArea(Path.GetDirectoryName(path)!);
        await using var writer = new ParquetFileWriter(area.Create(Path.GetFileName(path)), fields, options ?? new ParquetOptions());
        foreach (var batch in batches)
            await writer.WriteAsync(batch, 0, batch[0].Count, CancellationToken.None);
        return await writer.CompleteAsync(CancellationToken.None);
    }

    /// <summary>A file of a folder, as a source.</summary>
    /// <param name="path">The file.</param>
    /// <param name="read">Is told each read: the offset, and how many bytes were asked for.</param>
    public static ParquetSource Open(string path, Action<long, int>? read = null) => new(path, new FileInfo(path).Length, async (offset, buffer, c) =>
    {
        read?.Invoke(offset, buffer.Length);
        using var file = File.OpenHandle(path);
        return await RandomAccess.ReadAsync(file, buffer, offset, c);
    });

    /// <summary>Reads columns of a file into one vector each.</summary>
    public static async Task<IReadOnlyList<ColumnVector>> ReadAsync(ParquetSource source, IReadOnlyList<FeedColumn> columns)
    {
        await using var reader = await ParquetFileReader.OpenAsync(source, CancellationToken.None);
        return await ReadAsync(reader, columns);
    }

    /// <summary>Reads columns of an open file into one vector each.</summary>
    public static async Task<IReadOnlyList<ColumnVector>> ReadAsync(ParquetFileReader reader, IReadOnlyList<FeedColumn> columns)
    {
        var all = columns.Select(ColumnVector.Create).ToArray();
        await foreach (var batch in reader.ReadAsync(columns, CancellationToken.None))
        {
            Assert.Equal(all[0].Count, batch.First);
            for (var i = 0; i < all.Length; i++)
            {
                Assert.Equal(batch.Count, batch.Columns[i].Count);
                all[i].AppendRows(batch.Columns[i], 0, batch.Count);
            }
        }
        Assert.Equal(reader.Rows, all[0].Count);
        return all;
    }

    /// <summary>Fails where two vectors differ. Doubles are compared bit by bit.</summary>
    public static void AssertEqual(ColumnVector expected, ColumnVector actual)
    {
        Assert.Equal(expected.Count, actual.Count);
        for (var row = 0; row < expected.Count; row++)
        {
            if (expected.IsNull(row) != actual.IsNull(row) || !Same(expected, actual, row))
                Assert.Fail($"{expected.Column.Name}, row {row}: {CellValue.From(expected, row)} became {CellValue.From(actual, row)}");
        }
    }

    private static bool Same(ColumnVector expected, ColumnVector actual, int row) => expected switch
    {
        FixedVector<double> d => BitConverter.DoubleToInt64Bits(d[row]) == BitConverter.DoubleToInt64Bits(((FixedVector<double>)actual)[row]),
        FixedVector<bool> b => b[row] == ((FixedVector<bool>)actual)[row],
        FixedVector<long> l => l[row] == ((FixedVector<long>)actual)[row],
        FixedVector<int> i => i[row] == ((FixedVector<int>)actual)[row],
        FixedVector<Int128> m => m[row] == ((FixedVector<Int128>)actual)[row],
        _ => ((Utf8Vector)expected)[row].SequenceEqual(((Utf8Vector)actual)[row]),
    };
}
