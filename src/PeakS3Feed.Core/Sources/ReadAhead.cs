using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.Numerics;

namespace PeakS3Feed.Sources;

/// <summary>
/// The connections and the memory with which a source is read before its readers need the bytes. The number of connections adapts: it grows when
/// a reader has to wait, up to the limit of the connection, and is halved when S3 answers SlowDown. Safe for concurrent use.
/// </summary>
public sealed class ReadAhead
{
    /// <summary>The memory for bytes that wait for their readers: 8 MiB, of which half for parts of large objects, and half for small objects.</summary>
    public const int MaxBytes = 2 * MaxBytesOfKind;

    /// <summary>The memory for parts of large objects, and the memory for small objects: 4 MiB each.</summary>
    public const int MaxBytesOfKind = 4 * MiB;

    // The largest array that is worth pooling among others.
    private const int MaxSmallBytes = MiB;

    /// <summary>The size of the parts in which a large object is read on several connections at a time: 2 MiB.</summary>
    public const int PartBytes = 2 * MiB;

    // Parts of large objects that are requested at a time. Few of them have memory: the others wait for their answer.
    private const int MaxParts = 32;

    private const int MiB = 1024 * 1024;
    private const int FirstConnections = 10;
    private const int SatisfiedReaders = 4;
    private static readonly TimeSpan BetweenReductions = TimeSpan.FromSeconds(1);

    private readonly TimeProvider _time;
    private readonly Lock _lock = new();
    private readonly Stack<byte[]> _parts = new();
    private TaskCompletionSource _freed = NewSignal();
    private int _limit;
    private int _requests;
    private int _readers;
    private int _partBytes;
    private int _smallBytes;
    private int _usualParts;
    private int _satisfied;
    private bool _wasRefused;
    private long _reducedAt;

    /// <param name="connections">The limit of connections, at least 1.</param>
    /// <param name="time">The clock of reductions.</param>
    public ReadAhead(int connections, TimeProvider time)
    {
        MaxConnections = connections;
        _time = time;
        _limit = Math.Min(connections, FirstConnections);
    }

    /// <summary>The limit of connections.</summary>
    public int MaxConnections { get; }

    /// <summary>The number of connections that may be in use now.</summary>
    public int Limit
    {
        get
        {
            lock (_lock) return _limit;
        }
    }

    /// <summary>The largest number of bytes that have waited at one time.</summary>
    public int PeakBytes { get; private set; }

    /// <summary>The number of bytes that wait, or have memory and are on the way.</summary>
    public int HeldBytes
    {
        get
        {
            lock (_lock) return _partBytes + _smallBytes;
        }
    }

    /// <summary>The number of connections in use.</summary>
    public int Connections
    {
        get
        {
            lock (_lock) return _requests + _readers;
        }
    }

    /// <summary>How many parts a reader last needed at a time; 0 while readers do not wait for the network.</summary>
    public int UsualParts
    {
        get
        {
            lock (_lock) return _usualParts;
        }
    }

    /// <summary>How many parts one reader may request ahead, if all readers do.</summary>
    public int PartsOfReader
    {
        get
        {
            lock (_lock) return Math.Max(1, MaxParts / Math.Max(1, _readers));
        }
    }

    /// <summary>Takes a connection for a part of a large object. Returns false if none is free.</summary>
    public bool TryTake()
    {
        lock (_lock)
        {
            if (_requests + _readers >= _limit) return false;
            _requests++;
            return true;
        }
    }

    /// <summary>Takes a connection for a small object. Returns false if none is free, or if the memory for small objects is full.</summary>
    /// <param name="freed">If none is free: ends when something has been given back.</param>
    public bool TryTakeForSmall(out Task freed)
    {
        lock (_lock)
        {
            freed = _freed.Task;
            return _smallBytes < MaxBytesOfKind && TryTake();
        }
    }

    /// <summary>Gives a connection back.</summary>
    public void EndRequest() => Free(() => _requests--);

    /// <summary>Takes memory. Returns false if it is not free.</summary>
    /// <param name="bytes">How much is needed, in bytes; at most <see cref="PartBytes"/>.</param>
    /// <param name="buffer">The memory, which may be longer.</param>
    /// <param name="freed">If it is not free: ends when something has been given back.</param>
    public bool TryRent(int bytes, [NotNullWhen(true)] out byte[]? buffer, out Task freed)
    {
        lock (_lock)
        {
            freed = _freed.Task;
            buffer = null;
            var length = bytes > MaxSmallBytes ? PartBytes : (int)BitOperations.RoundUpToPowerOf2((uint)bytes);
            ref var held = ref Held(length);
            if (held + length > MaxBytesOfKind) return false;
            buffer = length < PartBytes ? ArrayPool<byte>.Shared.Rent(length) : _parts.TryPop(out var part) ? part : new byte[PartBytes];
            held += buffer.Length;
            PeakBytes = Math.Max(PeakBytes, _partBytes + _smallBytes);
            return true;
        }
    }

    /// <summary>Takes memory back.</summary>
    public void Return(byte[] buffer) => Free(() =>
    {
        Held(buffer.Length) -= buffer.Length;
        if (buffer.Length < PartBytes)
            ArrayPool<byte>.Shared.Return(buffer);
        else
            _parts.Push(buffer);
    });

    /// <summary>Counts a reader, which has a connection of its own.</summary>
    public void BeginReader()
    {
        lock (_lock) _readers++;
    }

    /// <summary>Ends what <see cref="BeginReader"/> began.</summary>
    public void EndReader() => Free(() =>
    {
        _readers--;
        if (_readers == 0) _parts.Clear();
    });

    /// <summary>Records that a reader has to wait for bytes, so that more connections would help.</summary>
    public void Grow() => Free(() => _limit = Math.Min(MaxConnections, _wasRefused ? _limit + 1 : _limit * 2));

    /// <summary>Records that a reader needs so many parts at a time.</summary>
    public void Need(int parts)
    {
        lock (_lock) (_usualParts, _satisfied) = (parts, 0);
    }

    /// <summary>
    /// Records that a reader never had to wait for a part. After some of them, the next ones begin with fewer, and in the end with none.
    /// </summary>
    public void NeedFewer()
    {
        lock (_lock)
        {
            if (++_satisfied % SatisfiedReaders == 0)
                _usualParts = Math.Max(0, _usualParts - Math.Max(1, _usualParts / 4));
        }
    }

    /// <summary>Records that S3 refused a request because there are too many.</summary>
    public void Reduce()
    {
        lock (_lock)
        {
            // The requests that were sent together are refused together.
            if (_wasRefused && _time.GetElapsedTime(_reducedAt) < BetweenReductions) return;
            _wasRefused = true;
            _reducedAt = _time.GetTimestamp();
            _limit = Math.Max(1, _limit / 2);
        }
    }

    // The count of the kind to which memory of this length belongs.
    private ref int Held(int length)
    {
        if (length < PartBytes)
            return ref _smallBytes;
        return ref _partBytes;
    }

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    private void Free(Action change)
    {
        TaskCompletionSource freed;
        lock (_lock)
        {
            change();
            freed = _freed;
            _freed = NewSignal();
        }

        freed.SetResult();
    }
}
