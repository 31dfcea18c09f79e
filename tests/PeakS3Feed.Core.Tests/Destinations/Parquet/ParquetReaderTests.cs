using System.Buffers.Binary;
using PeakS3Feed.Destinations.Parquet;
using PeakS3Feed.Errors;
using PeakS3Feed.Rows.Vectors;
using PeakS3Feed.Schemas;

namespace PeakS3Feed.Tests.Destinations.Parquet;

/// <summary>What the reader reads of a file, how much it holds, and what it says of a file that is broken.</summary>
public sealed class ParquetReaderTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private string File => _folder["a.parquet"];

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Only_the_footer_and_the_chunks_of_the_columns_are_read()
    {
        await ParquetFiles.WriteAsync(File, GeneratedRows.Fields, [GeneratedRows.Create(1, 40_000)], new(RowGroupRows: 20_000));
        var size = new FileInfo(File).Length;
        var reads = new List<(long Offset, int Bytes)>();

        _ = await ParquetFiles.ReadAsync(ParquetFiles.Open(File, (o, b) => reads.Add((o, b))), [GeneratedRows.Columns[0], GeneratedRows.Columns[^5]]);

        Assert.Equal((size - (64 * 1024), 64 * 1024), reads[0]);
        Assert.Equal(5, reads.Count); // the footer, and two columns of two row groups that are far apart
        Assert.True(reads.Sum(r => (long)r.Bytes) < size / 2);
    }

    [Fact]
    public async Task Chunks_that_follow_each_other_are_read_at_once()
    {
        await ParquetFiles.WriteAsync(File, GeneratedRows.Fields, [GeneratedRows.Create(1, 20_000)]);
        var reads = new List<int>();

        _ = await ParquetFiles.ReadAsync(ParquetFiles.Open(File, (_, b) => reads.Add(b)), GeneratedRows.Columns);

        Assert.Equal(2, reads.Count);
    }

    [Fact]
    public async Task Chunks_that_are_too_large_are_read_piece_by_piece()
    {
        var batch = GeneratedRows.Create(1, 20_000);
        await ParquetFiles.WriteAsync(File, GeneratedRows.Fields, [batch]);
        await using var reader = await ParquetFileReader.OpenAsync(ParquetFiles.Open(File), CancellationToken.None, maxChunkBytes: 1000);

        var back = await ParquetFiles.ReadAsync(reader, GeneratedRows.Columns);

        foreach (var (expected, actual) in batch.Zip(back))
            ParquetFiles.AssertEqual(expected, actual);
    }

    [Fact]
    public async Task A_footer_that_is_longer_than_its_first_read_is_read_whole()
    {
        var columns = Enumerable.Range(0, 1000).Select(i => new FeedColumn($"a_column_with_a_long_name_{i}", "", ColumnType.BigInt)).ToArray();
        var batch = columns.Select(ColumnVector.Create).ToArray();
        foreach (var vector in batch.Cast<FixedVector<long>>())
            vector.Append(7);
        await ParquetFiles.WriteAsync(File, [.. columns.Select((c, i) => new ParquetField(c, i + 1))], [batch]);

        await using var reader = await ParquetFileReader.OpenAsync(ParquetFiles.Open(File), CancellationToken.None);

        Assert.Equal(columns.Select(c => c.Name), reader.Columns);
        Assert.All(await ParquetFiles.ReadAsync(reader, columns), v => Assert.Equal(7, ((FixedVector<long>)v)[0]));
    }

    [Fact]
    public async Task A_batch_of_long_texts_has_few_rows()
    {
        FeedColumn column = new("text", "text", ColumnType.Text);
        var texts = (Utf8Vector)ColumnVector.Create(column);
        var text = new byte[1024 * 1024];
        for (var i = 0; i < 40; i++)
        {
            Array.Fill(text, (byte)('a' + (i % 26)));
            texts.Append(text);
        }
        await ParquetFiles.WriteAsync(File, [new(column, 1)], [[texts]]);
        await using var reader = await ParquetFileReader.OpenAsync(ParquetFiles.Open(File), CancellationToken.None);

        var back = ColumnVector.Create(column);
        await foreach (var batch in reader.ReadAsync([column], CancellationToken.None))
        {
            Assert.True(batch.First == 0 || batch.Count < 12, $"{batch.Count} rows");
            back.AppendRows(batch.Columns[0], 0, batch.Count);
        }

        ParquetFiles.AssertEqual(texts, back);
    }

    [Fact]
    public async Task Batches_have_at_most_as_many_rows_as_asked_for_and_say_where_they_begin()
    {
        await ParquetFiles.WriteAsync(File, GeneratedRows.Fields, [GeneratedRows.Create(1, 5000)], new(RowGroupRows: 2000));
        await using var reader = await ParquetFileReader.OpenAsync(ParquetFiles.Open(File), CancellationToken.None);

        var first = 0L;
        await foreach (var batch in reader.ReadAsync([GeneratedRows.Columns[0]], CancellationToken.None, maxRows: 300))
        {
            Assert.InRange(batch.Count, 1, 300);
            Assert.Equal(first, batch.First);
            Assert.Equal(first, ((FixedVector<long>)batch.Columns[0])[0]);
            first += batch.Count;
        }

        Assert.Equal((5000, 5000), (first, reader.Rows));
    }

    [Fact]
    public async Task A_broken_file_is_an_error_that_names_it()
    {
        await ParquetFiles.WriteAsync(File, GeneratedRows.Fields, [GeneratedRows.Create(1, 20_000)]);
        var bytes = await System.IO.File.ReadAllBytesAsync(File);

        await AssertBrokenAsync([], "it has only 0 bytes.");
        await AssertBrokenAsync(bytes[..100], "it does not end as a Parquet file.");
        await AssertBrokenAsync(bytes[^20..], "its footer is longer than the file.");
        var footer = BinaryPrimitives.ReadInt32LittleEndian(bytes.AsSpan(bytes.Length - 8));
        await AssertBrokenAsync([.. bytes[..^(footer + 8)], .. new byte[footer], .. bytes[^8..]], reason: null);
        await AssertBrokenAsync([.. bytes[..1000], .. new byte[bytes.Length / 4], .. bytes[((bytes.Length / 4) + 1000)..]], reason: null);
    }

    [Fact]
    public async Task A_file_that_is_shorter_than_its_table_says_is_an_error()
    {
        await ParquetFiles.WriteAsync(File, GeneratedRows.Fields, [GeneratedRows.Create(1, 100)]);
        var source = ParquetFiles.Open(File);

        var error = await Assert.ThrowsAsync<FeedException>(() => ParquetFiles.ReadAsync(source with { Bytes = source.Bytes + 10 }, GeneratedRows.Columns));

        Assert.Equal("ParquetFileDamaged", error.Id);
        Assert.Contains($"it ends at byte {source.Bytes}, but should have {source.Bytes + 10} bytes.", error.Message, StringComparison.Ordinal);
    }

    /// <summary>The native library passes on only the text of an exception, but the caller gets the exception itself.</summary>
    [Theory]
    [InlineData(long.MaxValue)]
    [InlineData(1000)]
    public async Task The_failure_of_a_read_stays_what_it_is(long maxChunkBytes)
    {
        await ParquetFiles.WriteAsync(File, GeneratedRows.Fields, [GeneratedRows.Create(1, 20_000)]);
        var source = ParquetFiles.Open(File);
        var fails = false;
        source = source with { ReadAtAsync = (o, b, c) => fails ? throw new TimeoutException("too slow") : ParquetFiles.Open(File).ReadAtAsync(o, b, c) };
        await using var reader = await ParquetFileReader.OpenAsync(source, CancellationToken.None, maxChunkBytes);
        fails = true;

        var error = await Assert.ThrowsAsync<TimeoutException>(() => ParquetFiles.ReadAsync(reader, GeneratedRows.Columns));

        Assert.Equal("too slow", error.Message);
    }

    private async Task AssertBrokenAsync(byte[] bytes, string? reason)
    {
        var path = _folder["broken.parquet"];
        await System.IO.File.WriteAllBytesAsync(path, bytes);
        var error = await Assert.ThrowsAsync<FeedException>(() => ParquetFiles.ReadAsync(ParquetFiles.Open(path), GeneratedRows.Columns));
        Assert.Equal("ParquetFileDamaged", error.Id);
        Assert.StartsWith($"The Parquet file {path} cannot be read: {reason}", error.Message, StringComparison.Ordinal);
    }
}
