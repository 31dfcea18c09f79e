using PeakS3Feed.Destinations.Delta;
using PeakS3Feed.Destinations.Parquet;
using PeakS3Feed.Rows.Vectors;
using PeakS3Feed.Schemas;

namespace PeakS3Feed.Destinations.S3External;

/// <summary>What a file's entry in the log says of the values of a column.</summary>
internal static class FileRange
{
    /// <summary>Returns the bounds of a column in a file.</summary>
    public static ColumnRange Find(DeltaAdd file, FeedColumn column)
    {
        if (file.PartitionValues?.FirstOrDefault(v => string.Equals(v.Key, column.Name, StringComparison.OrdinalIgnoreCase))
            is { Key: not null } value)
            return FromPartition(value.Value, column);
        var found = DeltaStatistics.Read(file.Stats, [column]).Columns[0];
        return new ColumnRange(column, found.Min, found.Max);
    }

    /// <summary>Returns the bounds of a partition column, which has one value.</summary>
    public static ColumnRange FromPartition(string? value, FeedColumn column)
    {
        if (value is null || column.Type is not (ColumnType.Text or ColumnType.BigInt or ColumnType.Date or ColumnType.Boolean or ColumnType.Decimal))
            return new ColumnRange(column, null, null);
        if (TryRepeat(column, value, 1) is not { } vector)
            return new ColumnRange(column, null, null);
        var bound = vector switch
        {
            Utf8Vector text => ParquetBound.From(text[0]),
            FixedVector<long> numbers => ParquetBound.From((Int128)numbers[0]),
            FixedVector<int> days => ParquetBound.From((Int128)days[0]),
            FixedVector<bool> flags => ParquetBound.From((Int128)(flags[0] ? 1 : 0)),
            _ => ParquetBound.From(((FixedVector<Int128>)vector)[0]),
        };
        return new ColumnRange(column, bound, bound);
    }

    /// <summary>
    /// Replaces the columns of partitions, which files do not have, by the values of the file. NULL of a text is an empty text: a Delta table cannot
    /// tell them, and a key is never NULL.
    /// </summary>
    public static async IAsyncEnumerable<ParquetRows> AddPartitions(
        IAsyncEnumerable<ParquetRows> rows, IReadOnlyList<FeedColumn> columns, DeltaAdd file)
    {
        var values = columns.Select(c => file.PartitionValues?.FirstOrDefault(
            v => string.Equals(v.Key, c.Name, StringComparison.OrdinalIgnoreCase))).ToList();
        await foreach (var some in rows)
        {
            yield return values.TrueForAll(v => v?.Key is null) ? some : some with
            {
                Columns =
                [
                    .. some.Columns.Select(
                        (c, i) => values[i] is { Key: not null } value ? Repeat(columns[i], Known(value.Value, columns[i]), some.Count, file) : c),
                ],
            };
        }
    }

    private static string? Known(string? value, FeedColumn column) => value ?? (column.Type == ColumnType.Text ? "" : null);

    private static ColumnVector Repeat(FeedColumn column, string? value, int count, DeltaAdd file) => TryRepeat(column, value, count)
        ?? throw ExternalTableErrors.PartitionValueUnreadable(file.Name, column.Name, column.TypeName, value ?? "");

    // Null if the value, which another program may have written, is not of the column's type.
    private static ColumnVector? TryRepeat(FeedColumn column, string? value, int count)
    {
        var vector = ColumnVector.Create(column);
        try
        {
            for (var i = 0; i < count; i++)
                PartitionText.Append(vector, value);
            return vector;
        }
        catch (Exception e) when (e is FormatException or OverflowException)
        {
            return null;
        }
    }
}
