using System.Buffers.Binary;
using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace PeakS3Feed.Destinations.Parquet;

/// <summary>The smallest and the greatest of the values that were added.</summary>
internal abstract class ColumnBounds
{
    /// <summary>The bounds; null where there are none.</summary>
    public abstract (ParquetBound? Min, ParquetBound? Max) Find();
}

/// <summary>The bounds of booleans.</summary>
internal sealed class BooleanBounds : ColumnBounds
{
    private bool _hasFalse;
    private bool _hasTrue;

    public void Add(ReadOnlySpan<bool> values)
    {
        _hasFalse = _hasFalse || values.Contains(false);
        _hasTrue = _hasTrue || values.Contains(true);
    }

    public override (ParquetBound? Min, ParquetBound? Max) Find() => _hasFalse || _hasTrue
        ? (ParquetBound.From((Int128)(_hasFalse ? 0 : 1)), ParquetBound.From((Int128)(_hasTrue ? 1 : 0)))
        : (null, null);
}

/// <summary>The bounds of integers of 32 or 64 bits.</summary>
internal sealed class IntegerBounds<T> : ColumnBounds
    where T : unmanaged, IBinaryInteger<T>, IMinMaxValue<T>
{
    private T _min = T.MaxValue;
    private T _max = T.MinValue;

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Add(ReadOnlySpan<T> values)
    {
        var (low, high) = (new Vector<T>(_min), new Vector<T>(_max));
        var blocks = MemoryMarshal.Cast<T, Vector<T>>(values);
        foreach (var block in blocks)
            (low, high) = (Vector.Min(low, block), Vector.Max(high, block));
        for (var lane = 0; lane < Vector<T>.Count; lane++)
            (_min, _max) = (T.Min(_min, low[lane]), T.Max(_max, high[lane]));
        foreach (var value in values[(blocks.Length * Vector<T>.Count)..])
            (_min, _max) = (T.Min(_min, value), T.Max(_max, value));
    }

    public override (ParquetBound? Min, ParquetBound? Max) Find()
        => _min > _max ? (null, null) : (ParquetBound.From(Int128.CreateChecked(_min)), ParquetBound.From(Int128.CreateChecked(_max)));
}

/// <summary>The bounds of decimals.</summary>
internal sealed class DecimalBounds : ColumnBounds
{
    private Int128 _min = Int128.MaxValue;
    private Int128 _max = Int128.MinValue;

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Add(ReadOnlySpan<Int128> values)
    {
        var (min, max) = (_min, _max);
        foreach (var value in values)
        {
            if (value < min)
                min = value;
            if (value > max)
                max = value;
        }
        (_min, _max) = (min, max);
    }

    public override (ParquetBound? Min, ParquetBound? Max) Find()
        => _min > _max ? (null, null) : (ParquetBound.From(_min), ParquetBound.From(_max));
}

/// <summary>The bounds of doubles. There are none as soon as one is NaN, because engines do not agree on how it compares.</summary>
internal sealed class DoubleBounds : ColumnBounds
{
    private double _min = double.PositiveInfinity;
    private double _max = double.NegativeInfinity;
    private bool _any;
    private bool _hasNaN;

    public void Add(ReadOnlySpan<double> values)
    {
        _any |= values.Length > 0;
        foreach (var value in values)
        {
            _hasNaN |= double.IsNaN(value);
            if (value < _min)
                _min = value;
            if (value > _max)
                _max = value;
        }
    }

    // -0.0 equals 0.0, so either may have been seen first. The bounds must hold for engines that order them.
    public override (ParquetBound? Min, ParquetBound? Max) Find()
        => _hasNaN || !_any ? (null, null) : (ParquetBound.From(_min == 0 ? -0.0 : _min), ParquetBound.From(_max == 0 ? 0.0 : _max));
}

/// <summary>The bounds of texts, which compare byte by byte.</summary>
internal sealed class TextBounds : ColumnBounds
{
    private byte[] _min = [];
    private byte[] _max = [];
    private int _minLength;
    private int _maxLength;
    private ulong _minStart;
    private ulong _maxStart;
    private bool _any;

    public void Add(ReadOnlySpan<byte> value)
    {
        // Nearly always, the first eight bytes decide. A shorter value is padded, so equal starts prove nothing.
        var start = ReadStart(value);
        if (!_any || start < _minStart || (start == _minStart && value.SequenceCompareTo(_min.AsSpan(0, _minLength)) < 0))
        {
            _minLength = Store(value, ref _min);
            _minStart = start;
        }
        if (!_any || start > _maxStart || (start == _maxStart && value.SequenceCompareTo(_max.AsSpan(0, _maxLength)) > 0))
        {
            _maxLength = Store(value, ref _max);
            _maxStart = start;
        }
        _any = true;
    }

    public override (ParquetBound? Min, ParquetBound? Max) Find()
    {
        if (!_any)
            return (null, null);
        var min = ParquetBound.From(_min.AsSpan(0, CutLength(_min.AsSpan(0, _minLength))));
        return (min, _maxLength > ParquetStatistics.MaxTextBytes ? null : ParquetBound.From(_max.AsSpan(0, _maxLength)));
    }

    private static ulong ReadStart(ReadOnlySpan<byte> value)
    {
        if (value.Length >= sizeof(ulong))
            return BinaryPrimitives.ReadUInt64BigEndian(value);
        var start = 0UL;
        for (var i = 0; i < value.Length; i++)
            start |= (ulong)value[i] << (56 - (8 * i));
        return start;
    }

    private static int Store(ReadOnlySpan<byte> value, ref byte[] place)
    {
        if (place.Length < value.Length)
            place = new byte[Math.Max(value.Length, ParquetStatistics.MaxTextBytes)];
        value.CopyTo(place);
        return value.Length;
    }

    // The length of the value's beginning that is not longer than a bound may be, and ends between two characters.
    private static int CutLength(ReadOnlySpan<byte> value)
    {
        if (value.Length <= ParquetStatistics.MaxTextBytes)
            return value.Length;
        var length = ParquetStatistics.MaxTextBytes;
        while ((value[length] & 0xC0) == 0x80)
            length--;
        return length;
    }
}
