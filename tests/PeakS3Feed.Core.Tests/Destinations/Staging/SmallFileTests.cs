using System.Text;
using Microsoft.Extensions.Logging.Abstractions;
using PeakS3Feed.Destinations.Staging;
using PeakS3Feed.Errors;
using PeakS3Feed.Tests.Sources;
using PeakS3Feed.TestServers.S3;
using static PeakS3Feed.Tests.Sources.S3Harness;

namespace PeakS3Feed.Tests.Destinations.Staging;

/// <summary>Small files of a bucket: what is requested, and what a lost answer, a conflict and a denial mean.</summary>
public sealed class SmallFileTests
{
    private static readonly byte[] Content = Encoding.UTF8.GetBytes("{}\n");

    [Fact]
    public async Task Of_two_files_with_one_name_the_first_stays()
    {
        await using var h = await StartAsync();
        await using var area = Area(h);

        Assert.True(await area.TryCreateAsync("log/1", Content, default));
        Assert.False(await area.TryCreateAsync("log/1", new byte[] { 1 }, default));

        Assert.Equal(Content, await area.FindAsync("log/1", default));
        Assert.Equal(["*", "*"], h.S3.Requests.Where(r => r.Body is not null).Select(r => r.Header("If-None-Match")));
    }

    [Fact]
    public async Task A_file_is_replaced()
    {
        await using var h = await StartAsync();
        await using var area = Area(h);
        await area.PutAsync("last", new byte[] { 1 }, default);
        await area.PutAsync("last", Content, default);
        Assert.Equal(Content, await area.FindAsync("last", default));
    }

    [Fact]
    public async Task After_a_lost_answer_the_own_file_is_reported_as_there_and_is_the_own_one()
    {
        await using var h = await StartAsync();
        await using var area = Area(h);
        h.S3.Faults.Enqueue(new Fault { LosesAnswer = true }, FakeOperation.Other);

        Assert.False(await area.TryCreateAsync("log/1", Content, default));

        Assert.Equal(Content, await area.FindAsync("log/1", default));
        Assert.Equal(2, h.S3.Requests.Count(r => r.Body is not null));
    }

    [Fact]
    public async Task A_conflict_is_tried_again()
    {
        await using var h = await StartAsync();
        await using var area = Area(h);
        h.S3.Faults.Enqueue(new Fault { Status = 409, Code = "ConditionalRequestConflict" }, FakeOperation.Other, 2);
        h.S3.Faults.Enqueue(new Fault { Status = 409, Code = "OperationAborted" }, FakeOperation.Other);

        Assert.True(await area.TryCreateAsync("log/1", Content, default));

        Assert.Equal(4, h.S3.Requests.Count(r => r.Body is not null));
    }

    [Fact]
    public async Task A_file_that_is_not_there_is_null_also_for_those_who_are_told_that_it_is_denied()
    {
        await using var h = await StartAsync();
        await using var area = Area(h);
        Assert.Null(await area.FindAsync("none", default));
        h.S3.Faults.Enqueue(Fault.AccessDenied, FakeOperation.Get);
        Assert.Null(await area.FindAsync("none", default));

        await area.PutAsync("some", Content, default);
        h.S3.Faults.Enqueue(Fault.AccessDenied, FakeOperation.Get);
        await FailsAsync("StagingDenied", () => area.FindAsync("some", default));
        h.S3.Faults.Enqueue(Fault.NoSuchBucket, FakeOperation.Get);
        await FailsAsync("BucketNotFound", () => area.FindAsync("some", default));
    }

    [Fact]
    public async Task A_body_that_breaks_off_is_read_again()
    {
        await using var h = await StartAsync();
        await using var area = Area(h);
        var content = new byte[100_000];
        new Random(1).NextBytes(content);
        await area.PutAsync("some", content, default);

        h.S3.Faults.Enqueue(Fault.Drop(50_000), FakeOperation.Get);
        Assert.Equal(content, await area.FindAsync("some", default));
        h.S3.Faults.Enqueue(Fault.Drop(10), FakeOperation.Get);
        var buffer = new byte[1000];
        Assert.Equal(1000, await area.ReadAtAsync("some", 500, buffer, default));
        Assert.Equal(content[500..1500], buffer);
    }

