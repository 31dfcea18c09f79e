using System.Text.Json;
using Microsoft.Extensions.Logging.Abstractions;
using PeakS3Feed.Destinations.Delta;
using PeakS3Feed.Destinations.S3External;
using PeakS3Feed.Destinations.Staging;
using PeakS3Feed.Rows.Vectors;
using PeakS3Feed.Schemas;
using PeakS3Feed.TestLake;

namespace PeakS3Feed.Tests.Destinations.S3External.Golden;

/// <summary>Reads a table with nothing of the product: DuckDB replays the log and reads the files.</summary>
internal static class DuckDbTableReader
{
    public static GoldenTable Read(string folder, bool useCheckpoint = true)
    {
        using var replay = new DeltaReplay(folder, useCheckpoint);
        replay.CheckFiles();
        var (columns, values, sizes) = (GoldenTable.ColumnsOf(replay.Schema), replay.PartitionValues, replay.Sizes);
        var rows = replay.QueryRows($"SELECT {string.Join(", ", columns.Select(c => Stored(c.Name, c.Type)))} FROM rows");
        return new GoldenTable
        {
            Version = replay.Version,
            Protocol = ReadProtocol(replay.Protocol),
            Schema = replay.Schema,
            PartitionColumns = replay.PartitionColumns,
            Transactions = replay.Transactions,
            Files = [.. replay.Statistics.Select(s => new GoldenTableFile(s.Key, sizes[s.Key], values[s.Key], s.Value))],
            Rows = [.. rows.Select(r => GoldenRow.Write(columns, [.. r.Select((v, i) => IsDecimal(columns[i].Type) ? WithZero((string?)v) : v)]))],
        };
    }

    private static bool IsDecimal(string type) => type.StartsWith("decimal", StringComparison.Ordinal);

    // DuckDB writes no zero before the point if all digits are behind it.
    private static string? WithZero(string? text) => text switch
    {
        ['.', ..] => "0" + text,
        ['-', '.', ..] => "-0" + text[1..],
        _ => text,
    };

    private static string Stored(string name, string type)
    {
        var column = $"\"{name}\"";
        return type switch
        {
            "date" => $"({column} - DATE '1970-01-01')",
            "timestamp" or "timestamp_ntz" => $"epoch_us({column})",
            _ when IsDecimal(type) => $"CAST({column} AS VARCHAR)",
            _ => column,
        };
    }

    private static (int Reader, int Writer, IReadOnlyList<string>? ReaderFeatures, IReadOnlyList<string>? WriterFeatures) ReadProtocol(string text)
    {
        using var json = JsonDocument.Parse(text);
        var protocol = json.RootElement;
        return (protocol.GetProperty("minReaderVersion").GetInt32(), protocol.GetProperty("minWriterVersion").GetInt32(), Features("readerFeatures"),
            Features("writerFeatures"));

        IReadOnlyList<string>? Features(string name) => protocol.TryGetProperty(name, out var list) && list.ValueKind == JsonValueKind.Array
            ? [.. list.EnumerateArray().Select(f => f.GetString()!)] : null;
    }
}

/// <summary>Reads a table with the product's own reader of logs and files.</summary>
internal static class ProductTableReader
{
    public static async Task<GoldenTable> ReadAsync(string folder)
    {
        await using var area = new FolderStagingArea(folder);
        var log = new DeltaLog(area, NullLogger.Instance, TimeProvider.System);
        var state = (await log.ReadAsync(null, CancellationToken.None))!;
        var columns = GoldenTable.ColumnsOf(state.Metadata.SchemaString);
        var fields = DeltaSchema.Parse(state.Metadata.SchemaString).Fields;
        IReadOnlyList<FeedColumn> types =
        [
            .. fields.Select(f => f.FindColumnType() is var (type, scale)
                ? new FeedColumn(f.Name, "", type, scale) : throw new NotSupportedException(f.Type)),
        ];
        var (files, rows) = (new List<GoldenTableFile>(), new List<string>());
        await foreach (var file in log.ReadFilesAsync(state, CancellationToken.None))
        {
            files.Add(new(file.Name, file.Size, file.PartitionValues!, file.Stats));
            rows.AddRange((await ReadAsync(area, file, state.Metadata.PartitionColumns, types)).Select(r => GoldenRow.Write(
                columns, [.. r.Select((v, i) => v is Int128 decimals ? GoldenRow.Decimal(decimals, columns[i].Type) : v)])));
        }
        return new GoldenTable
        {
            Version = state.Version,
            Protocol = (
                state.Protocol.MinReaderVersion, state.Protocol.MinWriterVersion, state.Protocol.ReaderFeatures, state.Protocol.WriterFeatures),
            Schema = state.Metadata.SchemaString,
            PartitionColumns = state.Metadata.PartitionColumns,
            Transactions = state.Transactions.ToDictionary(t => t.Key, t => t.Value.Version, StringComparer.Ordinal),
            Files = files,
            Rows = rows,
        };
    }

    private static async Task<IReadOnlyList<object?[]>> ReadAsync(
        FolderStagingArea area, DeltaAdd file, IReadOnlyList<string> partitions, IReadOnlyList<FeedColumn> columns)
    {
        var rows = new List<object?[]>();
        IReadOnlyList<FeedColumn> inFile = [.. columns.Where(c => !partitions.Contains(c.Name, StringComparer.Ordinal))];
        await using var reader = await TableFile.OpenAsync(area, file.Name, file.Size, CancellationToken.None);
        await foreach (var batch in reader.ReadAsync(inFile, CancellationToken.None))
        {
            for (var i = 0; i < batch.Count; i++)
            {
                rows.Add([.. columns.Select(c => partitions.Contains(c.Name, StringComparer.Ordinal)
                    ? FromText(c, file.PartitionValues![c.Name])
                    : Get(batch.Columns[inFile.Index().First(f => f.Item == c).Index], i))]);
            }
        }
        return rows;
    }

    private static object? FromText(FeedColumn column, string? text)
    {
        var vector = ColumnVector.Create(column);
        PartitionText.Append(vector, string.IsNullOrEmpty(text) ? null : text);
        return Get(vector, 0);
    }

    private static object? Get(ColumnVector column, int row) => column.IsNull(row) ? null : column switch
    {
        FixedVector<bool> flags => flags[row],
        FixedVector<long> numbers => numbers[row],
        FixedVector<int> days => (long)days[row],
        FixedVector<double> reals => reals[row],
        FixedVector<Int128> decimals => decimals[row],
        _ => System.Text.Encoding.UTF8.GetString(((Utf8Vector)column)[row]),
    };
}
