using System.Buffers;
using PeakS3Feed.Rows.Vectors;
using PeakS3Feed.Schemas;
using SQLitePCL;

namespace PeakS3Feed.Destinations.Sqlite;

/// <summary>
/// One column's parameter of the INSERT. Text is bound in place in the batch, which stays pinned until then; values that are formatted as
/// text go into a small pinned buffer.
/// </summary>
internal sealed unsafe class SqliteParameter
{
    private readonly int _index;
    private readonly ColumnType _type;
    private readonly int _scale;
    private readonly byte[] _text;
    private readonly byte* _textAddress;
    private ColumnVector _vector;
    private MemoryHandle _pin;
    private bool _isNull = true; // the state of a new statement

    /// <param name="index">The parameter's number, from 1.</param>
    /// <param name="vector">The column as the first batch has it.</param>
    public SqliteParameter(int index, ColumnVector vector)
    {
        _index = index;
        _vector = vector;
        _type = vector.Column.Type;
        _scale = vector.Column.Scale;
        _text = GC.AllocateUninitializedArray<byte>(SqliteText.MaxBytes, pinned: true);
        fixed (byte* address = _text)
            _textAddress = address;
    }

    /// <summary>Takes the column of the next batch, which must not change until <see cref="Release"/>.</summary>
    public void Take(ColumnVector vector)
    {
        _vector = vector;
        if (vector is Utf8Vector text)
            _pin = text.Pin();
    }

    /// <summary>Releases the batch; its values must not be bound any more.</summary>
    public void Release()
    {
        _pin.Dispose();
        _isNull = true;
    }

    /// <summary>Binds the value of a row; returns SQLite's result code.</summary>
    public int Bind(nint statement, int row)
    {
        if (_vector.HasNulls && _vector.IsNull(row))
        {
            if (_isNull)
                return raw.SQLITE_OK;
            _isNull = true;
            return SqliteNative.BindNull(statement, _index);
        }
        _isNull = false;
        return _type switch
        {
            ColumnType.Text or ColumnType.Json => BindInPlace(statement, row),
            ColumnType.BigInt => SqliteNative.BindInt64(statement, _index, ((FixedVector<long>)_vector)[row]),
            ColumnType.Decimal => BindText(statement, SqliteText.Decimal(((FixedVector<Int128>)_vector)[row], _scale, _text)),
            ColumnType.Date => BindText(statement, SqliteText.Date(((FixedVector<int>)_vector)[row], _text)),
            ColumnType.Timestamp or ColumnType.TimestampTz =>
                BindText(statement, SqliteText.Timestamp(((FixedVector<long>)_vector)[row], _type == ColumnType.TimestampTz, _text)),
            ColumnType.Boolean => SqliteNative.BindInt64(statement, _index, ((FixedVector<bool>)_vector)[row] ? 1 : 0),
            ColumnType.Double => SqliteNative.BindDouble(statement, _index, ((FixedVector<double>)_vector)[row]),
            _ => throw new InvalidOperationException($"No parameter takes {_type}."),
        };
    }

    // An array always has an address, so an empty text is not bound as NULL.
    private int BindInPlace(nint statement, int row)
    {
        var offsets = ((Utf8Vector)_vector).Offsets;
        var start = offsets[row];
        return SqliteNative.BindText(statement, _index, (byte*)_pin.Pointer + start, offsets[row + 1] - start);
    }

    private int BindText(nint statement, int length) => SqliteNative.BindText(statement, _index, _textAddress, length);
}
