using System.Text;
using PeakS3Feed.Sources;
using PeakS3Feed.TestServers.S3;
using PeakS3Feed.Testing;

namespace PeakS3Feed.Tests.Sources;

public class S3ListingTests
{
    [Fact]
    public async Task Pages_follow_one_another_and_keep_the_order()
    {
        await using var h = await S3Harness.StartAsync();
        h.S3.PageSize = 3;
        for (var i = 0; i < 10; i++)
            h.S3.Put("acme", $"in/{i:D3}.csv", new byte[] { 1 });
        h.S3.Put("acme", "zz", new byte[] { 1 });
        Assert.Equal(Enumerable.Range(0, 10).Select(i => $"in/{i:D3}.csv"), (await h.ListAsync("in/")).Select(o => o.Key));
        Assert.Equal(4, h.Requests(FakeOperation.List).Count());
    }

    [Fact]
    public async Task Keys_with_odd_characters_come_back_as_they_are_and_can_be_read()
    {
        string[] keys =
        [
            "a b+c.csv", "100%.csv", "a%20b.csv", "über/日本 😀.csv", "tab\tand\nline.csv", "bell\u0007.csv", "q?x=1&y=2#z.csv", "dots/../up.csv", "./here.csv",
            "a//b.csv", "quote\"'<&>.csv", "semi;colon:at@comma,.csv", "back\\slash.csv", "end./", "tilde~_-.csv", "{brace}[x]|^`.csv",
        ];
        await using var h = await S3Harness.StartAsync();
        foreach (var key in keys)
            h.S3.Put("acme", key, Encoding.UTF8.GetBytes(key));
        var listed = await h.ListAsync();
        Assert.Equal(keys.Order(KeyOrder.Instance), listed.Select(o => o.Key));
        foreach (var o in listed)
        {
            Assert.Equal(o, await h.Source.FindAsync(o.Key, default));
            Assert.Equal(o.Key, await h.ReadAsync(o));
        }
    }

    [Fact]
    public async Task A_key_of_1024_bytes_works()
    {
        await using var h = await S3Harness.StartAsync();
        var key = string.Concat(Enumerable.Repeat("é", 510)) + ".csv";
        Assert.Equal("x", await h.ReadAsync(await h.PutAsync(key, "x")));
    }

    [Fact]
    public async Task What_is_listed_is_what_identifies_a_version()
    {
        await using var h = await S3Harness.StartAsync();
        h.S3.Put("acme", "in/a.csv", "id\n"u8.ToArray(), new DateTimeOffset(2026, 5, 1, 2, 3, 4, TimeSpan.Zero));
        var o = Assert.Single(await h.ListAsync());
        Assert.Equal(new SourceObject("acme", "in/a.csv", o.ETag, 3, new DateTimeOffset(2026, 5, 1, 2, 3, 4, TimeSpan.Zero)), o);
        Assert.Matches("^[0-9a-f]{32}$", o.ETag);
        Assert.Null(await h.Source.FindAsync("in/a", default));
        Assert.Null(await h.Source.FindAsync("in/a.csv.gz", default));
        Assert.Equal("1", h.Requests(FakeOperation.List).Last().Query["max-keys"]);
    }

    [Fact]
    public async Task Archived_objects_are_told_apart_from_restored_ones()
    {
        await using var h = await S3Harness.StartAsync();
        var o = FakeObject.Create("a.csv", new byte[] { 1 });
        h.S3.Put("acme", o with { Key = "archived.csv", StorageClass = "GLACIER" });
        h.S3.Put("acme", o with { Key = "deep.csv", StorageClass = "DEEP_ARCHIVE", RestoredUntil = DateTimeOffset.UtcNow.AddDays(-1) });
        h.S3.Put("acme", o with { Key = "instant.csv", StorageClass = "GLACIER_IR" });
        h.S3.Put("acme", o with { Key = "restored.csv", StorageClass = "GLACIER", RestoredUntil = DateTimeOffset.UtcNow.AddDays(1) });
        h.S3.Put("acme", o with { Key = "tiering.csv", StorageClass = "INTELLIGENT_TIERING" });
        Assert.Equal(["archived.csv", "deep.csv"], (await h.ListAsync()).Where(x => x.Archived).Select(x => x.Key));
    }

    [Fact]
    public async Task A_listing_out_of_order_is_an_error()
    {
        await using var h = await S3Harness.StartAsync();
        h.S3.Generate("acme", 3, i => FakeObject.Create($"{9 - i}.csv", new byte[] { 1 }));
        var error = await S3Harness.FailsAsync("ListingOutOfOrder", () => h.ListAsync());
        Assert.Contains("s3://acme/8.csv after s3://acme/9.csv", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_next_page_is_fetched_while_one_is_used_and_let_go_when_nobody_wants_it()
    {
        await using var h = await S3Harness.StartAsync();
        h.S3.PageSize = 2;
        h.S3.Generate("acme", 10, i => FakeObject.Create($"{i:D2}.csv", new byte[] { 1 }));
        h.S3.Faults.Enqueue(new Fault { Delay = TimeSpan.FromHours(1) }, FakeOperation.List, when: r => r.Query.ContainsKey("start-after"));

        // A listing that waited for the second page would take an hour.
        await ListOneAsync().WaitAsync(TestLimits.Hang);

        async Task ListOneAsync()
        {
            await foreach (var _ in h.Source.ListAsync("", default))
            {
                await TestLimits.UntilAsync(() => h.Requests(FakeOperation.List).Count() == 2, "request for the second page");
                break;
            }
        }
    }
}
