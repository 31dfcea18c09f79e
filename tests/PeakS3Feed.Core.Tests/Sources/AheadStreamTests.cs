using System.Security.Cryptography;
using System.Threading.Channels;
using PeakS3Feed.Sources;
using PeakS3Feed.Tests.Formats;

namespace PeakS3Feed.Tests.Sources;

public sealed class AheadStreamTests
{
    private const int Part = ReadAhead.PartBytes;
    private const int PartsInMemory = ReadAhead.MaxBytesOfKind / Part;

    private readonly ReadAhead _ahead = new(64, TimeProvider.System);

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(100_000)]
    [InlineData(1024 * 1024)]
    [InlineData(Part)]
    public async Task The_bytes_are_those_of_the_answer_fetched_or_not(int length)
    {
        var bytes = RandomNumberGenerator.GetBytes(length);
        foreach (var isFull in new[] { false, true })
        {
            Take(); // before the memory is full
            var others = isFull ? await FillMemoryAsync() : [];
            await using (var stream = new AheadStream(_ahead, length, _ => Task.FromResult<Stream>(new ChunkedStream(bytes, 7, 1000)), null, default))
            {
                Assert.Same(stream, await stream.BeginAsync());
                Assert.Equal((length, 0), (stream.Length, stream.Position));
                var read = new MemoryStream();
                await stream.CopyToAsync(read);
                Assert.Equal(bytes, read.ToArray());
                Assert.Equal(length, stream.Position);
            }

            foreach (var other in others)
                await other.DisposeAsync();
            Assert.Equal((0, 0), (_ahead.HeldBytes, _ahead.Connections));
        }
    }

    [Fact]
    public async Task An_answer_that_ends_early_is_as_long_as_it_is_and_what_was_in_the_memory_before_is_not_seen()
    {
        Take();
        await using var stream = new AheadStream(_ahead, 1000, _ => Task.FromResult<Stream>(new MemoryStream([1, 2, 3])), null, default);
        var read = new MemoryStream();
        await (await stream.BeginAsync()).CopyToAsync(read);
        Assert.Equal([1, 2, 3], read.ToArray());
    }

    [Fact]
    public async Task No_memory_is_taken_before_the_answer_and_the_earlier_one_takes_it_first()
    {
        var (first, second) = (new TaskCompletionSource<Stream>(), new TaskCompletionSource<Stream>());
        Take();
        Take();
        await using var one = new AheadStream(_ahead, Part, _ => first.Task, null, default);
        await using var two = new AheadStream(_ahead, Part, _ => second.Task, one.HasMemory, default);
        Assert.True(one.IsOnItsWay);
        second.SetResult(new MemoryStream(new byte[Part]));
        await Task.Delay(50);
        Assert.Equal(0, _ahead.HeldBytes);

        first.SetResult(new MemoryStream(new byte[Part]));
        await Until(() => _ahead.HeldBytes == 2 * Part && _ahead.Connections == 0);
    }

    [Fact]
    public async Task Without_memory_nothing_is_read_until_the_reader_comes_or_memory_is_free()
    {
        var others = await FillMemoryAsync();
        await others[0].DisposeAsync();
        Take();
        Take();
        await using var waiting = new AheadStream(_ahead, Part, _ => Task.FromResult<Stream>(new MemoryStream(new byte[Part])), null, default);
        var connection = new MemoryStream(new byte[Part]);
        await using var last = new AheadStream(_ahead, Part, _ => Task.FromResult<Stream>(connection), waiting.HasMemory, default);
        await Until(() => _ahead.HeldBytes == ReadAhead.MaxBytesOfKind);
        Assert.Equal(0, connection.Position);
        Assert.False(last.IsOnItsWay);

        await last.BeginAsync();
        Assert.Equal(4, await last.ReadAsync(new byte[4]));
        Assert.Equal(4, connection.Position); // the bytes come from the connection
        Assert.Equal(1, _ahead.Connections);

        foreach (var other in others)
            await other.DisposeAsync();
    }

    [Fact]
    public async Task A_reader_gets_the_bytes_that_have_come_before_the_others_come()
    {
        var bytes = RandomNumberGenerator.GetBytes(100);
        var connection = new SlowStream(bytes);
        Take();
        await using var stream = new AheadStream(_ahead, 100, _ => Task.FromResult<Stream>(connection), null, default);
        connection.Send(30);
        await stream.BeginAsync();
        var read = new byte[100];
        await stream.ReadExactlyAsync(read.AsMemory(0, 30));
        var next = stream.ReadAsync(read.AsMemory(30)).AsTask();
        await Task.Delay(50);
        Assert.False(next.IsCompleted);
        Assert.True(stream.IsOnItsWay);

        connection.Send(50);
        Assert.Equal(50, await next);
        connection.Send(20);
        await stream.ReadExactlyAsync(read.AsMemory(80));
        Assert.Equal(0, await stream.ReadAsync(new byte[1]));
        Assert.Equal(bytes, read);
    }

    [Fact]
    public async Task What_fails_while_it_is_read_fails_after_the_bytes_before_and_keeps_its_memory_until_then()
    {
        var connection = new SlowStream(new byte[100]);
        Take();
        await using (var stream = new AheadStream(_ahead, 100, _ => Task.FromResult<Stream>(connection), null, default))
        {
            await stream.BeginAsync();
            connection.Send(30);
            connection.Break();
            await Until(() => _ahead.Connections == 0);
            Assert.NotEqual(0, _ahead.HeldBytes);
            await stream.ReadExactlyAsync(new byte[30]);
            Assert.Equal("broken", (await Assert.ThrowsAsync<IOException>(() => stream.ReadAsync(new byte[1]).AsTask())).Message);
        }

        Assert.Equal((0, 0), (_ahead.HeldBytes, _ahead.Connections));
    }

    [Fact]
    public async Task A_reader_that_needs_no_more_does_not_wait_for_the_rest()
    {
        var connection = new SlowStream(new byte[100]);
        Take();
        var stream = new AheadStream(_ahead, 100, _ => Task.FromResult<Stream>(connection), null, default);
        connection.Send(30);
        await stream.BeginAsync();
        await stream.ReadExactlyAsync(new byte[10]);
        await stream.DisposeAsync().AsTask().WaitAsync(TimeSpan.FromSeconds(60));
        Assert.Equal((0, 0), (_ahead.HeldBytes, _ahead.Connections));
    }

    [Fact]
    public async Task A_reader_that_waits_for_bytes_can_be_cancelled()
    {
        using var stop = new CancellationTokenSource();
        Take();
        var stream = new AheadStream(_ahead, 100, _ => Task.FromResult<Stream>(new SlowStream(new byte[100])), null, stop.Token);
        await stream.BeginAsync();
        using var impatient = new CancellationTokenSource(20);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => stream.ReadAsync(new byte[1], impatient.Token).AsTask());
        await stop.CancelAsync();
        await stream.DisposeAsync();
        Assert.Equal((0, 0), (_ahead.HeldBytes, _ahead.Connections));
    }

    [Fact]
    public async Task Parts_of_large_objects_leave_memory_to_small_objects_which_are_not_requested_while_theirs_is_full()
    {
        var parts = await FillMemoryAsync();
        const int Small = 1024 * 1024;
        var objects = new List<AheadStream>();
        for (var i = 0; i < ReadAhead.MaxBytesOfKind / Small; i++)
        {
            Assert.True(_ahead.TryTakeForSmall(out _));
            objects.Add(new(_ahead, Small, _ => Task.FromResult<Stream>(new MemoryStream(new byte[Small])), null, default));
            await Until(() => !objects[^1].IsOnItsWay);
        }

        Assert.Equal(ReadAhead.MaxBytes, _ahead.HeldBytes);
        Assert.False(_ahead.TryTakeForSmall(out var freed));
        Assert.True(_ahead.TryTake());
        _ahead.EndRequest();
        await objects[0].DisposeAsync();
        await freed;
        Assert.True(_ahead.TryTakeForSmall(out _));
        _ahead.EndRequest();
        foreach (var stream in parts.Concat(objects))
            await stream.DisposeAsync();
        Assert.Equal((0, 0), (_ahead.HeldBytes, _ahead.Connections));
    }

    [Fact]
    public async Task What_fails_fails_when_its_turn_comes_and_gives_everything_back()
    {
        Take();
        await using var refused = new AheadStream(_ahead, 10, _ => Task.FromException<Stream>(new IOException("refused")), null, default);
        Take();
        await using var broken = new AheadStream(_ahead, 10, _ => Task.FromResult<Stream>(new BrokenStream()), refused.HasMemory, default);
        await Until(() => _ahead.Connections == 0);
        Assert.Equal((0, 0), (_ahead.HeldBytes, _ahead.Connections));
        Assert.Equal("refused", (await Assert.ThrowsAsync<IOException>(refused.BeginAsync)).Message);
        Assert.Equal("broken", (await Assert.ThrowsAsync<IOException>(broken.BeginAsync)).Message);
    }

    [Fact]
    public async Task What_is_given_up_while_it_is_requested_gives_everything_back_once()
    {
        using var stop = new CancellationTokenSource();
        Take();
        var stream = new AheadStream(_ahead, 10, async c =>
        {
            await Task.Delay(Timeout.Infinite, c);
            return Stream.Null;
        }, null, stop.Token);
        await stop.CancelAsync();
        await stream.DisposeAsync();
        await stream.DisposeAsync();
        Assert.Equal((0, 0), (_ahead.HeldBytes, _ahead.Connections));
        await Assert.ThrowsAsync<ObjectDisposedException>(() => stream.ReadAsync(new byte[1]).AsTask());
    }

    private static async Task Until(Func<bool> condition)
    {
        for (var i = 0; !condition(); i++)
        {
            Assert.True(i < 1000, "It did not come about.");
            await Task.Delay(10);
        }
    }

    private void Take() => Assert.True(_ahead.TryTake());

    private async Task<List<AheadStream>> FillMemoryAsync()
    {
        var parts = new List<AheadStream>();
        for (var i = 0; i < PartsInMemory; i++)
        {
            Take();
            parts.Add(new(_ahead, Part, _ => Task.FromResult<Stream>(new MemoryStream(new byte[Part])), null, default));
            await Until(() => !parts[^1].IsOnItsWay);
        }

        Assert.Equal(ReadAhead.MaxBytesOfKind, _ahead.HeldBytes);
        return parts;
    }

    private sealed class BrokenStream : MemoryStream
    {
        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) => throw new IOException("broken");
    }

    /// <summary>A connection on which bytes come when the test sends them.</summary>
    private sealed class SlowStream(byte[] bytes) : MemoryStream(bytes)
    {
        private readonly Channel<int> _sent = Channel.CreateUnbounded<int>();

        public void Send(int count) => _sent.Writer.TryWrite(count);

        public void Break() => _sent.Writer.Complete();

        public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            if (!await _sent.Reader.WaitToReadAsync(cancellationToken) || !_sent.Reader.TryRead(out var count))
                throw new IOException("broken");
            return Read(buffer.Span[..Math.Min(buffer.Length, count)]);
        }
    }
}
