using Amazon.Runtime;
using Amazon.S3;
using Amazon.S3.Model;
using PeakS3Feed.Sources;
using PeakS3Feed.TestServers.S3;

namespace PeakS3Feed.Tests.TestServers.S3;

/// <summary>The fake server's listings through the SDK, against a plain computation.</summary>
public sealed class FakeListingTests : IAsyncLifetime
{
    private FakeS3 _s3 = null!;
    private AmazonS3Client _client = null!;

    public async Task InitializeAsync()
    {
        _s3 = await FakeS3.StartAsync();
        _s3.CreateBucket("acme");
        _client = new(new BasicAWSCredentials("AKIAFAKE", "hushhush"), new AmazonS3Config { ServiceURL = _s3.Url, ForcePathStyle = true });
    }

    public async Task DisposeAsync()
    {
        _client.Dispose();
        await _s3.DisposeAsync();
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task Pages_have_all_objects_and_folders_once_in_order(int seed)
    {
        var random = new Random(seed);
        var keys = Enumerable.Range(0, 60).Select(_ => RandomKey(random)).Distinct().Order(KeyOrder.Instance).ToList();
        foreach (var key in keys)
            _s3.Put("acme", key, new byte[] { 1 });
        for (var i = 0; i < 60; i++)
        {
            _s3.PageSize = random.Next(1, 8);
            var prefix = random.Next(3) == 0 ? "" : keys[random.Next(keys.Count)].Split('/')[0] + (random.Next(2) == 0 ? "/" : "");
            var after = random.Next(2) == 0 ? null : RandomKey(random);
            var delimiter = random.Next(2) == 0 ? null : "/";
            var wanted = keys.Where(k => k.StartsWith(prefix, StringComparison.Ordinal) && (after is null || KeyOrder.Instance.Compare(k, after) > 0)).ToList();
            var (objects, folders) = await ListAsync(prefix, after, delimiter);
            string? Folder(string key) => delimiter is not null && key.IndexOf('/', prefix.Length) is >= 0 and var slash ? key[..(slash + 1)] : null;
            Assert.Equal(wanted.Where(k => Folder(k) is null), objects);
            Assert.Equal(wanted.Select(Folder).Where(f => f is not null).Distinct(), folders);
        }
    }

    [Fact]
    public async Task A_million_keys_cost_no_memory_and_are_found_from_anywhere()
    {
        const int Count = 1_000_000;
        var (folders, flat) = (KeySpaces.Folders(Count, 2_000), KeySpaces.Flat());
        _s3.Generate("folders", Count, n => KeySpaces.Object(folders(n), n));
        _s3.Generate("flat", Count, n => KeySpaces.Object(flat(n), n));
        Assert.True(Enumerable.Range(1, Count - 1).All(n => KeyOrder.Instance.Compare(folders(n - 1), folders(n)) < 0));
        Assert.True(Enumerable.Range(1, Count - 1).All(n => KeyOrder.Instance.Compare(flat(n - 1), flat(n)) < 0));

        Assert.Equal(2_000, (await ListAsync(KeySpaces.Prefix, null, "/", "folders")).Folders.Count);
        var page = await _client.ListObjectsV2Async(new() { BucketName = "flat", Prefix = KeySpaces.Prefix, StartAfter = flat(700_000) });
        Assert.Equal(Enumerable.Range(700_001, 1000).Select(flat), page.S3Objects.Select(o => o.Key));
        Assert.Equal($"\"{KeySpaces.ETag(700_001)}\"", page.S3Objects[0].ETag);
    }

    private async Task<(List<string> Objects, List<string> Folders)> ListAsync(string prefix, string? after, string? delimiter, string bucket = "acme")
    {
        var (objects, folders) = (new List<string>(), new List<string>());
        var request = new ListObjectsV2Request { BucketName = bucket, Prefix = prefix, StartAfter = after, Delimiter = delimiter };
        ListObjectsV2Response page;
        do
        {
            page = await _client.ListObjectsV2Async(request);
            objects.AddRange(page.S3Objects?.Select(o => o.Key) ?? []);
            folders.AddRange(page.CommonPrefixes ?? []);
            Assert.Equal(page.KeyCount, (page.S3Objects?.Count ?? 0) + (page.CommonPrefixes?.Count ?? 0));
            Assert.InRange(page.KeyCount ?? 0, 0, _s3.PageSize);
            request.ContinuationToken = page.NextContinuationToken;
        }
        while (page.IsTruncated == true);
        return (objects, folders);
    }

    private static string RandomKey(Random random)
    {
        string[] letters = ["a", "b", "-", "é", "\uE000", "😀"];
        var names = Enumerable.Range(0, random.Next(1, 4)).Select(_ => string.Concat(random.GetItems(letters, random.Next(1, 3))));
        return string.Join('/', names);
    }
}
