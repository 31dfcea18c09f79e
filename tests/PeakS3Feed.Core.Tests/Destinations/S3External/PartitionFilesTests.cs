using System.Text;
using PeakS3Feed.Destinations.Loading;
using PeakS3Feed.Destinations.Parquet;
using PeakS3Feed.Destinations.S3External;
using PeakS3Feed.Destinations.Staging;
using PeakS3Feed.Rows;
using PeakS3Feed.Rows.Vectors;
using PeakS3Feed.Schemas;
using PeakS3Feed.Sources;
using PeakS3Feed.Tests.Destinations.Parquet;

namespace PeakS3Feed.Tests.Destinations.S3External;

/// <summary>The files that a load writes for partitions.</summary>
public sealed class PartitionFilesTests : IDisposable
{
    private const int BatchRows = 100;

    private static readonly FeedSchema Schema = new([new("id", "id", ColumnType.BigInt), new("part", "part", ColumnType.Text)]);

    private readonly TemporaryFolder _folder = new();

    public static TheoryData<long, long> Limits => new()
    {
        { 0, long.MaxValue }, { 4096, long.MaxValue }, { long.MaxValue, long.MaxValue }, { 2000, 10_000 },
    };

    [Theory]
    [MemberData(nameof(Limits))]
    public async Task Each_partition_gets_one_file_however_its_rows_alternate(long memoryBytes, long totalBytes)
    {
        const int Partitions = 40;
        await using var area = new FolderStagingArea(_folder.Path);
        var stage = Create(area, new WaitingLimits(memoryBytes, totalBytes));
        await using (var lane = stage.OpenLane())
        {
            for (var ordinal = 0; ordinal < 5; ordinal++)
            {
                await lane.BeginObjectAsync(Source(ordinal), ordinal, undoable: true, default);
                for (var batch = 0; batch < 4; batch++)
                    await lane.WriteAsync(Batch((ordinal * 1000) + (batch * BatchRows), id => $"p{id * 7 % Partitions}"), default);
                if (ordinal == 2)
                    await lane.UndoObjectAsync(default);
                else
                    await lane.EndObjectAsync(default);
            }
        }

        long[] expected = [.. Ids(0), .. Ids(1), .. Ids(3), .. Ids(4)];
        Assert.Equal(expected, (await ReadAsync(area, stage)).Select(r => r.Id).Order());
        if (totalBytes == long.MaxValue)
            Assert.Equal(Partitions, stage.Parts.Count);
        else
            Assert.InRange(stage.Parts.Count, Partitions + 1, 5 * Partitions); // what waited was written several times

        // Rows that another destination refuses are dropped, wherever they are.
        await stage.RemoveAsync([new(3, 350, ""), new(0, 17, ""), new(2, 5, ""), new(0, 399, ""), new(4, 400, ""), new(9, 0, "")], default);
        Assert.Equal(expected.Except([17, 399, 3350]), (await ReadAsync(area, stage)).Select(r => r.Id).Order());
        await stage.CloseAsync(StageEnd.Discarded);

        static IEnumerable<long> Ids(int ordinal) => Enumerable.Range(ordinal * 1000, 4 * BatchRows).Select(i => (long)i);
    }

    [Theory]
    [InlineData(1, 23)] // all rows of a partition in an object are in one batch
    [InlineData(5, 32)]
    [InlineData(20, 32)] // a file that makes room for that of another partition is not the last one of its partition
    public async Task Rows_that_are_sorted_by_partition_get_few_files(int batches, int files)
    {
        const int partitions = 20;
        await using var area = new FolderStagingArea(_folder.Path);
        var stage = Create(area, new WaitingLimits());
        await using (var lane = stage.OpenLane())
        {
            for (var ordinal = 0; ordinal < 3; ordinal++)
            {
                await lane.BeginObjectAsync(Source(ordinal), ordinal, undoable: false, default);
                for (var batch = 0; batch < batches * partitions; batch++)
                    await lane.WriteAsync(Batch(batch * BatchRows, _ => $"p{batch / batches}"), default);
            }
        }
        Assert.Equal(files, stage.Parts.Count);
        Assert.Equal(3L * batches * partitions * BatchRows, stage.Parts.Sum(p => p.Rows));
    }

