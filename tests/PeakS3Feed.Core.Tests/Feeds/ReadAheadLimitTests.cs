using PeakS3Feed.Feeds.Planning;
using PeakS3Feed.Feeds.Running;
using PeakS3Feed.Schemas;
using PeakS3Feed.Sources;

namespace PeakS3Feed.Tests.Feeds;

/// <summary>Batches behind a large head object may wait in growing number while it is read.</summary>
public sealed class ReadAheadLimitTests
{
    private const int Lanes = 2;
    private const int LargeObject = 100_000_000;
    private static readonly long All = ReadingMemory.AheadBytes(Lanes);

    private readonly ReadAheadLimit _limit = new(Lanes);

    [Fact]
    public async Task The_room_behind_a_large_object_grows_with_its_bytes()
    {
        var (head, next) = (Reading(1, LargeObject), Reading(2, LargeObject));
        _limit.SetHead(head);
        var first = _limit.EnterAsync(next, All / 4, CancellationToken.None);
        Assert.True(await first);
        var second = _limit.EnterAsync(next, All / 4, CancellationToken.None);
        Assert.False(second.IsCompleted);

        await ReadAsync(head, LargeObject / 4);
        Assert.False(second.IsCompleted); // 7 of 16 parts
        await ReadAsync(head, LargeObject / 4);
        Assert.True(await second);

        var third = _limit.EnterAsync(next, All / 2, CancellationToken.None);
        await ReadAsync(head, (LargeObject / 2) - 1_000_000);
        Assert.False(third.IsCompleted);
        await ReadAsync(head, 1_000_000);
        Assert.True(await third);
    }

    [Fact]
    public async Task A_single_large_batch_finds_room_at_once()
    {
        _limit.SetHead(Reading(1, LargeObject));
        var large = _limit.EnterAsync(Reading(2, LargeObject), ReadingMemory.MaxBatchBytes, CancellationToken.None);
        Assert.True(large.IsCompletedSuccessfully && await large);
        Assert.False(_limit.EnterAsync(Reading(3, LargeObject), 1, CancellationToken.None).IsCompleted);
    }

    [Fact]
    public async Task Behind_a_small_object_and_before_the_first_turn_there_is_all_the_room()
    {
        var next = Reading(2, LargeObject);
        Assert.True(await _limit.EnterAsync(next, All / 2, CancellationToken.None));
        _limit.SetHead(Reading(1, 1000));
        var rest = _limit.EnterAsync(next, All - (All / 2), CancellationToken.None);
        Assert.True(rest.IsCompletedSuccessfully && await rest);
    }

    [Fact]
    public async Task The_object_that_waits_has_all_the_room_it_needs_when_its_turn_comes()
    {
        var (head, next) = (Reading(1, LargeObject), Reading(2, LargeObject));
        _limit.SetHead(head);
        Assert.True(await _limit.EnterAsync(next, 1, CancellationToken.None));
        var waiting = _limit.EnterAsync(next, 2 * All, CancellationToken.None);
        Assert.False(waiting.IsCompleted);
        _limit.SetHead(next);
        Assert.True(await waiting);
    }

    // Reads so many bytes of the head object, and takes a batch of them.
    private async Task ReadAsync(ObjectReading head, int bytes)
    {
        head.AddBytes(bytes);
        Assert.True(await _limit.EnterAsync(head, 1, CancellationToken.None));
        _limit.Leave(head, 1);
    }

    private static ObjectReading Reading(int id, long size)
    {
        var planned = new PlannedObject(new SourceObject("bucket", "a.csv", "etag", size, DateTimeOffset.UnixEpoch), []);
        return new(id, planned, new FeedSchema([]), new RunMeter(null, TimeProvider.System));
    }
}
