using System.Security.Cryptography;
using System.Text;
using PeakS3Feed.Errors;
using PeakS3Feed.Files;
using PeakS3Feed.Feeds;
using PeakS3Feed.Sources;
using PeakS3Feed.TestServers.S3;

namespace PeakS3Feed.Tests.Sources;

public class S3ChecksumTests
{
    private static readonly byte[] Content = Encoding.UTF8.GetBytes(string.Concat(Enumerable.Range(0, 20_000).Select(i => $"row {i}\n")));

    public static TheoryData<string, string> Algorithms => new()
    {
        { "x-amz-checksum-crc64nvme", Crc(ReflectedCrc.Crc64Nvme()) },
        { "x-amz-checksum-crc32c", Crc(ReflectedCrc.Crc32C()) },
        { "x-amz-checksum-crc32", Crc(ReflectedCrc.Crc32()) },
        { "x-amz-checksum-sha256", Convert.ToBase64String(SHA256.HashData(Content)) },
#pragma warning disable CA5350 // one that S3 knows
        { "x-amz-checksum-sha1", Convert.ToBase64String(SHA1.HashData(Content)) },
#pragma warning restore CA5350
    };

    [Theory]
    [MemberData(nameof(Algorithms))]
    public async Task Bytes_that_fit_their_checksum_are_given(string header, string checksum)
    {
        await using var h = await S3Harness.StartAsync();
        Assert.Equal(Content, await ReadAsync(h, await PutAsync(h, Content, (header, checksum), ("x-amz-checksum-type", "FULL_OBJECT"))));
        Assert.Equal("ENABLED", Assert.Single(h.Requests(FakeOperation.Get)).Header("x-amz-checksum-mode"));
    }

    [Theory]
    [MemberData(nameof(Algorithms))]
    public async Task Bytes_that_do_not_are_an_error_of_that_file_before_its_end(string header, string checksum)
    {
        await using var h = await S3Harness.StartAsync();
        var wrong = Content.ToArray();
        wrong[70_000] ^= 1;
        var o = await PutAsync(h, wrong, (header, checksum));
        var read = new MemoryStream();
        var error = await S3Harness.FailsAsync("ChecksumMismatch", async () =>
        {
            await using var stream = await h.Source.OpenAsync(o, default);
            await stream.CopyToAsync(read);
        });
        Assert.Equal((FeedErrorCategory.InvalidData, "s3://acme/a.csv"), (error.Category, error.Target));
        Assert.Contains(checksum, error.Message, StringComparison.Ordinal);
        Assert.True(BadFile.ConcernsOneFile(error));
        Assert.True(read.Length < wrong.Length);
        Assert.Single(h.Requests(FakeOperation.Get));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task The_checksum_goes_on_across_connections(bool damaged)
    {
        await using var h = await S3Harness.StartAsync();
        var bytes = Content.ToArray();
        bytes[10] ^= damaged ? (byte)1 : (byte)0;
        var o = await PutAsync(h, bytes, ("x-amz-checksum-crc64nvme", Crc(ReflectedCrc.Crc64Nvme())));
        h.S3.Faults.Enqueue(Fault.Drop(50_000), FakeOperation.Get);
        h.S3.Faults.Enqueue(Fault.EndEarly(30_001), FakeOperation.Get);
        if (damaged)
            await S3Harness.FailsAsync("ChecksumMismatch", () => ReadAsync(h, o));
        else
            Assert.Equal(Content, await ReadAsync(h, o));
        Assert.Equal(3, h.Requests(FakeOperation.Get).Count());
    }

    [Theory]
    [InlineData("x-amz-checksum-crc32", "AAAAAA==", "COMPOSITE")]
    [InlineData("x-amz-checksum-sha256", "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=-3", "")]
    [InlineData("x-amz-checksum-xxhash3", "AAAAAAAAAAA=", "FULL_OBJECT")]
    public async Task What_cannot_be_checked_over_the_whole_is_not(string header, string checksum, string type)
    {
        await using var h = await S3Harness.StartAsync();
        Assert.Equal(Content, await ReadAsync(h, await PutAsync(h, Content, (header, checksum), ("x-amz-checksum-type", type))));
    }

    [Fact]
    public async Task An_entity_tag_that_only_looks_like_an_MD5_is_none()
    {
        await using var h = await S3Harness.StartAsync();
        h.S3.Put("acme", FakeObject.Create("a.csv", Content) with { ETag = new string('0', 32) });
        Assert.Equal(Content, await ReadAsync(h, Assert.Single(await h.ListAsync())));
    }

    [Fact]
    public async Task A_part_of_an_object_is_not_held_against_the_whole()
    {
        await using var h = await S3Harness.StartAsync();
        var o = await PutAsync(h, Content, ("x-amz-checksum-crc32", "AAAAAA=="));
        await using var stream = await h.Source.OpenAsync(o, default);
        var start = new byte[1000];
        await stream.ReadExactlyAsync(start);
        Assert.Equal(Content[..1000], start);
    }

    private static async Task<SourceObject> PutAsync(S3Harness h, byte[] content, params (string Name, string Value)[] headers)
    {
        h.S3.Put("acme", FakeObject.Create("a.csv", content) with
        {
            Checksums = headers.Where(x => x.Value.Length > 0).ToDictionary(x => x.Name, x => x.Value, StringComparer.Ordinal),
        });
        return Assert.Single(await h.ListAsync());
    }

    private static async Task<byte[]> ReadAsync(S3Harness h, SourceObject source)
    {
        await using var stream = await h.Source.OpenAsync(source, default);
        var read = new MemoryStream();
        await stream.CopyToAsync(read);
        return read.ToArray();
    }

    private static string Crc(ReflectedCrc crc)
    {
        crc.Append(Content);
        return Convert.ToBase64String(crc.Current());
    }
}