    [Fact]
    public async Task Columns_that_are_added_while_rows_wait_are_in_the_files_of_later_rows_alone()
    {
        const int Partitions = 20;
        var wider = new FeedSchema([.. Schema.Columns, new("extra", "extra", ColumnType.Text)]);
        await using var area = new FolderStagingArea(_folder.Path);
        var stage = Create(area, new WaitingLimits(MemoryBytes: 0));
        await using (var lane = stage.OpenLane())
        {
            await lane.BeginObjectAsync(Source(0), 0, undoable: true, default);
            await lane.WriteAsync(Batch(0, id => $"p{id % Partitions}"), default);
            await lane.EndObjectAsync(default);
            await lane.BeginObjectAsync(Source(1), 1, undoable: true, default);
            await lane.WriteAsync(Batch(1000, id => $"p{id % Partitions}"), default);
            await lane.WriteAsync(Widen(Batch(1100, id => $"p{id % Partitions}")), default);
            await lane.UndoObjectAsync(default); // also what was written before the columns came
            await lane.BeginObjectAsync(Source(2), 2, undoable: true, default);
            await lane.WriteAsync(Widen(Batch(2000, id => $"p{id % Partitions}")), default);
            await lane.EndObjectAsync(default);
        }

        Assert.Equal(
            [.. Enumerable.Range(0, BatchRows), .. Enumerable.Range(2000, BatchRows)], (await ReadAsync(area, stage)).Select(r => (int)r.Id).Order());
        Assert.Equal([1, 2], stage.Parts.Select(p => p.Fields.Count).Distinct().Order());

        RowBatch Widen(RowBatch batch)
        {
            var extra = new Utf8Vector(wider.Columns[2]);
            for (var row = 0; row < batch.Count; row++)
                extra.Append("x"u8);
            return new RowBatch(wider, [.. batch.Columns, extra], batch.Count);
        }
    }

    [Fact]
    public async Task The_last_row_of_a_key_is_found_among_rows_that_waited()
    {
        await using var area = new FolderStagingArea(_folder.Path);
        var stage = Create(area, new WaitingLimits(MemoryBytes: 0), LoadMode.Upsert);
        await using (var lane = stage.OpenLane())
        {
            for (var ordinal = 0; ordinal < 3; ordinal++)
            {
                await lane.BeginObjectAsync(Source(ordinal), ordinal, undoable: false, default);
                // 60 keys of the object before, in other partitions.
                await lane.WriteAsync(Batch(ordinal * 40, id => $"p{(id + ordinal) % 30}"), default);
            }
        }
        var duplicates = stage.Keys!.FindDuplicates(_ => false);
        foreach (var (part, rows) in duplicates)
            stage.Parts.Single(p => p.Number == part).Dropped.UnionWith(rows);

        var read = await ReadAsync(area, stage);
        Assert.Equal(Enumerable.Range(0, 180).Select(i => (long)i), read.Select(r => r.Id).Order());
        Assert.All(read, r => Assert.Equal($"p{(r.Id + (r.Id < 40 ? 0 : r.Id < 80 ? 1 : 2)) % 30}", r.Part));
        await stage.CloseAsync(StageEnd.Discarded);
    }

    public void Dispose() => _folder.Dispose();

    private static TableStage Create(IStagingArea area, WaitingLimits waiting, LoadMode mode = LoadMode.Append)
    {
        var target = new LoadTarget(Guid.NewGuid(), "orders", "orders");
        var spec = new LoadSpec
        {
            Mode = mode, Schema = Schema, Audit = false, PartitionBy = [new PartitionField("part")], Key = mode == LoadMode.Upsert ? ["id"] : [],
        };
        var options = new TableStageOptions(
            new ParquetOptions(), spec, new LoadStamp(Guid.NewGuid(), default), new TableFields([], target), "zstd") { Waiting = waiting };
        return new TableStage(area, target, new LoadName(Guid.NewGuid(), 1), options, () => { });
    }

    private static SourceObject Source(int ordinal) => new("bucket", $"{ordinal}.csv", "e", 1, default);

    private static RowBatch Batch(long first, Func<long, string> partition)
    {
        var batch = new RowBatch(Schema);
        for (var id = first; id < first + BatchRows; id++)
        {
            ((FixedVector<long>)batch.Columns[0]).Append(id);
            ((Utf8Vector)batch.Columns[1]).Append(Encoding.UTF8.GetBytes(partition(id)));
            batch.CompleteRow();
        }
        return batch;
    }

    // The rows that are loaded, with their partitions.
    private async Task<List<(long Id, string Part)>> ReadAsync(FolderStagingArea area, TableStage stage)
    {
        var rows = new List<(long, string)>();
        foreach (var part in stage.Parts)
        {
            var column = (FixedVector<long>)(await ParquetFiles.ReadAsync(ParquetFiles.Open(_folder[part.Name]), [Schema.Columns[0]]))[0];
            Assert.Equal(part.Rows, column.Count);
            rows.AddRange(
                Enumerable.Range(0, column.Count).Where(r => !part.Dropped.Contains(r)).Select(r => (column[r], part.Partition.Values[0].Value!)));
        }
        return rows;
    }
}
