using PeakS3Feed.Destinations.Loading;
using PeakS3Feed.Sources;
using PeakS3Feed.TestServers.S3;
using PeakS3Feed.Testing;

namespace PeakS3Feed.Integration.ExactlyOnce;

/// <summary>The requests of a load of 10,000 objects that the warehouse loads itself.</summary>
[Trait(Category.Name, Category.Server)]
public sealed class DirectRequestTests
{
    private const int Count = 10_000;

    // So that the first bytes are not the whole object.
    private static readonly string Padding = new('x', 5_000);

    public static TheoryData<Way> AllWays => [.. Enum.GetValues<Way>()];

    [SkippableTheory]
    [MemberData(nameof(AllWays))]
    public async Task The_objects_are_listed_twice_and_each_is_read_once_in_part(Way way)
    {
        await using var s3 = await FakeS3.StartAsync();
        s3.CreateBucket(WarehouseDatabase.Bucket);
        await using var scene = await DirectScene.StartAsync(way, LoadPath.Direct, endpoint: s3.Url);
        for (var i = 0; i < Count; i++)
            s3.Put(DirectScene.Bucket, $"{scene.Path}{i:00000}.csv", System.Text.Encoding.UTF8.GetBytes($"id,name\n{i},{Padding}\n"));
        var statements = scene.Database.Controls.Statements.Count;

        Assert.Equal("Direct", await scene.LoadAsync());

        Assert.Equal([$"{Count}"], await scene.Database.RowsAsync("SELECT COUNT(DISTINCT id) FROM orders"));
        // Those of this program: the stand-in reads the objects without a condition.
        var sent = s3.Requests.Where(r => r.Bucket == DirectScene.Bucket).ToList();
        // Only the first request of a listing begins at the prefix. A listing of more than a few pages is requested in parts, and each part may need a
        // request more; how many parts there are depends on the time that the pages take (ListingPartsTests).
        var lists = sent.Where(r => r.Operation == FakeOperation.List).ToList();
        Assert.Equal(2, lists.Count(r => !r.Query.ContainsKey("start-after") && !r.Query.ContainsKey("continuation-token")));
        Assert.InRange(lists.Count, 2 * Count / 1000, 2 * ((Count / 1000) + ConcurrentListing.MaxRequests));
        var read = sent.Where(r => r.Operation == FakeOperation.Get && r.Header("If-Match") is not null).ToList();
        Assert.Equal((Count, Count), (read.Count, read.Select(r => r.Key).Distinct(StringComparer.Ordinal).Count()));
        Assert.All(read, r => Assert.Equal("bytes=0-4095", r.Header("Range")));
        Assert.DoesNotContain(sent, r => r.Operation is not (FakeOperation.List or FakeOperation.Get));
        // The objects are rows of the manifest, or names in a COPY for each 1,000; and rows of the commit's records.
        Assert.InRange(scene.Database.Controls.Statements.Count - statements, 1, 90);
        Assert.InRange(s3.Requests.Count(r => r.Bucket != DirectScene.Bucket), 1, 12);
    }
}
