using System.Globalization;
using System.Text;
using PeakS3Feed.Bench.Checks;
using PeakS3Feed.Bench.Data;
using PeakS3Feed.Rows;
using PeakS3Feed.Rows.Vectors;

namespace PeakS3Feed.Bench.Reading;

/// <summary>Computes the hash of rows that were read but not loaded.</summary>
internal sealed class BatchHash
{
    private readonly Projection _projection = new();
    private readonly TextBuffer _value = new();
    private readonly RowHash _hash = new();

    public void Add(RowBatch batch)
    {
        for (var row = 0; row < batch.Count; row++)
        {
            _projection.Begin();
            for (var column = 0; column < batch.Columns.Length; column++)
            {
                _value.Clear();
                if (!batch.Columns[column].IsNull(row))
                    AddValue(batch.Columns[column], row);
                _projection.Add(column, _value.Span);
            }

            _hash.Add(_projection.Line);
        }
    }

    public override string ToString() => _hash.ToString();

    private void AddValue(ColumnVector vector, int row)
    {
        switch (vector)
        {
            case FixedVector<long> v when v.Column.Type == Schemas.ColumnType.TimestampTz:
                var time = DateTime.UnixEpoch.AddTicks(v[row] * TimeSpan.TicksPerMicrosecond);
                _value.Add(Encoding.ASCII.GetBytes(time.ToString("yyyy-MM-ddTHH:mm:ss.ffffffZ", CultureInfo.InvariantCulture)));
                break;
            case FixedVector<long> v:
                _value.Add(v[row]);
                break;
            case FixedVector<Int128> v:
                ValueText.AddPrice(_value, (long)v[row]);
                break;
            case FixedVector<int> v:
                ValueText.AddDay(_value, DateOnly.FromDateTime(DateTime.UnixEpoch).AddDays(v[row]));
                break;
            case FixedVector<bool> v:
                _value.Add(v[row] ? (byte)'1' : (byte)'0');
                break;
            case Utf8Vector v:
                _value.Add(v[row]);
                break;
            default:
                throw new NotSupportedException(vector.GetType().Name);
        }
    }
}
