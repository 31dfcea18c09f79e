using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace PeakS3Feed.Formats;

/// <summary>Goes through one field of the rows of a block, as it is written. There must be as many rows as are asked for: that is not checked.</summary>
[StructLayout(LayoutKind.Auto)]
internal ref struct FieldRows
{
    private readonly ref byte _buffer;
    private readonly int _end;
    private readonly int _width;
    private readonly bool _isLast;
    private ref int _position;

    /// <param name="buffer">What the positions are in.</param>
    /// <param name="positions">Those of the block.</param>
    /// <param name="first">The one before the first value.</param>
    /// <param name="width">The number of fields of a row.</param>
    /// <param name="isLast">Whether the field is a row's last one, so that the CR of a line end may stand behind it.</param>
    public FieldRows(byte[] buffer, int[] positions, int first, int width, bool isLast)
    {
        _buffer = ref MemoryMarshal.GetArrayDataReference(buffer);
        _end = buffer.Length;
        _width = width;
        _isLast = isLast;
        _position = ref positions[first];
    }

    /// <summary>How many bytes can be read from the start of the last value on; behind it they mean nothing.</summary>
    public int Readable { get; private set; }

    /// <summary>The value of the next row.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public ReadOnlySpan<byte> Next()
    {
        var start = _position + 1;
        var end = Unsafe.Add(ref _position, 1);
        _position = ref Unsafe.Add(ref _position, _width);
        if (_isLast && end > start && Unsafe.Add(ref _buffer, end - 1) == '\r')
            end--;
        Readable = _end - start;
        return MemoryMarshal.CreateReadOnlySpan(ref Unsafe.Add(ref _buffer, start), end - start);
    }
}