    [Fact]
    public async Task A_read_ends_where_the_file_ends()
    {
        await using var h = await StartAsync();
        await using var area = Area(h);
        await area.PutAsync("some", "0123456789"u8.ToArray(), default);
        var buffer = new byte[8];

        Assert.Equal(8, await area.ReadAtAsync("some", 0, buffer, default));
        Assert.Equal(2, await area.ReadAtAsync("some", 8, buffer, default));
        Assert.Equal("89", Encoding.ASCII.GetString(buffer, 0, 2));
        Assert.Equal(0, await area.ReadAtAsync("some", 10, buffer, default));
        Assert.Equal(0, await area.ReadAtAsync("some", 0, Memory<byte>.Empty, default));
        await FailsAsync("StagedFileMissing", () => area.ReadAtAsync("none", 0, buffer, default));
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(() => area.ReadAtAsync("some", -1, buffer, default));
    }

    [Fact]
    public async Task A_folder_of_the_area_has_the_names_below_it_and_lists_them_in_the_order_of_their_bytes()
    {
        await using var h = await StartAsync();
        h.S3.PageSize = 2;
        await using var area = Area(h);
        var table = area.Below("orders/");
        foreach (var name in (string[])["b", "\U0001F600", "\uFFFD", "a", "a/1"])
            await table.PutAsync("log/" + name, Content, default);
        await area.PutAsync("other", Content, default);

        Assert.Equal("s3://acme/stage/orders/", table.Location);
        Assert.Equal(["log/a", "log/a/1", "log/b", "log/\uFFFD", "log/\U0001F600"], await Names(table.ListAfterAsync("log/", "", default)));
        Assert.Equal(["log/b", "log/\uFFFD", "log/\U0001F600"], await Names(table.ListAfterAsync("log/", "log/a/1", default)));
        Assert.Equal(["orders/log/b"], (await Names(area.ListAfterAsync("orders/log/b", "", default))));
        await table.DisposeAsync();
        Assert.NotNull(await area.FindAsync("other", default)); // the clients are still there
        Assert.Throws<ArgumentException>(() => area.Below("orders"));
    }

    [Fact]
    public async Task A_key_of_KMS_is_named_with_each_write()
    {
        await using var h = await StartAsync();
        const string Key = "arn:aws:kms:eu-west-1:111122223333:key/0d4f2a3e-0000-0000-0000-000000000001";
        await using var area = new S3StagingArea(h.Connection, "stage/", h.Clients, NullLogger.Instance, "dwh", new() { KmsKeyArn = Key });
        await area.PutAsync("1", Content, default);
        await area.TryCreateAsync("2", Content, default);
        await using (var file = area.Below("a/").Create("3"))
        {
            await file.WriteAsync(Content, default);
            await file.CompleteAsync(default);
        }
        await using (var large = area.Create("4"))
            await Assert.ThrowsAsync<FeedException>(() => large.WriteAsync(new byte[9 * 1024 * 1024], default).AsTask()); // no multipart uploads here

        var writes = h.Requests(FakeOperation.Other).ToList();
        Assert.Equal(4, writes.Count);
        Assert.All(writes, r => Assert.Equal(("aws:kms", Key), (r.Header("x-amz-server-side-encryption"), r.Header("x-amz-server-side-encryption-aws-kms-key-id"))));
        Assert.Contains("uploads", writes[^1].Query.Keys);
    }

    private static S3StagingArea Area(S3Harness h) => new(h.Connection, "stage/", h.Clients, NullLogger.Instance, "dwh");

    private static ValueTask<List<string>> Names(IAsyncEnumerable<StagedFile> files) => files.Select(f => f.Name).ToListAsync();
}
