using System.Globalization;
using System.Text;
using PeakS3Feed.Feeds;
using PeakS3Feed.Feeds.Planning;
using PeakS3Feed.Feeds.Running;
using PeakS3Feed.Rows;
using PeakS3Feed.Schemas;
using PeakS3Feed.Sources;

namespace PeakS3Feed.Tests.Feeds;

/// <summary>Objects are read in lanes: side by side, in bounded memory, and nothing is left running.</summary>
public sealed class LaneTests
{
    private const int RowsOfALargeObject = 60_000;
    private static readonly DateTimeOffset Beginning = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);
    private static readonly FeedSchema Columns = new([new("id", "id", ColumnType.BigInt), new("note", "note", ColumnType.Text)]);

    [Fact]
    public async Task A_second_lane_reads_the_next_object_while_the_first_one_waits()
    {
        using var reading = new Reading(lanes: 2, objects: 2);
        reading.Source.Hold("0");
        reading.Start();

        await reading.Source.Opened("1").WaitAsync(TimeSpan.FromSeconds(60));
        Assert.False(reading.Source.IsRead("0"));

        reading.Source.Release("0");
        Assert.Equal(["0", "1"], await reading.TakeAllAsync());
    }

    [Fact]
    public async Task One_large_object_is_opened_before_its_turn_for_each_lane_and_no_more()
    {
        using var reading = new Reading(lanes: 1, objects: 3);
        reading.Source.Hold("0");
        reading.Start();

        await reading.Source.Opened("0").WaitAsync(TimeSpan.FromSeconds(60));
        await reading.Source.Opened("1").WaitAsync(TimeSpan.FromSeconds(60));
        await Task.Delay(100);
        Assert.False(reading.Source.IsRead("1"));
        Assert.False(reading.Source.Opened("2").IsCompleted);

        reading.Source.Release("0");
        Assert.Equal(["0", "1", "2"], await reading.TakeAllAsync());
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(8)]
    [InlineData(ReadingMemory.MaxLanes)]
    public async Task What_waits_for_loading_is_bounded_whatever_the_number_of_lanes(int lanes)
    {
        using var reading = new Reading(lanes, objects: 24, text: new string('x', 300));
        reading.Start();
        await reading.WaitUntilLanesWaitAsync();

        Assert.Equal(Enumerable.Range(0, 24).Select(i => i.ToString(CultureInfo.InvariantCulture)), await reading.TakeAllAsync());

        var head = (ReadingMemory.MaxHeadBatches + 0L) * ReadingMemory.MaxBatchBytes;
        Assert.InRange(reading.LargestBatch, 1, ReadingMemory.MaxBatchBytes);
        Assert.InRange(reading.Limit.PeakBytes, 1, (lanes == 1 ? 0 : ReadingMemory.MaxAheadBytes) + head);
        Assert.InRange(reading.Pool.PeakBytes, 1, ReadingMemory.MaxPooledBytes);
        Assert.InRange(ReadingMemory.For(lanes), 1, ReadingMemory.MaxBytes);
        // Without a bound all batches would wait: nothing was taken until no lane could go on.
        Assert.True(reading.AllBytes > ReadingMemory.MaxAheadBytes + head, $"The objects have {reading.AllBytes} bytes, which tests nothing.");
    }

    [Fact]
    public void The_bound_allows_at_least_eight_lanes_and_no_parallelism_exceeds_it()
    {
        Assert.True(ReadingMemory.MaxLanes >= 8);
        foreach (var parallelism in (int[])[1, 2, 8, RunOptions.ParallelismLimit])
            Assert.InRange(ReadingMemory.For(new ReadingBudget().Take(parallelism).Lanes), 1, ReadingMemory.MaxBytes);
    }

    [Fact]
    public async Task A_long_row_waits_for_its_turn()
    {
        using var reading = new Reading(lanes: 2, objects: 2);
        reading.Source.Replace("1", "id,note\n1," + new string('x', 3 * ReadingMemory.MaxRowBytesAhead) + "\n");
        reading.Source.Hold("0");
        reading.Start();
        await reading.Source.Opened("1").WaitAsync(TimeSpan.FromSeconds(60));
        await Task.Delay(200);
        Assert.Equal(0, reading.Limit.PeakBytes);

        reading.Source.Release("0");
        Assert.Equal(["0", "1"], await reading.TakeAllAsync());
    }

    [Fact]
    public async Task Stopping_leaves_no_lane_behind()
    {
        using var reading = new Reading(lanes: 4, objects: 24, text: new string('x', 300));
        reading.Source.Hold("3");
        reading.Start();
        await reading.Source.Opened("3").WaitAsync(TimeSpan.FromSeconds(60));

        await reading.StopAsync().WaitAsync(TimeSpan.FromSeconds(60));

        Assert.Equal(0, reading.Source.OpenStreams);
    }

    /// <summary>A plan of objects in memory, "0", "1" and so on, that lanes read.</summary>
    private sealed class Reading : IDisposable
    {
        private readonly PlanFile _plan = new("bucket");
        private readonly int _lanes;
        private ObjectLanes? _running;

        public Reading(int lanes, int objects, string text = "some text of each row")
        {
            _lanes = lanes;
            Limit = new ReadAheadLimit(lanes);
            for (var i = 0; i < objects; i++)
            {
                var name = i.ToString(CultureInfo.InvariantCulture);
                var content = new StringBuilder("id,note\n");
                for (var row = 0; row < RowsOfALargeObject; row++)
                    content.Append(row).Append(',').Append(text).Append('\n');
                Source.Replace(name, content.ToString());
                _plan.Add(new SourceObject("bucket", name, "etag", Source.SizeOf(name), Beginning.AddSeconds(i)), targets: 1, loaded: [null]);
            }
            _plan.Seal();
            _plan.Assign(1, long.MaxValue, 0);
        }

        public MemorySource Source { get; } = new();

        public BatchPool Pool { get; } = new();

        public ReadAheadLimit Limit { get; }

        public long LargestBatch { get; private set; }

        public long AllBytes { get; private set; }

        public void Start()
        {
            var feed = new S3Feed { Name = "orders", ConnectionName = "source", DestinationNames = ["warehouse"] };
            var reader = new ObjectReader(feed, new RowAssemblerOptions { FeedName = "orders" }, Pool, Limit);
            _running = new ObjectLanes(
                _lanes, _plan, 1, Source, reader, Limit, new RunMeter(null, TimeProvider.System), Pool, Columns, CancellationToken.None);
        }

        /// <summary>Waits until what is finished grows no more, because no lane may go on.</summary>
        public async Task WaitUntilLanesWaitAsync()
        {
            for (var (before, same) = (-1L, 0); same < 5;)
            {
                await Task.Delay(100);
                same = Limit.PeakBytes > 0 && Limit.PeakBytes == before ? same + 1 : 0;
                before = Limit.PeakBytes;
            }
        }

        public async Task<List<string>> TakeAllAsync()
        {
            var keys = new List<string>();
            await foreach (var reading in _running!.InOrderAsync(CancellationToken.None))
            {
                _running.BeginTurn(reading);
                keys.Add(reading.Object.Source.Key);
                var rows = 0;
                while (await reading.WaitAsync(CancellationToken.None) && reading.TryTake(out var batch))
                {
                    LargestBatch = Math.Max(LargestBatch, batch.Rows.CapacityInBytes);
                    AllBytes += batch.Rows.CapacityInBytes;
                    rows += batch.Rows.Count;
                    _running.Taken(reading, batch.Rows.CapacityInBytes);
                    Pool.Return(batch.Rows);
                    if (batch.EndOfFile)
                        break;
                }
                Assert.True(rows > 0, reading.Failure?.Message ?? "no rows");
            }
            return keys;
        }

        public async Task StopAsync()
        {
            if (_running is { } running)
                await running.DisposeAsync();
            _running = null;
        }

        public void Dispose()
        {
            StopAsync().GetAwaiter().GetResult();
            _plan.Dispose();
        }
    }

    private sealed class MemorySource : IObjectSource
    {
        private readonly Dictionary<string, Item> _items = new(StringComparer.Ordinal);
        private int _open;

        public string Bucket => "bucket";

        public int OpenStreams => _open;

        public void Replace(string key, string text)
        {
            var bytes = Encoding.UTF8.GetBytes(text);
            _items[key] = new Item(bytes);
        }

        // What is said to be larger than a small object is not fetched ahead.
        public long SizeOf(string key) => Math.Max(_items[key].Bytes.Length, ObjectPrefetcher.SmallBytes + 1);

        public void Hold(string key) => _items[key].Gate = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);

        public void Release(string key) => _items[key].Gate!.SetResult();

        public Task Opened(string key) => _items[key].Opened.Task;

        public bool IsRead(string key) => _items[key].Read;

        public Task<Stream> OpenAsync(SourceObject source, CancellationToken cancellationToken)
        {
            var item = _items[source.Key];
            Interlocked.Increment(ref _open);
            item.Opened.TrySetResult();
            return Task.FromResult<Stream>(new GatedStream(item, () => Interlocked.Decrement(ref _open)));
        }

        public IAsyncEnumerable<SourceObject> ListAsync(string prefix, CancellationToken cancellationToken) => throw new NotSupportedException();

        public Task<SourceObject?> FindAsync(string key, CancellationToken cancellationToken) => throw new NotSupportedException();

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;

        private sealed class Item(byte[] bytes)
        {
            public byte[] Bytes { get; } = bytes;

            public TaskCompletionSource Opened { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

            public TaskCompletionSource? Gate { get; set; }

            public bool Read { get; set; }
        }

        private sealed class GatedStream(Item item, Action closed) : MemoryStream(item.Bytes)
        {
            private bool _closed;

            public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
            {
                if (item.Gate is { } gate)
                    await gate.Task.WaitAsync(cancellationToken);
                item.Read = true;
                return await base.ReadAsync(buffer, cancellationToken);
            }

            public override async ValueTask DisposeAsync()
            {
                if (!_closed)
                    closed();
                _closed = true;
                await base.DisposeAsync();
            }
        }
    }
}
