using PeakS3Feed.Sources;

namespace PeakS3Feed.Feeds.Running;

/// <summary>
/// The limit on the memory of the reading half of a load, whatever the parallelism: at most <see cref="MaxBytes"/>. Concurrent loads share it
/// (<see cref="ReadingBudget"/>), so that each further load adds at most <see cref="MaxBytesOfFurtherLoad"/>. Each lane has its buffers and a batch
/// that it fills. One more reader, for an object that is read again, has the same. Finished batches wait for loading: a few of the head object (the
/// object from which loading takes batches), and up to <see cref="MaxAheadBytes"/> of the objects behind it. The lanes of a stage have up to
/// <see cref="MaxStagingBytes"/> of batches that they write. Small objects, and parts of large ones, wait in <see cref="ReadAhead"/>. Emptied
/// batches wait in a <see cref="BatchPool"/>. Only the lane of the head object reads rows longer than <see cref="MaxRowBytesAhead"/>. The buffer for
/// such rows, up to twice <see cref="Formats.RecordReader.MaxRowBytes"/>, is not part of the limit.
/// </summary>
internal static class ReadingMemory
{
    /// <summary>The limit: 512 MiB.</summary>
    public const long MaxBytes = 512L * MiB;

    /// <summary>
    /// The maximum size of a batch with rows of ordinary length: 4 MiB of text and 256 Ki values of 16 bytes, in arrays that double as they grow.
    /// </summary>
    public const int MaxBatchBytes = 16 * MiB;

    /// <summary>The maximum size of the finished batches that wait behind the head object.</summary>
    public const long MaxAheadBytes = 32L * MiB;

    /// <summary>The maximum number of finished batches that wait behind the head object. An object of few rows has one batch.</summary>
    public const int MaxAheadBatches = 64;

    /// <summary>The maximum number of finished batches of the head object that wait. With one lane, the limit is for all objects together.</summary>
    public const int MaxHeadBatches = 3;

    /// <summary>
    /// The maximum size of the emptied batches that are kept for reuse: as many as wait at most. If fewer were kept, the lanes would allocate new
    /// ones.
    /// </summary>
    public const long MaxPooledBytes = MaxAheadBytes;

    /// <summary>The maximum size of the batches that the lanes of a stage have not written yet. A single batch may be larger.</summary>
    public const long MaxStagingBytes = 48L * MiB;

    /// <summary>The maximum length, in bytes, of a row that a lane reads before the turn of its object.</summary>
    public const int MaxRowBytesAhead = MiB;

    private const int MiB = 1024 * 1024;

    // For a large object: chunks read ahead, the decompressor, and the part of the file that is parsed. A small object is completely in memory.
    private const int LaneBufferBytes = 2 * MiB;

    private const long SharedBytes = MaxAheadBytes + MaxPooledBytes + MaxStagingBytes
        + ((MaxHeadBatches + 1L) * MaxBatchBytes) // one more is being loaded
        + ReadAhead.MaxBytes;

    // A dozen batches of ordinary rows for each lane. More would keep processors a little busier, and take the memory of small machines.
    private const long QueuedBytesOfLane = 13L * MiB;
    private const long StagedBytesOfLane = 8L * MiB;

    // What may wait while a large head object has just begun, as a share of what may wait when it ends.
    private const double FirstShare = 0.25;

    /// <summary>The maximum size of the finished batches that wait behind the head object, for a number of lanes.</summary>
    public static long AheadBytes(int lanes) => Math.Min(MaxAheadBytes, lanes * QueuedBytesOfLane);

    /// <summary>
    /// The maximum size of the finished batches that wait behind the head object now. It grows while a large head object is read, so that the other
    /// lanes always have something to do. One thread decompresses the head object, and does not keep two processors busy.
    /// </summary>
    /// <param name="lanes">The number of lanes.</param>
    /// <param name="head">The head object; null if there is none yet.</param>
    public static long AheadBytes(int lanes, ObjectReading? head)
        => head?.Object.Source.Size > ObjectPrefetcher.SmallBytes
            ? (long)(AheadBytes(lanes) * (FirstShare + ((1 - FirstShare) * head.Progress)))
            : AheadBytes(lanes);

