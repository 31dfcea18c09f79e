using System.Text;

namespace PeakS3Feed.Aws;

/// <summary>
/// The objects of one page of a listing in one array, about 45 bytes for each: a key has only the bytes in which it differs from the key before it,
/// and an entity tag of 32 hexadecimal digits has 16 bytes. So many pages can wait for their turn.
/// </summary>
internal sealed class PackedObjects
{
    /// <summary>The bytes of an entity tag of 32 hexadecimal digits.</summary>
    public const int TagBytes = 16;

    private readonly PageBuffers? _buffers;
    private byte[] _bytes;

    /// <param name="bytes">The packed objects.</param>
    /// <param name="buffers">Takes the array back, or null.</param>
    /// <param name="count">The number of objects.</param>
    /// <param name="first">The key of the first object.</param>
    /// <param name="last">The key of the last object.</param>
    /// <param name="isAscending">Whether the keys ascend.</param>
    internal PackedObjects(byte[] bytes, PageBuffers? buffers, int count, string first, string last, bool isAscending)
        => (_bytes, _buffers, Bytes, Count, First, Last, IsAscending) = (bytes, buffers, bytes.Length, count, first, last, isAscending);

    /// <summary>No objects.</summary>
    public static PackedObjects None { get; } = new([], buffers: null, 0, "", "", isAscending: true);

    /// <summary>The number of objects.</summary>
    public int Count { get; }

    /// <summary>The key of the first object; empty if there is none.</summary>
    public string First { get; }

    /// <summary>The key of the last object; empty if there is none.</summary>
    public string Last { get; }

    /// <summary>Whether each key comes after the one before it, in the order of their bytes.</summary>
    public bool IsAscending { get; }

    /// <summary>The memory, in bytes.</summary>
    public int Bytes { get; }

    /// <summary>Gives the memory back. The objects cannot be read afterwards.</summary>
    public void Release()
    {
        var bytes = _bytes;
        _bytes = [];
        _buffers?.Return(bytes);
    }

    /// <summary>Returns the objects.</summary>
    public IEnumerable<ListedObject> Read()
    {
        var key = new byte[1024];
        for (int i = 0, at = 0; i < Count; i++)
        {
            var length = ReadKey(ref at, ref key);
            yield return ReadObject(ref at, Encoding.UTF8.GetString(key, 0, length));
        }
    }

    /// <summary>Returns every nth key, beginning with the first one.</summary>
    public IEnumerable<string> SampleKeys(int every)
    {
        var key = new byte[1024];
        for (int i = 0, at = 0; i < Count; i++)
        {
            var length = ReadKey(ref at, ref key);
            SkipObject(ref at);
            if (i % every == 0)
                yield return Encoding.UTF8.GetString(key, 0, length);
        }
    }

    private int ReadKey(ref int at, ref byte[] key)
    {
        var (shared, more) = ((int)Number(ref at), (int)Number(ref at));
        if (shared + more > key.Length)
            Array.Resize(ref key, 2 * (shared + more));
        _bytes.AsSpan(at, more).CopyTo(key.AsSpan(shared));
        at += more;
        return shared + more;
    }

    private ListedObject ReadObject(ref int at, string key)
    {
        var form = (PackedForm)_bytes[at++];
        string etag;
        if (form.HasFlag(PackedForm.HexTag))
        {
            etag = Convert.ToHexStringLower(_bytes, at, TagBytes);
            at += TagBytes;
        }
        else
        {
            var length = (int)Number(ref at);
            etag = Encoding.UTF8.GetString(_bytes, at, length);
            at += length;
        }
        var size = (long)Number(ref at);
        var ticks = (long)Number(ref at) * (form.HasFlag(PackedForm.WholeSeconds) ? TimeSpan.TicksPerSecond : 1);
        DateTimeOffset? restored = form.HasFlag(PackedForm.Restored) ? new((long)Number(ref at), TimeSpan.Zero) : null;
        return new(key, etag, size, new(ticks, TimeSpan.Zero), form.HasFlag(PackedForm.InArchive), restored);
    }

    private void SkipObject(ref int at)
    {
        var form = (PackedForm)_bytes[at++];
        var tag = form.HasFlag(PackedForm.HexTag) ? TagBytes : (int)Number(ref at);
        at += tag;
        for (var numbers = form.HasFlag(PackedForm.Restored) ? 3 : 2; numbers > 0; numbers--)
            Number(ref at);
    }

    // Seven bits in each byte, the lowest first.
    private ulong Number(ref int at)
    {
        var value = 0UL;
        for (var shift = 0; ; shift += 7)
        {
            var part = _bytes[at++];
            value |= (ulong)(part & 0x7F) << shift;
            if (part < 0x80)
                return value;
        }
    }
}

/// <summary>How an object is packed.</summary>
[Flags]
internal enum PackedForm : byte
{
    None = 0,

    /// <summary>The entity tag has 32 lower-case hexadecimal digits.</summary>
    HexTag = 1,

    /// <summary>Its time is in whole seconds.</summary>
    WholeSeconds = 2,

    /// <summary>Its storage class is an archive.</summary>
    InArchive = 4,

    /// <summary>It has a restored copy.</summary>
    Restored = 8,
}
