using PeakS3Feed.TestServers.S3;

namespace PeakS3Feed.Tests.Sources;

[Collection(nameof(Alone))]
public class S3ListingMemoryTests
{
    [Fact]
    public async Task A_listing_takes_no_more_memory_the_longer_it_is()
    {
        // Kept, so many objects would take 30 MiB.
        const int Keys = 200_000;
        await using var h = await S3Harness.StartAsync();
        h.S3.Records = false;
        h.S3.Generate("acme", Keys, i => new FakeObject($"in/{i:D7}.csv", 10, "e", DateTimeOffset.UnixEpoch, () => default));
        var (count, before, most) = (0, 0L, 0L);
        await foreach (var _ in h.Source.ListAsync("in/", default))
        {
            if (++count == 10_000)
                before = GC.GetTotalMemory(forceFullCollection: true);
            else if (count % 50_000 == 0)
                most = Math.Max(most, GC.GetTotalMemory(forceFullCollection: true));
        }

        Assert.Equal(Keys, count);
        Assert.True(most - before < 16 << 20, $"{most - before:N0} bytes");
    }
}
