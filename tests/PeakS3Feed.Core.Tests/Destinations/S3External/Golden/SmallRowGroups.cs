using System.Globalization;
using System.Text;
using Microsoft.Extensions.Logging.Abstractions;
using PeakS3Feed.Destinations.Delta;
using PeakS3Feed.Destinations.Parquet;
using PeakS3Feed.Destinations.Staging;
using PeakS3Feed.Rows.Vectors;
using PeakS3Feed.Schemas;

namespace PeakS3Feed.Tests.Destinations.S3External.Golden;

/// <summary>Commits files of several small row groups to a golden table with the columns id, name and price.</summary>
internal static class SmallRowGroups
{
    public static async Task CommitAsync(GoldenFeed table, int rows, int rowsInGroup, int rowsInFile)
    {
        await using var area = new FolderStagingArea(table.Table);
        var log = new DeltaLog(area, NullLogger.Instance, TimeProvider.System);
        var state = (await log.ReadAsync(null, CancellationToken.None))!;
        var fields = DeltaSchema.Parse(state.Metadata.SchemaString).Fields.Select((f, i) => f.FindColumnType() is var (type, scale)
            ? new ParquetField(new FeedColumn(f.Name, f.Name, type, scale), i + 1) : throw new NotSupportedException(f.Type)).ToList();
        List<DeltaAction> actions = [new DeltaCommitInfo("WRITE")];
        for (var first = 0; first < rows; first += rowsInFile)
        {
            var name = string.Create(CultureInfo.InvariantCulture, $"part-{first:D5}-{Guid.NewGuid():D}.zstd.parquet");
            await using var writer = new ParquetFileWriter(area.Create(name), fields, new ParquetOptions(RowGroupRows: rowsInGroup));
            await writer.WriteAsync(Create(fields, first, rowsInFile), 0, rowsInFile, CancellationToken.None);
            var info = await writer.CompleteAsync(CancellationToken.None);
            actions.Add(new DeltaAdd
            {
                Name = name, PartitionValues = new Dictionary<string, string?>(StringComparer.Ordinal), Size = info.Bytes,
                ModificationTime = table.Now, Stats = DeltaStatistics.Write(info.Rows, info.Columns),
            });
        }
        Assert.IsType<DeltaCommitted>(await log.TryCommitAsync(state.Version + 1, Guid.NewGuid(), actions, CancellationToken.None));
    }

    private static IReadOnlyList<ColumnVector> Create(IReadOnlyList<ParquetField> fields, int first, int count)
    {
        IReadOnlyList<ColumnVector> columns = [.. fields.Select(f => ColumnVector.Create(f.Column))];
        for (var row = first; row < first + count; row++)
        {
            ((FixedVector<long>)columns[0]).Append(1000 + row);
            if (row % 7 == 0)
                columns[1].AppendNull();
            else
                ((Utf8Vector)columns[1]).Append(Encoding.UTF8.GetBytes($"name {row % 50}"));
            ((FixedVector<Int128>)columns[2]).Append(row * 25);
        }
        return columns;
    }
}
