namespace PeakS3Feed.Feeds.Running;

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
