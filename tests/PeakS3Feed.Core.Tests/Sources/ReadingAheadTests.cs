using System.Runtime.CompilerServices;
using PeakS3Feed.Sources;
using PeakS3Feed.Testing;

namespace PeakS3Feed.Tests.Sources;

public class ReadingAheadTests
{
    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(1000)]
    public async Task Gives_the_same_items_in_the_same_order(int count)
    {
        var items = Enumerable.Range(0, count).ToArray();
        Assert.Equal(items, await items.ToAsyncEnumerable().OneAheadAsync(default).ToArrayAsync());
    }

    [Fact]
    public async Task Makes_the_next_item_while_one_is_used_and_no_more()
    {
        var made = 0;
        await foreach (var item in CountAsync(() => Interlocked.Increment(ref made)).OneAheadAsync(default))
        {
            await TestLimits.UntilAsync(() => Volatile.Read(ref made) >= item + 1, "next item");
            await Task.Delay(20);
            Assert.Equal(item + 1, Volatile.Read(ref made));
            if (item == 5)
                break;
        }
    }

    [Fact]
    public async Task An_error_comes_behind_the_items_before_it()
    {
        var seen = new List<int>();
        var error = await Assert.ThrowsAsync<InvalidDataException>(async () =>
        {
            await foreach (var item in CountAsync(() => { }, failAt: 4).OneAheadAsync(default))
                seen.Add(item);
        });
        Assert.Equal(("broken", "1,2,3"), (error.Message, string.Join(',', seen)));
    }

    [Fact]
    public async Task Leaving_early_ends_what_is_under_way()
    {
        var source = new Endless();
        await foreach (var _ in source.ItemsAsync().OneAheadAsync(default))
            break;
        Assert.True(source.Ended);
    }

    [Fact]
    public async Task Cancelling_ends_the_wait_for_an_item()
    {
        using var cancel = new CancellationTokenSource();
        var source = new Endless();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () =>
        {
            await foreach (var _ in source.ItemsAsync().OneAheadAsync(cancel.Token))
                await cancel.CancelAsync();
        });
        Assert.True(source.Ended);
    }

    private static async IAsyncEnumerable<int> CountAsync(Action making, int failAt = int.MaxValue)
    {
        for (var i = 1; ; i++)
        {
            await Task.Yield();
            if (i == failAt)
                throw new InvalidDataException("broken");
            making();
            yield return i;
        }
    }

    private sealed class Endless
    {
        public bool Ended { get; private set; }

        public async IAsyncEnumerable<int> ItemsAsync([EnumeratorCancellation] CancellationToken cancellationToken = default)
        {
            try
            {
                yield return 1;
                await Task.Delay(Timeout.Infinite, cancellationToken);
            }
            finally
            {
                Ended = true;
            }
        }
    }
}
