using System.Buffers;
using System.Runtime.ExceptionServices;
using System.Runtime.InteropServices;

namespace PeakS3Feed.Destinations.Parquet;

/// <summary>
/// A file of which parts are in memory. The native library reads without waiting, so the parts that it will read are loaded before: a read of another
/// part fails, and <see cref="TakeMissing"/> returns it. Only chunks that are too large to be held are read while the library waits.
/// </summary>
internal sealed class RangeStream(ParquetSource source) : Stream
{
    // The shared pool would keep one array for each thread: far more than files that are read at a time need.
    private static readonly ArrayPool<byte> Memory = ArrayPool<byte>.Create(maxArrayLength: 8 * 1024 * 1024, maxArraysPerBucket: 2);

    private readonly List<(ByteRange Range, byte[] Bytes)> _loaded = [];
    private ByteRange? _missing;
    private Exception? _failure;

    /// <summary>Whether a part that is not in memory is read while the library waits.</summary>
    public bool MayWait { get; set; }

    /// <summary>Ends a read that the library waits for.</summary>
    public CancellationToken Cancellation { get; set; }

    public override bool CanRead => true;

    public override bool CanSeek => true;

    public override bool CanWrite => false;

    public override long Length => source.Bytes;

    public override long Position { get; set; }

    /// <summary>Reads a part into memory, where it stays until it is forgotten.</summary>
    /// <exception cref="Errors.FeedException">The error of a damaged file if it is shorter, and the errors of reading it.</exception>
    public async Task LoadAsync(ByteRange range, CancellationToken cancellationToken)
    {
        var bytes = Memory.Rent(checked((int)range.Length));
        try
        {
            await FillAsync(range.Start, bytes.AsMemory(0, (int)range.Length), cancellationToken);
        }
        catch
        {
            Memory.Return(bytes);
            throw;
        }
        _loaded.Add((range, bytes));
    }

    /// <summary>Removes a part from memory.</summary>
    public void Forget(ByteRange range)
    {
        for (var i = _loaded.FindLastIndex(l => l.Range == range); i >= 0; i = _loaded.FindLastIndex(l => l.Range == range))
        {
            Memory.Return(_loaded[i].Bytes);
            _loaded.RemoveAt(i);
        }
    }

    /// <summary>The bytes of a part that is in memory; empty if it is not.</summary>
    public ReadOnlySpan<byte> Find(ByteRange range)
    {
        foreach (var (loaded, bytes) in _loaded)
        {
            if (loaded.Start <= range.Start && range.End <= loaded.End)
                return bytes.AsSpan((int)(range.Start - loaded.Start), (int)range.Length);
        }
        return default;
    }

    /// <summary>Returns the part whose read failed because it was not in memory, once; otherwise null.</summary>
    public ByteRange? TakeMissing()
    {
        var missing = _missing;
        _missing = null;
        return missing;
    }

    /// <summary>Throws the exception by which a read failed. The library passes on only its text.</summary>
    public void ThrowIfFailed()
    {
        if (_failure is { } failure)
            ExceptionDispatchInfo.Throw(failure);
    }

    public override int Read(Span<byte> buffer)
    {
        var range = new ByteRange(Position, Math.Min(buffer.Length, Length - Position));
        if (range.Length <= 0)
            return 0;
        if (Find(range) is { IsEmpty: false } bytes)
            bytes.CopyTo(buffer);
        else if (MayWait)
            ReadWaiting(range, buffer);
        else
            throw NotLoaded(range);
        Position += range.Length;
        return (int)range.Length;
    }

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    public override long Seek(long offset, SeekOrigin origin) => Position = origin switch
    {
        SeekOrigin.Begin => offset,
        SeekOrigin.Current => Position + offset,
        _ => Length + offset,
    };

    public override void Flush()
    {
        // Nothing is written.
    }

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        foreach (var (_, bytes) in _loaded)
            Memory.Return(bytes);
        _loaded.Clear();
        base.Dispose(disposing);
    }

    private IOException NotLoaded(ByteRange range)
    {
        _missing = range;
        return new IOException("This part of the file is not in memory.");
    }

    private void ReadWaiting(ByteRange range, Span<byte> buffer)
    {
        try
        {
            var bytes = new byte[range.Length];
            FillAsync(range.Start, bytes, Cancellation).GetAwaiter().GetResult();
            bytes.CopyTo(buffer);
        }
        catch (Exception e)
        {
            _failure = e;
            throw;
        }
    }

    private async Task FillAsync(long start, Memory<byte> bytes, CancellationToken cancellationToken)
    {
        while (bytes.Length > 0)
        {
            var read = await source.ReadAtAsync(start, bytes, cancellationToken).ConfigureAwait(false);
            if (read <= 0)
                throw source.Damaged($"it ends at byte {start}, but should have {source.Bytes} bytes.");
            (start, bytes) = (start + read, bytes[read..]);
        }
    }
}

/// <summary>A part of a file.</summary>
/// <param name="Start">The offset of its first byte.</param>
/// <param name="Length">Its size in bytes.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct ByteRange(long Start, long Length)
{
    /// <summary>The offset after its last byte.</summary>
    public long End => Start + Length;
}
