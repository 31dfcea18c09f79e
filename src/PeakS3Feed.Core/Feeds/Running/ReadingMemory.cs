namespace PeakS3Feed.Feeds.Running;

/// <summary>
/// The memory that the reading half of a load may hold, whatever the parallelism: at most <see cref="MaxBytes"/>. Loads that go on at the same time
/// share it (<see cref="ReadingBudget"/>), so that each further load adds at most <see cref="MaxBytesOfFurtherLoad"/>. Each lane, and one more reader
/// for an object that is read again, has a batch that it fills and its buffers. Finished batches wait for loading: a few of the object that loading
/// takes from, and up to <see cref="MaxAheadBytes"/> of the objects behind it. The lanes of a stage hold up to <see cref="MaxStagingBytes"/> that
/// they write. Small objects wait in memory, at most <see cref="ObjectPrefetcher.MaxFetched"/> of them, and emptied batches wait in a
/// <see cref="BatchPool"/>. Rows longer than <see cref="MaxRowBytesAhead"/> are read only by the lane whose object loading takes from; the one
/// buffer that grows for them, up to twice <see cref="Formats.RecordReader.MaxRowBytes"/>, comes on top.
/// </summary>
internal static class ReadingMemory
{
    /// <summary>The bound: 512 MiB.</summary>
    public const long MaxBytes = 512L * MiB;

    /// <summary>
    /// The most that a batch holds with rows of ordinary length: 4 MiB of text and 256 Ki values of 16 bytes, in arrays that double as they grow.
    /// </summary>
    public const int MaxBatchBytes = 16 * MiB;

    /// <summary>The most bytes of finished batches that wait behind the object that loading takes from.</summary>
    public const long MaxAheadBytes = 32L * MiB;

    /// <summary>The most finished batches that wait behind the object that loading takes from; an object of few rows has one.</summary>
    public const int MaxAheadBatches = 64;

    /// <summary>The most finished batches that wait of the object that loading takes from; of all objects together where there is one lane.</summary>
    public const int MaxHeadBatches = 3;

    /// <summary>The most bytes of emptied batches that are kept to be filled again.</summary>
    public const long MaxPooledBytes = 24L * MiB;

    /// <summary>The most bytes of batches that the lanes of a stage hold until they are written, unless it is one batch.</summary>
    public const long MaxStagingBytes = 48L * MiB;

    /// <summary>How long a row may be, in bytes, that a lane reads before its turn.</summary>
    public const int MaxRowBytesAhead = MiB;

    private const int MiB = 1024 * 1024;

    // Of a large object: chunks read ahead, the decompressor and the stretch of the file that is parsed. A small object is in memory as a whole.
    private const int LaneBufferBytes = 2 * MiB;

    private const long SharedBytes = MaxAheadBytes + MaxPooledBytes + MaxStagingBytes
        + ((MaxHeadBatches + 1L) * MaxBatchBytes) // one more is being loaded
        + ((long)ObjectPrefetcher.MaxFetched * ObjectPrefetcher.SmallBytes);

    /// <summary>How many lanes the bound allows.</summary>
    public const int MaxLanes = (int)((MaxBytes - SharedBytes) / MaxLaneBytes) - 1;

    /// <summary>What each lane after the first adds.</summary>
    public const long MaxLaneBytes = MaxBatchBytes + LaneBufferBytes;

    /// <summary>
    /// The most that each further load adds while other loads have the rest: 180 MiB, what a load with one lane holds. Nothing waits behind the
    /// object that it loads.
    /// </summary>
    public const long MaxBytesOfFurtherLoad = SharedBytes - MaxAheadBytes + (2 * MaxLaneBytes);

    /// <summary>The most that a load with so many lanes holds, in bytes.</summary>
    public static long For(int lanes) => lanes == 1 ? MaxBytesOfFurtherLoad : SharedBytes + ((lanes + 1) * MaxLaneBytes);
}

/// <summary>
/// What the loads that go on in one engine at the same time share of <see cref="ReadingMemory.MaxBytes"/>: all that a load with one lane does not
/// need. Safe for concurrent use.
/// </summary>
internal sealed class ReadingBudget
{
    /// <summary>The bytes that are shared.</summary>
    public const long MaxBytes = ReadingMemory.MaxBytes - ReadingMemory.MaxBytesOfFurtherLoad;

    private readonly Lock _lock = new();
    private long _freeBytes = MaxBytes;

    /// <summary>The bytes that no load has.</summary>
    public long FreeBytes
    {
        get
        {
            lock (_lock)
                return _freeBytes;
        }
    }

    /// <summary>
    /// Takes the lanes of one load: one always, and as many more as the load may use and other loads leave room for. Never waits. Dispose of the
    /// share when the load has ended.
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
/// Bounds the finished batches that wait for loading. The object that loading takes from, the head, always has room of its own, so that lanes
/// which are ahead can never keep it from being read.
/// </summary>
internal sealed class ReadAheadLimit(int lanes)
{
    private readonly Lock _lock = new();
    private readonly List<Waiter> _waiters = [];
    private ObjectReading? _head;
    private int _aheadBatches;
    private long _aheadBytes;
    private long _waitingBytes;

    /// <summary>The most bytes of finished batches that have waited at one time.</summary>
    public long PeakBytes { get; private set; }

    /// <summary>Waits until a batch of an object may be handed over, and counts it. Returns false when the reading was abandoned.</summary>
    public Task<bool> EnterAsync(ObjectReading reading, long bytes, CancellationToken cancellationToken)
        => WaitAsync(new Waiter(reading, bytes), cancellationToken);

    /// <summary>Waits until loading takes from an object; one lane alone does not wait. Returns false when the reading was abandoned.</summary>
    public Task<bool> WaitForTurnAsync(ObjectReading reading, CancellationToken cancellationToken)
        => WaitAsync(new Waiter(reading, Bytes: null), cancellationToken);

    /// <summary>Loading has taken a batch that was handed over.</summary>
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

    /// <summary>Loading takes from this object from now on.</summary>
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

    /// <summary>Releases the waiters of an object that is read no further.</summary>
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

    private bool HasRoom(ObjectReading reading, long bytes)
    {
        if (lanes == 1)
            return (_head?.WaitingBatches ?? 0) + _aheadBatches < ReadingMemory.MaxHeadBatches;
        return reading == _head
            ? reading.WaitingBatches < ReadingMemory.MaxHeadBatches
            : _aheadBatches < ReadingMemory.MaxAheadBatches && _aheadBytes + bytes <= ReadingMemory.MaxAheadBytes;
    }

    /// <param name="Reading">The object.</param>
    /// <param name="Bytes">The bytes of the batch that waits; null for one that waits for the object's turn.</param>
    private sealed record Waiter(ObjectReading Reading, long? Bytes)
    {
        public TaskCompletionSource<bool> Admitted { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
