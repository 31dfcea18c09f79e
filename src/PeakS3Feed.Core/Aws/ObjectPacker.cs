using System.Buffers;
using System.Buffers.Text;
using System.Text;

namespace PeakS3Feed.Aws;

/// <summary>Packs the objects of one page of a listing. For each object: <see cref="Begin"/>, its key and entity tag, <see cref="End"/>.</summary>
/// <param name="buffers">The arrays of pages.</param>
internal sealed class ObjectPacker(PageBuffers buffers) : IDisposable
{
    private const int UsualBytes = 64 * 1024;
    private const int UsualText = 4 * 1024; // a key of 1,024 bytes, each escaped
    private const int MaxNumberBytes = 10;

    private static readonly SearchValues<byte> Escapes = SearchValues.Create("%+"u8);

    private byte[] _packed = ArrayPool<byte>.Shared.Rent(UsualBytes);
    private byte[] _key = ArrayPool<byte>.Shared.Rent(UsualText);
    private byte[] _before = ArrayPool<byte>.Shared.Rent(UsualText);
    private byte[] _tag = ArrayPool<byte>.Shared.Rent(UsualText);
    private int _packedLength;
    private int _keyLength;
    private int _beforeLength;
    private int _tagLength;
    private string _first = "";
    private bool _isAscending = true;

    /// <summary>The number of objects so far.</summary>
    public int Count { get; private set; }

    /// <summary>Begins an object, with an empty key and tag.</summary>
    public void Begin() => (_keyLength, _tagLength) = (0, 0);

    /// <summary>Sets the key of the object.</summary>
    /// <param name="text">The key in UTF-8.</param>
    /// <param name="isEncoded">Whether it is encoded as in a URL: a space as a plus, other bytes as a percent sign and two digits.</param>
    public void SetKey(ReadOnlySpan<byte> text, bool isEncoded)
    {
        _keyLength = 0;
        Room(ref _key, 0, text.Length);
        while (isEncoded && text.IndexOfAny(Escapes) is >= 0 and var at)
        {
            text[..at].CopyTo(_key.AsSpan(_keyLength));
            _keyLength += at;
            byte value = 0;
            var isByte = text[at] == '%' && text.Length >= at + 3 && Utf8Parser.TryParse(text.Slice(at + 1, 2), out value, out var used, 'x') && used == 2;
            _key[_keyLength++] = isByte ? value : text[at] == '+' ? (byte)' ' : text[at];
            text = text[(at + (isByte ? 3 : 1))..];
        }
        text.CopyTo(_key.AsSpan(_keyLength));
        _keyLength += text.Length;
    }

    /// <summary>Sets the entity tag of the object, without its quotes.</summary>
    public void SetETag(ReadOnlySpan<byte> text)
    {
        Room(ref _tag, 0, text.Length);
        text.CopyTo(_tag);
        _tagLength = text.Length;
    }

    /// <summary>Ends the object.</summary>
    public void End(long size, DateTimeOffset modified, bool isInArchiveClass, DateTimeOffset? restoredUntil)
    {
        var key = _key.AsSpan(0, _keyLength);
        var before = _before.AsSpan(0, _beforeLength);
        if (Count == 0)
            _first = Encoding.UTF8.GetString(key);
        else
            _isAscending &= before.SequenceCompareTo(key) < 0;
        var shared = key.CommonPrefixLength(before);
        Room(ref _packed, _packedLength, key.Length + _tagLength + (6 * MaxNumberBytes) + 1);
        AddNumber((ulong)shared);
        AddNumber((ulong)(key.Length - shared));
        Add(key[shared..]);

        var seconds = Math.DivRem(modified.UtcTicks, TimeSpan.TicksPerSecond, out var rest);
        var formAt = _packedLength++;
        var form = Form(PackedForm.WholeSeconds, rest == 0) | Form(PackedForm.InArchive, isInArchiveClass)
            | Form(PackedForm.Restored, restoredUntil is not null) | Form(PackedForm.HexTag, TryAddTag());
        _packed[formAt] = (byte)form;
        AddNumber((ulong)size);
        AddNumber((ulong)(rest == 0 ? seconds : modified.UtcTicks));
        if (restoredUntil is { } until)
            AddNumber((ulong)until.UtcTicks);
        (_key, _before, _beforeLength) = (_before, _key, _keyLength);
        Count++;
    }

    /// <summary>Returns the objects.</summary>
    public PackedObjects Pack()
    {
        if (Count == 0)
            return PackedObjects.None;
        var packed = buffers.Rent(_packedLength);
        _packed.AsSpan(0, _packedLength).CopyTo(packed);
        return new(packed, buffers, Count, _first, Encoding.UTF8.GetString(_before, 0, _beforeLength), _isAscending);
    }

    public void Dispose()
    {
        foreach (var rented in (byte[][])[_packed, _key, _before, _tag])
            ArrayPool<byte>.Shared.Return(rented);
    }

    private static PackedForm Form(PackedForm form, bool applies) => applies ? form : PackedForm.None;

    // Returns false after an entity tag that was added as it is.
    private bool TryAddTag()
    {
        var tag = _tag.AsSpan(0, _tagLength);
        if (tag.Length == 2 * PackedObjects.TagBytes && !tag.ContainsAnyInRange((byte)'A', (byte)'F')
            && Convert.FromHexString(tag, _packed.AsSpan(_packedLength), out _, out _) == OperationStatus.Done)
        {
            _packedLength += PackedObjects.TagBytes;
            return true;
        }
        AddNumber((ulong)tag.Length);
        Add(tag);
        return false;
    }

    private void AddNumber(ulong number)
    {
        for (; number >= 0x80; number >>= 7)
            _packed[_packedLength++] = (byte)(number | 0x80);
        _packed[_packedLength++] = (byte)number;
    }

    private void Add(ReadOnlySpan<byte> bytes)
    {
        bytes.CopyTo(_packed.AsSpan(_packedLength));
        _packedLength += bytes.Length;
    }

    private static void Room(ref byte[] buffer, int length, int more)
    {
        if (length + more <= buffer.Length)
            return;
        var larger = ArrayPool<byte>.Shared.Rent(2 * (length + more));
        buffer.AsSpan(0, length).CopyTo(larger);
        ArrayPool<byte>.Shared.Return(buffer);
        buffer = larger;
    }
}
