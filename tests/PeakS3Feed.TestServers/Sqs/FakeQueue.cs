using System.Collections.Concurrent;

namespace PeakS3Feed.TestServers.Sqs;

/// <summary>
/// A standard queue: at least once, in any order. A received message is invisible for a time; then it appears again, unless it was deleted with its last
/// receipt.
/// </summary>
public sealed class FakeQueue(TimeProvider time, int seed)
{
    private const int MaxReceived = 10;

    private readonly Lock _lock = new();
    private readonly Random _random = new(seed);
    private readonly List<FakeMessage> _messages = [];
    private readonly List<FakeMessage> _dead = [];
    private readonly List<FakeMessage> _doubles = [];
    private int _last;

    /// <summary>How long a received message is invisible.</summary>
    public TimeSpan VisibilityTimeout { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>After how many receipts a message goes to the dead-letter queue; null without a redrive policy.</summary>
    public int? MaxReceiveCount { get; set; }

    /// <summary>Whether messages come in random order.</summary>
    public bool IsDisordered { get; set; }

    /// <summary>The share of deleted messages that are delivered once more, from 0 to 1.</summary>
    public double Duplicates { get; set; }

    /// <summary>The tags.</summary>
    public ConcurrentDictionary<string, string> Tags { get; } = new(StringComparer.Ordinal);

    /// <summary>The messages that are not deleted.</summary>
    public IReadOnlyList<FakeMessage> Messages
    {
        get
        {
            lock (_lock)
                return [.. _messages];
        }
    }

    /// <summary>The messages that the redrive policy has moved.</summary>
    public IReadOnlyList<FakeMessage> Dead
    {
        get
        {
            lock (_lock)
                return [.. _dead];
        }
    }

    /// <summary>Sends a message.</summary>
    /// <returns>Its id.</returns>
    public string Send(string body)
    {
        lock (_lock)
        {
            var message = new FakeMessage($"00000000-0000-0000-0000-{++_last:000000000000}", body) { VisibleAt = time.GetUtcNow() };
            _messages.Add(message);
            return message.Id;
        }
    }

    internal IReadOnlyList<FakeMessage> Receive(int count)
    {
        lock (_lock)
        {
            var now = time.GetUtcNow();
            var visible = _messages.Where(m => m.VisibleAt <= now).ToList();
            foreach (var dead in visible.Where(m => m.Received >= MaxReceiveCount))
            {
                _messages.Remove(dead);
                _dead.Add(dead);
            }
            visible.RemoveAll(_dead.Contains);
            if (IsDisordered)
                _random.Shuffle(System.Runtime.InteropServices.CollectionsMarshal.AsSpan(visible));
            var received = visible.Take(Math.Min(count, MaxReceived)).ToList();
            foreach (var message in received)
            {
                message.VisibleAt = now + VisibilityTimeout;
                message.Receipt = $"{message.Id}#{++message.Received}";
            }
            return received;
        }
    }

    internal void Delete(string receipt)
    {
        lock (_lock)
        {
            if (_messages.Find(m => m.Receipt == receipt) is not { } message)
                return;
            _messages.Remove(message);
            if (!_doubles.Contains(message) && _random.NextDouble() < Duplicates)
            {
                _doubles.Add(message);
                _messages.Add(message);
                message.VisibleAt = time.GetUtcNow();
            }
        }
    }
}