    /// <summary>The maximum size of the batches that so many lanes of a stage have not written yet. A single batch may be larger.</summary>
    public static long StagingBytes(int lanes) => Math.Min(MaxStagingBytes, lanes * StagedBytesOfLane);

    /// <summary>How many lanes the limit allows.</summary>
    public const int MaxLanes = (int)((MaxBytes - SharedBytes) / MaxLaneBytes) - 1;

    /// <summary>What each lane after the first adds.</summary>
    public const long MaxLaneBytes = MaxBatchBytes + LaneBufferBytes;

    /// <summary>
    /// The maximum that each further load adds while other loads have the rest: 188 MiB, the memory of a load with one lane. Such a load reads no
    /// object ahead.
    /// </summary>
    public const long MaxBytesOfFurtherLoad = SharedBytes - MaxAheadBytes + (2 * MaxLaneBytes);

    /// <summary>The maximum memory of a load with so many lanes, in bytes.</summary>
    public static long For(int lanes) => lanes == 1 ? MaxBytesOfFurtherLoad : SharedBytes + ((lanes + 1) * MaxLaneBytes);
}

/// <summary>
/// The part of <see cref="ReadingMemory.MaxBytes"/> that the concurrent loads of one engine share: everything that a load with one lane does not
/// need. Safe for concurrent use.
/// </summary>
internal sealed class ReadingBudget
{
    /// <summary>The number of shared bytes.</summary>
    public const long MaxBytes = ReadingMemory.MaxBytes - ReadingMemory.MaxBytesOfFurtherLoad;

    private readonly Lock _lock = new();
    private long _freeBytes = MaxBytes;

    /// <summary>The number of bytes that no load has.</summary>
    public long FreeBytes
    {
        get
        {
            lock (_lock)
                return _freeBytes;
        }
    }

    /// <summary>
    /// Reserves the lanes of one load: always one, and as many more as the load may use and the memory that other loads leave allows. Never waits.
    /// Dispose of the share when the load has ended.
    /// </summary>
    /// <param name="maxParallelism">How many objects the load may read at a time.</param>
    public Share Take(int maxParallelism)
    {
        lock (_lock)
        {
            var room = Math.Max(_freeBytes - ReadingMemory.MaxAheadBytes, 0) / ReadingMemory.MaxLaneBytes;
            var more = (int)Math.Clamp(maxParallelism - 1, 0, room);
            var bytes = more == 0 ? 0 : ReadingMemory.MaxAheadBytes + (more * ReadingMemory.MaxLaneBytes);
            _freeBytes -= bytes;
            return new Share(this, more + 1, bytes);
        }
    }

    private void Return(long bytes)
    {
        lock (_lock)
            _freeBytes += bytes;
    }

    /// <summary>The lanes of one load.</summary>
    internal sealed class Share(ReadingBudget budget, int lanes, long bytes) : IDisposable
    {
        private bool _returned;

        /// <summary>How many objects the load reads at a time, at least 1.</summary>
        public int Lanes => lanes;

        /// <summary>Returns what the share has to the budget.</summary>
        public void Dispose()
        {
            if (_returned)
                return;
            _returned = true;
            budget.Return(bytes);
        }
    }
}

/// <summary>
/// Limits the finished batches that wait for loading. The head object (the object from which loading takes batches) has its own share, so that lanes
/// which are ahead can never block it.
/// </summary>
internal sealed class ReadAheadLimit(int lanes)
{
    private readonly Lock _lock = new();
    private readonly List<Waiter> _waiters = [];
    private ObjectReading? _head;
    private int _aheadBatches;
    private long _aheadBytes;
    private long _waitingBytes;

