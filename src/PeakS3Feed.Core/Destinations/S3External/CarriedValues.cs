using System.Buffers.Binary;
using System.Runtime.InteropServices;
using PeakS3Feed.Rows.Vectors;
using PeakS3Feed.Schemas;

namespace PeakS3Feed.Destinations.S3External;

/// <summary>
/// The values that updated rows keep: when they were created, and columns of the table that the feed does not have. In memory while they are few, in
/// temporary files when they are many.
/// </summary>
/// <param name="kept">The columns besides the time of creation.</param>
/// <param name="memoryBytes">The bytes that stay in memory: so many of the rows, and so many of the values.</param>
internal sealed class CarriedValues(IReadOnlyList<FeedColumn> kept, long memoryBytes = CarriedValues.MemoryBytes) : IDisposable
{
    private const long MemoryBytes = 16 * 1024 * 1024;

    private readonly RowValues<Carried> _rows = new(memoryBytes);
    private readonly SpillBuckets<byte> _values = new(memoryBytes);
    private readonly Lock _lock = new();

    /// <summary>The columns besides the time of creation.</summary>
    public IReadOnlyList<FeedColumn> Kept => kept;

    /// <summary>Keeps the values of a row of the table. Safe for concurrent use.</summary>
    /// <param name="update">The row, and the staged row that updates it.</param>
    /// <param name="createdAt">The table's time of creation; null if the table has no such column.</param>
    /// <param name="columns">The values of the kept columns.</param>
    /// <param name="row">The row in these vectors.</param>
    public void Add(RemovedRow update, FixedVector<long>? createdAt, IReadOnlyList<ColumnVector> columns, int row)
    {
        var hasTime = createdAt?.IsNull(row) == false;
        _rows.Add(update.Part, new Carried(update.StagedAt, hasTime, hasTime ? createdAt![row] : 0, columns.Count == 0 ? 0 : Write(columns, row)));
    }

    /// <summary>Whether rows of a staged file have such values.</summary>
    public bool Has(int part) => _rows.Has(part);

    /// <summary>Returns the rows of a staged file that have such values, in the order of the file.</summary>
    public IEnumerable<Carried> Read(int part) => _rows.Read(part);

    /// <summary>Appends the values of the kept columns of one row; NULL where <paramref name="row"/> is null.</summary>
    public void AppendTo(IReadOnlyList<ColumnVector> columns, Carried? row)
    {
        if (row is not { } carried)
        {
            foreach (var column in columns)
                column.AppendNull();
            return;
        }
        var at = carried.Offset;
        foreach (var column in columns)
            at += Append(column, at);
    }

    public void Dispose()
    {
        _rows.Dispose();
        _values.Dispose();
    }

    private long Write(IReadOnlyList<ColumnVector> columns, int row)
    {
        using var bytes = new MemoryStream();
        Span<byte> length = stackalloc byte[sizeof(int)];
        foreach (var column in columns)
        {
            bytes.WriteByte(column.IsNull(row) ? (byte)0 : (byte)1);
            if (column.IsNull(row))
                continue;
            switch (column)
            {
                case Utf8Vector text:
                    BinaryPrimitives.WriteInt32LittleEndian(length, text[row].Length);
                    bytes.Write(length);
                    bytes.Write(text[row]);
                    break;
                case FixedVector<bool> values:
                    Fixed(values);
                    break;
                case FixedVector<int> values:
                    Fixed(values);
                    break;
                case FixedVector<long> values:
                    Fixed(values);
                    break;
                case FixedVector<double> values:
                    Fixed(values);
                    break;
                default:
                    Fixed((FixedVector<Int128>)column);
                    break;
            }
        }
        lock (_lock)
        {
            var offset = _values.Count;
            _values.Append(0, bytes.GetBuffer().AsSpan(0, (int)bytes.Length));
            return offset;
        }

        void Fixed<T>(FixedVector<T> vector)
            where T : unmanaged => bytes.Write(MemoryMarshal.AsBytes(vector.Values.Slice(row, 1)));
    }

    // Returns the number of bytes that were read.
    private int Append(ColumnVector column, long at)
    {
        if (_values.Read(0, at, 1)[0] == 0)
        {
            column.AppendNull();
            return 1;
        }
        at++;
        switch (column)
        {
            case Utf8Vector text:
                var length = BinaryPrimitives.ReadInt32LittleEndian(_values.Read(0, at, sizeof(int)));
                text.Append(_values.Read(0, at + sizeof(int), length));
                return 1 + sizeof(int) + length;
            case FixedVector<bool> values:
                return Fixed(values);
            case FixedVector<int> values:
                return Fixed(values);
            case FixedVector<long> values:
                return Fixed(values);
            case FixedVector<double> values:
                return Fixed(values);
            default:
                return Fixed((FixedVector<Int128>)column);
        }

        int Fixed<T>(FixedVector<T> vector)
            where T : unmanaged
        {
            var size = System.Runtime.CompilerServices.Unsafe.SizeOf<T>();
            vector.Append(MemoryMarshal.Read<T>(_values.Read(0, at, size)));
            return 1 + size;
        }
    }
}

/// <summary>What a staged row keeps of the row that it updates.</summary>
/// <param name="At">The row's number in its staged file.</param>
/// <param name="HasCreatedAt">Whether the time of creation is known.</param>
/// <param name="CreatedAt">The time of creation, in microseconds since 1970.</param>
/// <param name="Offset">Where the values of the other columns are.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct Carried(int At, bool HasCreatedAt, long CreatedAt, long Offset) : IRowValue;
