using System.Runtime.CompilerServices;
using PeakS3Feed.Sources;
using PeakS3Feed.Testing;

namespace PeakS3Feed.Tests.Sources;

/// <summary>Items that are read before the first one is needed.</summary>
public sealed class BegunItemsTests
{
    private readonly TaskCompletionSource _firstIsRead = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _read;
    private bool _isClosed;

    [Fact]
    public async Task The_first_item_is_read_before_it_is_asked_for_and_no_other()
    {
        await using (var items = new BegunItems<int>(token => CountAsync(3, TimeSpan.Zero, token), default))
        {
            await _firstIsRead.Task.WaitAsync(TestLimits.Hang);
            await Task.Delay(50);
            Assert.Equal(1, _read);
            Assert.Equal([0, 1, 2], await items.ReadAsync(default).ToListAsync());
        }

        Assert.True(_isClosed);
    }

    [Fact]
    public async Task What_nobody_asks_for_is_stopped()
    {
        var items = new BegunItems<int>(token => CountAsync(int.MaxValue, Timeout.InfiniteTimeSpan, token), default);
        await items.DisposeAsync().AsTask().WaitAsync(TestLimits.Hang);
        Assert.True(_isClosed);
        Assert.Equal(0, _read);
    }

    [Fact]
    public async Task An_error_waits_until_items_are_asked_for()
    {
        await using var items = new BegunItems<int>(token => CountAsync(-1, TimeSpan.Zero, token), default);
        await TestLimits.UntilAsync(() => _isClosed, "end of the source");
        await Assert.ThrowsAsync<IOException>(() => items.ReadAsync(default).ToListAsync().AsTask());
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Who_began_can_cancel_and_who_reads(bool first)
    {
        using var stop = new CancellationTokenSource();
        await using var items = new BegunItems<int>(
            token => CountAsync(int.MaxValue, Timeout.InfiniteTimeSpan, token), first ? stop.Token : default);
        var reading = items.ReadAsync(first ? default : stop.Token).ToListAsync().AsTask();
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => reading.WaitAsync(TestLimits.Hang));
    }

    private async IAsyncEnumerable<int> CountAsync(int count, TimeSpan wait, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        try
        {
            await Task.Delay(wait, cancellationToken);
            if (count < 0)
                throw new IOException();
            for (var i = 0; i < count; i++)
            {
                _read++;
                _firstIsRead.TrySetResult();
                yield return i;
            }
        }
        finally
        {
            _isClosed = true;
        }
    }
}
