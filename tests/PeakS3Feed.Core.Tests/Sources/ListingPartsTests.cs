using PeakS3Feed.Sources;

namespace PeakS3Feed.Tests.Sources;

/// <summary>How long listings are divided.</summary>
public class ListingPartsTests
{
    [Theory]
    [InlineData("flat", 1.35)]
    [InlineData("hashed", 1.35)]
    [InlineData("numbered", 1.35)]
    [InlineData("dates", 1.7)] // months of little more than a page
    [InlineData("folders", 1.35)]
    [InlineData("tiny-folders", 1.35)]
    [InlineData("one-large", 1.35)]
    [InlineData("deep", 1.35)]
    public async Task A_long_listing_has_many_requests_at_a_time_and_few_more_than_pages(string space, double times)
    {
        const int PageSize = 1000;
        var keys = ListedKeys.Create(space, new Random(7), 300_000).Where(k => k.StartsWith("in/", StringComparison.Ordinal)).ToList();
        var server = new ListedKeys(keys, PageSize, TimeSpan.FromMilliseconds(20));
        var listing = new ConcurrentListing("acme", "in/", new ListingPace(16, TimeProvider.System), server.ListAsync);
        var listed = new List<string>();
        await foreach (var page in listing.PagesAsync(default))
            listed.AddRange(page.Objects.Select(o => o.Key));
        var pages = keys.Count / PageSize;

        Assert.Equal(keys, listed);
        Assert.Equal(16, server.AtOnce);
        Assert.InRange(server.Requests, pages, pages * times);
    }
}
