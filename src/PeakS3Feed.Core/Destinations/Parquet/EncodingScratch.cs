using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using PeakS3Feed.Rows.Vectors;
using Native = ParquetSharp;

namespace PeakS3Feed.Destinations.Parquet;

/// <summary>Memory for a slice of one column, which the columns of a file use in turn.</summary>
internal sealed class EncodingScratch
{
    /// <summary>The maximum number of rows of a slice: few enough that the memory of a slice stays in the processor's cache.</summary>
    public const int Rows = 4096;

    private readonly short[] _present = CreatePresent();
    private readonly short[] _levels = new short[Rows];
    private readonly Int128[] _compact = new Int128[Rows];
    private readonly Int128[] _bigEndian = GC.AllocateUninitializedArray<Int128>(Rows, pinned: true);
    private readonly Native.FixedLenByteArray[] _pointers;
    private bool _hasNulls;

    /// <summary>Creates the memory.</summary>
    public EncodingScratch()
    {
        _pointers = new Native.FixedLenByteArray[Rows];
        for (var i = 0; i < Rows; i++)
            _pointers[i] = new(Marshal.UnsafeAddrOfPinnedArrayElement(_bigEndian, i));
    }

    /// <summary>Pointers to texts.</summary>
    public Native.ByteArray[] Texts { get; } = new Native.ByteArray[Rows];

    /// <summary>The definition levels that <see cref="SetLevels"/> computed: 0 for NULL, 1 for a value.</summary>
    public ReadOnlySpan<short> Levels(int count) => (_hasNulls ? _levels : _present).AsSpan(0, count);

    /// <summary>Computes the definition levels of rows. Returns how many are NULL.</summary>
    public int SetLevels(ColumnVector vector, int from, int count)
    {
        _hasNulls = false;
        if (!vector.HasNulls)
            return 0;
        var nulls = vector.Nulls;
        var found = 0;
        for (var i = 0; i < count; i++)
        {
            var row = from + i;
            var bit = (int)(nulls[row >> 6] >> (row & 63)) & 1;
            _levels[i] = (short)(1 - bit);
            found += bit;
        }
        _hasNulls = found > 0;
        return found;
    }

    /// <summary>Copies the values that are not NULL, without gaps.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public ReadOnlySpan<T> Compact<T>(ReadOnlySpan<T> values)
        where T : unmanaged
    {
        var compact = MemoryMarshal.Cast<Int128, T>(_compact.AsSpan());
        var length = 0;
        for (var i = 0; i < values.Length; i++)
        {
            compact[length] = values[i];
            length += _levels[i];
        }
        return compact[..length];
    }

    /// <summary>Writes decimals as 16 bytes each, the highest first. Returns pointers to them.</summary>
    public ReadOnlySpan<Native.FixedLenByteArray> ToBigEndian(ReadOnlySpan<Int128> values)
    {
        BinaryPrimitives.ReverseEndianness(values, _bigEndian);
        return _pointers.AsSpan(0, values.Length);
    }

    private static short[] CreatePresent()
    {
        var levels = new short[Rows];
        Array.Fill(levels, (short)1);
        return levels;
    }
}
