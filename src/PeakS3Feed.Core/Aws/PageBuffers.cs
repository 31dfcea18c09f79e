namespace PeakS3Feed.Aws;

/// <summary>
/// The arrays of packed pages, which are used again: as garbage they would be old, and be collected late. Safe for concurrent use.
/// </summary>
internal sealed class PageBuffers
{
    /// <summary>The size of an array: 48 KiB, enough for a page of usual keys.</summary>
    public const int Size = 48 * 1024;

    // A small page has an array of its own size.
    private const int MinFilled = Size / 4;
    private const int MaxKept = 128;

    private readonly Lock _lock = new();
    private readonly Stack<byte[]> _free = new();

    /// <summary>Returns an array for so many bytes.</summary>
    public byte[] Rent(int bytes)
    {
        if (bytes is < MinFilled or > Size)
            return new byte[bytes];
        lock (_lock)
            return _free.TryPop(out var buffer) ? buffer : GC.AllocateUninitializedArray<byte>(Size);
    }

    /// <summary>Takes an array back.</summary>
    public void Return(byte[] buffer)
    {
        lock (_lock)
        {
            if (buffer.Length == Size && _free.Count < MaxKept)
                _free.Push(buffer);
        }
    }
}