    /// <summary>The largest total size of finished batches that have waited at one time.</summary>
    public long PeakBytes { get; private set; }

    /// <summary>Waits until a batch of an object may be passed to loading, and counts it. Returns false if reading was abandoned.</summary>
    public Task<bool> EnterAsync(ObjectReading reading, long bytes, CancellationToken cancellationToken)
        => WaitAsync(new Waiter(reading, bytes), cancellationToken);

    /// <summary>Waits until an object is the head object. A single lane does not wait. Returns false if reading was abandoned.</summary>
    public Task<bool> WaitForTurnAsync(ObjectReading reading, CancellationToken cancellationToken)
        => WaitAsync(new Waiter(reading, Bytes: null), cancellationToken);

    /// <summary>Records that loading has taken a batch.</summary>
    public void Leave(ObjectReading reading, long bytes)
    {
        lock (_lock)
        {
            _waitingBytes -= bytes;
            reading.WaitingBatches--;
            reading.WaitingBytes -= bytes;
            if (reading != _head)
                (_aheadBatches, _aheadBytes) = (_aheadBatches - 1, _aheadBytes - bytes);
            Admit();
        }
    }

    /// <summary>Makes this object the head object: loading takes its batches from now on.</summary>
    public void SetHead(ObjectReading reading)
    {
        lock (_lock)
        {
            _head = reading;
            _aheadBatches -= reading.WaitingBatches;
            _aheadBytes -= reading.WaitingBytes;
            Admit();
        }
    }

    /// <summary>Releases everything that waits for an object that is not read any further.</summary>
    public void Abandon(ObjectReading reading)
    {
        lock (_lock)
        {
            reading.IsAbandoned = true;
            Admit();
        }
    }

    private Task<bool> WaitAsync(Waiter waiter, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            if (TryAdmit(waiter))
                return waiter.Admitted.Task;
            _waiters.Add(waiter);
        }
        return waiter.Admitted.Task.WaitAsync(cancellationToken);
    }

    private void Admit()
    {
        for (var at = 0; at < _waiters.Count;)
        {
            if (TryAdmit(_waiters[at]))
                _waiters.RemoveAt(at);
            else
                at++;
        }
    }

    private bool TryAdmit(Waiter waiter)
    {
        var reading = waiter.Reading;
        if (reading.IsAbandoned)
        {
            waiter.Admitted.SetResult(false);
            return true;
        }
        if (waiter.Bytes is not { } bytes)
        {
            if (reading != _head && lanes > 1)
                return false;
            waiter.Admitted.SetResult(true);
            return true;
        }
        if (!HasRoom(reading, bytes))
            return false;
        reading.WaitingBatches++;
        reading.WaitingBytes += bytes;
        _waitingBytes += bytes;
        PeakBytes = Math.Max(PeakBytes, _waitingBytes);
        if (reading != _head)
            (_aheadBatches, _aheadBytes) = (_aheadBatches + 1, _aheadBytes + bytes);
        waiter.Admitted.SetResult(true);
        return true;
    }

    // A single batch, however large, needs no progress of the head object.
    private long AheadRoom() => _aheadBytes == 0 ? ReadingMemory.AheadBytes(lanes) : ReadingMemory.AheadBytes(lanes, _head);

    private bool HasRoom(ObjectReading reading, long bytes)
    {
        if (lanes == 1)
            return (_head?.WaitingBatches ?? 0) + _aheadBatches < ReadingMemory.MaxHeadBatches;
        return reading == _head
            ? reading.WaitingBatches < ReadingMemory.MaxHeadBatches
            : _aheadBatches < ReadingMemory.MaxAheadBatches && _aheadBytes + bytes <= AheadRoom();
    }

    /// <param name="Reading">The object.</param>
    /// <param name="Bytes">The bytes of the batch that waits; null for one that waits for the object's turn.</param>
    private sealed record Waiter(ObjectReading Reading, long? Bytes)
    {
        public TaskCompletionSource<bool> Admitted { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
