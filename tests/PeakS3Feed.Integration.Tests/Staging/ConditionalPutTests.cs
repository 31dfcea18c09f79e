using System.Text;
using Amazon.Runtime;
using Amazon.S3;
using Microsoft.Extensions.Logging.Abstractions;
using PeakS3Feed.Aws;
using PeakS3Feed.Destinations.Staging;
using PeakS3Feed.Integration.S3;
using PeakS3Feed.Testing;

namespace PeakS3Feed.Integration.Staging;

/// <summary>Small files in a bucket of the real server: who of several writers wins, order, ranges and keys of KMS.</summary>
[Trait(Category.Name, Category.Server)]
public sealed class ConditionalPutTests
{
    private const int Writers = 8;

    [SkippableFact]
    public async Task Of_eight_writers_of_one_name_one_wins_and_its_content_stays()
    {
        using var ceph = await CephS3.OpenAsync();
        var areas = Enumerable.Range(0, Writers).Select(_ => Open(ceph)).ToList();
        for (var round = 0; round < 30; round++)
        {
            var name = $"log/{round:D20}.json";
            var created = await Task.WhenAll(areas.Select((a, w) => a.TryCreateAsync(name, Line(w), default)));

            var winner = Assert.Single(created.Index(), c => c.Item).Index;
            Assert.Equal(Line(winner).ToArray(), await areas[0].FindAsync(name, default));
        }
        Assert.Equal(30, await areas[0].ListAsync("log/", default).CountAsync());
        foreach (var area in areas)
            await area.DisposeAsync();

        static ReadOnlyMemory<byte> Line(int writer) => Encoding.ASCII.GetBytes(new string((char)('a' + writer), 5000));
    }

    [SkippableFact]
    public async Task Names_are_listed_in_the_order_of_their_bytes_after_a_name()
    {
        using var ceph = await CephS3.OpenAsync();
        await using var area = Open(ceph);
        var table = area.Below("orders/");
        foreach (var name in (string[])["log/b", "log/\U0001F600", "log/\uFFFD", "log/a+ %", "log/a/1", "data"])
            await table.PutAsync(name, new byte[3], default);

        Assert.Equal(
            ["log/a+ %", "log/a/1", "log/b", "log/\uFFFD", "log/\U0001F600"],
            await table.ListAfterAsync("log/", "", default).Select(f => f.Name).ToListAsync());
        Assert.Equal(
            ["log/b", "log/\uFFFD", "log/\U0001F600"],
            await table.ListAfterAsync("log/", "log/a/1", default).Select(f => f.Name).ToListAsync());
    }

    [SkippableFact]
    public async Task More_than_a_page_is_listed_after_a_name()
    {
        using var ceph = await CephS3.OpenAsync();
        await using var area = Open(ceph);
        await Parallel.ForAsync(0, 1100, async (i, c) => await area.PutAsync($"log/{i:D20}.json", new byte[1], c));
        var names = await area.ListAfterAsync("log/", $"log/{9:D20}.json", default).Select(f => f.Name).ToListAsync();
        Assert.Equal(Enumerable.Range(10, 1090).Select(i => $"log/{i:D20}.json"), names);
    }

    [SkippableFact]
    public async Task Parts_of_a_file_are_read()
    {
        using var ceph = await CephS3.OpenAsync();
        await using var area = Open(ceph);
        await area.PutAsync("some", "0123456789"u8.ToArray(), default);
        var buffer = new byte[8];
        Assert.Equal(8, await area.ReadAtAsync("some", 1, buffer, default));
        Assert.Equal("12345678", Encoding.ASCII.GetString(buffer));
        Assert.Equal(2, await area.ReadAtAsync("some", 8, buffer, default));
        Assert.Equal(0, await area.ReadAtAsync("some", 10, buffer, default));
        Assert.Null(await area.FindAsync("none", default));
        await area.PutAsync("empty", Array.Empty<byte>(), default);
        Assert.Empty((await area.FindAsync("empty", default))!);
        Assert.Equal(0, await area.ReadAtAsync("empty", 0, buffer, default));
    }

    [SkippableFact]
    public async Task A_role_that_may_list_only_its_prefix_finds_that_a_file_is_missing()
    {
        await using var role = await StagingRole.CreateAsync();
        await using var area = role.Open();
        Assert.Null(await area.FindAsync("none", default));
    }

    [SkippableTheory]
    [InlineData(1000)]
    [InlineData(9 * 1024 * 1024)]
    public async Task Files_are_encrypted_with_the_key_that_is_asked_for(int bytes)
    {
        using var ceph = await CephS3.OpenAsync();
        await using var area = Open(ceph, new StagingOptions { KmsKeyArn = "testkey-1" });
        var content = new byte[bytes];
        new Random(bytes).NextBytes(content);
        await using (var file = area.Create("part"))
        {
            await file.WriteAsync(content, default);
            await file.CompleteAsync(default);
        }
        await area.TryCreateAsync("entry", content, default);

        using var client = new AmazonS3Client(
            new BasicAWSCredentials(CephS3.Customer.Id, CephS3.Customer.Secret),
            new AmazonS3Config { ServiceURL = ceph.Url, ForcePathStyle = true, AuthenticationRegion = "us-east-1" });
        foreach (var name in (string[])["part", "entry"])
        {
            var metadata = await client.GetObjectMetadataAsync(CephS3.Bucket, ceph.Folder + "table/" + name);
            Assert.Equal(
                (ServerSideEncryptionMethod.AWSKMS, "testkey-1"),
                (metadata.ServerSideEncryptionMethod, metadata.ServerSideEncryptionKeyManagementServiceKeyId));
            Assert.Equal(content, await area.FindAsync(name, default));
        }
    }

    private static S3StagingArea Open(CephS3 ceph, StagingOptions? options = null)
    {
        var connection = ceph.Connection with { RoleArn = null, ExternalId = null };
        var clients = new AwsClients(
            connection, new SourceIdentity("orders", Guid.NewGuid()), CephS3.Customer, NullLoggerFactory.Instance, TimeProvider.System);
        return new S3StagingArea(connection, ceph.Folder + "table/", clients, NullLogger.Instance, "lake", options);
    }
}
