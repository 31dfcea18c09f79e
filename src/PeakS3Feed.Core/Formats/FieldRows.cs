using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace PeakS3Feed.Formats;

/// <summary>
/// Enumerates the source text of one field over the rows of a block. It does not check bounds: the caller must not read more rows than the block has.
/// </summary>
[StructLayout(LayoutKind.Auto)]
internal ref struct FieldRows
{
    private readonly ref byte _buffer;
    private readonly int _end;
    private readonly int _width;
    private readonly bool _isLast;
    private ref int _position;

    /// <param name="buffer">The buffer that the positions refer to.</param>
    /// <param name="positions">The positions of the block.</param>
    /// <param name="first">The index of the position before the first value.</param>
    /// <param name="width">The number of fields of a row.</param>
    /// <param name="isLast">Whether the field is the last one of its row. A CR before the line feed is then not part of the value.</param>
    public FieldRows(byte[] buffer, int[] positions, int first, int width, bool isLast)
    {
        _buffer = ref MemoryMarshal.GetArrayDataReference(buffer);
        _end = buffer.Length;
        _width = width;
        _isLast = isLast;
        _position = ref positions[first];
    }

    /// <summary>The number of bytes that can be read from the start of the last value on. The bytes after the value are undefined.</summary>
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
