using PeakS3Feed.Destinations.Parquet;
using PeakS3Feed.Rows.Vectors;

namespace PeakS3Feed.Destinations.S3External;

/// <summary>Gives the rows of a staged file the values that they keep of the rows that they update.</summary>
internal sealed class UpdatedRows : IDisposable
{
    private readonly CarriedValues _carried;
    private readonly RowValueReader<Carried>? _rows; // null if no row keeps values
    private readonly int _createdAt;
    private readonly int _staged;

    /// <summary>Prepares the rows of a file.</summary>
    public UpdatedRows(CarriedValues carried, TablePart part, IReadOnlyList<ParquetField> fields, TableColumns columns)
    {
        _carried = carried;
        _rows = carried.Has(part.Number) ? new(carried.Read(part.Number)) : null;
        _staged = part.Fields.Count;
        _createdAt = part.Fields.Index().FirstOrDefault(f => TableColumns.IsCreatedAt(f.Item.Column), (-1, null!)).Index;
        Fields = _rows is not null ? [.. fields, .. columns.GetFields(carried.Kept)] : fields;
    }

    /// <summary>The columns of the new file.</summary>
    public IReadOnlyList<ParquetField> Fields { get; }

    /// <summary>Returns the columns of the new file for the next rows.</summary>
    public IReadOnlyList<ColumnVector> Edit(ParquetRows rows)
    {
        if (_rows is null)
            return rows.Columns;
        var columns = rows.Columns.ToArray();
        var times = _createdAt < 0 ? null : new FixedVector<long>(Fields[_createdAt].Column);
        ColumnVector[] kept = [.. _carried.Kept.Select(ColumnVector.Create)];
        for (var row = 0; row < rows.Count; row++)
        {
            var carried = Next(_rows, rows.First + row);
            times?.Append(carried is { HasCreatedAt: true } known ? known.CreatedAt : ((FixedVector<long>)columns[_createdAt])[row]);
            _carried.AppendTo(kept, carried);
        }
        if (times is not null)
            columns[_createdAt] = times;
        return [.. columns.Take(_staged), .. kept];
    }

    public void Dispose() => _rows?.Dispose();

    // A table that another program wrote may have several rows with one key: the first one counts.
    private static Carried? Next(RowValueReader<Carried> rows, long row)
    {
        Carried? found = null;
        while (rows.TryTake(row + 1, out var carried))
            found ??= carried;
        return found;
    }
}
