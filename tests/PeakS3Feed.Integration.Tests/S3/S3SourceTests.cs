using System.Diagnostics;
using PeakS3Feed.Aws;
using PeakS3Feed.Errors;
using PeakS3Feed.Sources;
using PeakS3Feed.Testing;
using static PeakS3Feed.Connections.CheckOutcome;

namespace PeakS3Feed.Integration.S3;

[Trait(Category.Name, Category.Server)]
public class S3SourceTests
{
    [SkippableFact]
    public async Task The_role_lists_and_reads_and_the_external_id_is_sent()
    {
        using var ceph = await CephS3.OpenAsync();
        await ceph.PutAsync("a.csv", "id\n1\n");
        using var sts = new StsRecorder(ceph.Url);
        await using var source = ceph.Source(ceph.Connection with { StsEndpointUrl = sts.Url });
        var found = Assert.Single(await ListAsync(source, ceph.Folder));
        Assert.Equal((ceph.Folder + "a.csv", 5L), (found.Key, found.Size));
        Assert.Equal("id\n1\n", await ReadAsync(source, found));
        var form = Assert.Single(sts.Forms);
        Assert.Equal(("AssumeRole", "ext-1", CephS3.RoleArn), (form["Action"], form["ExternalId"], form["RoleArn"]));
        Assert.Matches("^orders-[0-9a-f]{8}$", form["RoleSessionName"]);
    }

    [SkippableFact]
    public async Task Keys_with_odd_characters_are_listed_found_and_read()
    {
        string[] names =
        [
            "a b+c.csv", "100%.csv", "a%20b.csv", "über/日本 😀.csv", "q?x=1&y=2#z.csv", "dots..csv", "..csv", "a//b.csv", "quote\"'<&>.csv",
            "semi;colon:at@comma,.csv", "back\\slash.csv", "tilde~_-.csv", "{brace}[x]|^`.csv", "x/../y.csv", "x/./y.csv", "tab\there.csv", "bell\u0007.csv",
        ];
        using var ceph = await CephS3.OpenAsync();
        foreach (var name in names)
            await ceph.PutAsync(name, name);
        await using var source = ceph.Source();
        var listed = await ListAsync(source, ceph.Folder);
        Assert.Equal(names.Select(n => ceph.Folder + n).Order(KeyOrder.Instance), listed.Select(o => o.Key));
        foreach (var o in listed)
        {
            Assert.Equal(o, await source.FindAsync(o.Key, default));
            Assert.Equal(o.Key, ceph.Folder + await ReadAsync(source, o));
        }
    }

    [SkippableFact]
    public async Task More_than_one_page_is_listed_in_order()
    {
        using var ceph = await CephS3.OpenAsync();
        await Parallel.ForAsync(0, 1_203, new ParallelOptions { MaxDegreeOfParallelism = 16 }, async (i, _) => await ceph.PutAsync($"{i:D5}.csv", "x"));
        await using var source = ceph.Source();
        Assert.Equal(Enumerable.Range(0, 1_203).Select(i => $"{ceph.Folder}{i:D5}.csv"), (await ListAsync(source, ceph.Folder)).Select(o => o.Key));
    }

    [SkippableFact]
    public async Task A_small_listing_shows_what_lies_directly_in_a_folder_and_the_first_keys_below_it()
    {
        using var ceph = await CephS3.OpenAsync();
        foreach (var name in new[] { "Data/2026/a.csv", "Data/2026/b.csv", "a b+c%/x.csv", "z.csv" })
            await ceph.PutAsync(name, "x");
        await using var source = ceph.Source();
        Assert.Equal(["Data/", "a b+c%/", "z.csv"], (await source.PeekAsync(ceph.Folder, nested: false, default)).Select(k => k[ceph.Folder.Length..]));
        Assert.Equal(["Data/2026/a.csv", "Data/2026/b.csv"], (await source.PeekAsync(ceph.Folder + "Data/", nested: true, default)).Select(k => k[ceph.Folder.Length..]));
        Assert.Empty(await source.PeekAsync(ceph.Folder + "data/", nested: false, default));
    }

    [SkippableFact]
    public async Task An_object_written_anew_or_deleted_after_the_listing_is_told()
    {
        using var ceph = await CephS3.OpenAsync();
        var key = await ceph.PutAsync("a.csv", "one");
        await using var source = ceph.Source();
        var listed = Assert.Single(await ListAsync(source, ceph.Folder));
        await ceph.PutAsync("a.csv", "two");
        await FailsAsync("ObjectChanged", () => source.OpenAsync(listed, default));
        await ceph.DeleteAsync(key);
        Assert.Null(await source.FindAsync(key, default));
        await FailsAsync("ObjectVanished", () => source.OpenAsync(listed, default));
    }

    [SkippableFact]
    public async Task A_large_object_is_read_whole()
    {
        using var ceph = await CephS3.OpenAsync();
        var content = string.Concat(Enumerable.Range(0, 1_000_000).Select(i => $"{i},row\n"));
        await ceph.PutAsync("large.csv", content);
        await using var source = ceph.Source();
        Assert.Equal(content, await ReadAsync(source, Assert.Single(await ListAsync(source, ceph.Folder))));
    }

    [SkippableFact]
    public async Task Sessions_of_a_few_seconds_carry_a_longer_run()
    {
        using var ceph = await CephS3.OpenAsync();
        await ceph.PutAsync("a.csv", "one");
        using var sts = new StsRecorder(ceph.Url);
        await using var source = ceph.Source(ceph.Connection with { SessionDuration = TimeSpan.FromSeconds(6), StsEndpointUrl = sts.Url });
        try
        {
            await ListAsync(source, ceph.Folder);
        }
        catch (FeedException e) when (e.ServiceCode is "ValidationError")
        {
            Skip.If(true, "the server grants no session of six seconds (RGW_STS_MIN)");
        }
        var began = Stopwatch.GetTimestamp();
        await TestLimits.UntilAsync(
            async () =>
            {
                Assert.Equal("one", await ReadAsync(source, Assert.Single(await ListAsync(source, ceph.Folder))));
                return sts.Forms.Count == 3;
            },
            "third session");
        // Two sessions went by, each of which was used for some seconds.
        Assert.InRange(Stopwatch.GetElapsedTime(began), TimeSpan.FromSeconds(4), TestLimits.Hang);
    }

    [SkippableFact]
    public async Task What_the_policy_does_not_allow_is_denied()
    {
        using var ceph = await CephS3.OpenAsync();
        await ceph.PutAsync("x.csv", "secret", "private/");
        await using var source = ceph.Source();
        var list = await FailsAsync("ListDenied", () => ListAsync(source, "private/"));
        Assert.Equal("AccessDenied", list.ServiceCode);
        Assert.NotNull(list.RequestId);
        await FailsAsync("ListDenied", () => source.OpenAsync(new(CephS3.Bucket, "private/x.csv", "e", 6, DateTimeOffset.UtcNow), default));
    }

    [SkippableFact]
    public async Task The_test_of_a_connection_finds_the_layer_at_fault()
    {
        using var ceph = await CephS3.OpenAsync();
        await ceph.PutAsync("a.csv", "one");
        Assert.Equal([Passed, Passed, Passed, Passed, Passed, Skipped], (await CephS3.TestAsync(ceph.Connection)).Select(c => c.Outcome));

        var outside = await CephS3.TestAsync(ceph.Connection with { RootPath = "private/" });
        Assert.Equal([Passed, Passed, Passed, Failed, Skipped, Skipped], outside.Select(c => c.Outcome));

        var noRole = await CephS3.TestAsync(ceph.Connection with { RoleArn = "arn:aws:iam:::role/nobody" });
        Assert.Equal(("NoSuchEntity", Failed), (noRole[1].ServiceCode, noRole[1].Outcome));

        var customer = await CephS3.TestAsync(ceph.Connection, CephS3.Customer);
        Assert.Equal((Failed, "AccessDenied"), (customer[1].Outcome, customer[1].ServiceCode));

        var wrongSecret = await CephS3.TestAsync(ceph.Connection, new AccessKey("PLATFORMACCESSKEY001", "wrong"));
        Assert.Equal((Failed, "SignatureDoesNotMatch", "SignatureRejected"), (wrongSecret[0].Outcome, wrongSecret[0].ServiceCode, wrongSecret[0].ErrorId));

        var wrongKey = await CephS3.TestAsync(ceph.Connection, new AccessKey("NOBODY", "wrong"));
        Assert.Equal((Failed, "InvalidAccessKeyId", "AccessKeyUnknown"), (wrongKey[0].Outcome, wrongKey[0].ServiceCode, wrongKey[0].ErrorId));
    }

    [SkippableFact]
    public async Task A_role_that_lists_and_may_not_read_is_told()
    {
        using var ceph = await CephS3.OpenAsync();
        await ceph.PutAsync("a.csv", "one");
        await using var role = await CephRole.MakeAsync();
        await role.AllowAsync(CephRole.ListAlone);
        var checks = await CephS3.TestAsync(ceph.Connection with { RoleArn = role.Arn });
        Assert.Equal([Passed, Passed, Passed, Passed, Failed, Skipped], checks.Select(c => c.Outcome));
        Assert.Equal(("AccessDenied", "ObjectAccessDenied"), (checks[4].ServiceCode, checks[4].ErrorId));
        Assert.Contains($"{role.Arn} must allow s3:GetObject on arn:aws:s3:::acme-data/{ceph.Folder}*", checks[4].Hint, StringComparison.Ordinal);
    }

    [SkippableFact]
    public async Task An_object_under_its_writers_own_key_is_told_and_passed_over()
    {
        using var ceph = await CephS3.OpenAsync();
        await ceph.PutAsync("a.csv", "one", ownKey: true);
        var checks = await CephS3.TestAsync(ceph.Connection);
        Assert.Equal([Passed, Passed, Passed, Passed, Failed, Skipped], checks.Select(c => c.Outcome));
        Assert.Contains("SSE-C", checks[4].Message, StringComparison.Ordinal);

        await ceph.PutAsync("b.csv", "two");
        Assert.Contains("some objects, but not all", (await CephS3.TestAsync(ceph.Connection))[4].Message, StringComparison.Ordinal);
        await using var source = ceph.Source();
        var listed = await ListAsync(source, ceph.Folder);
        await FailsAsync("ObjectAccessDenied", () => source.OpenAsync(listed[0], default));
        Assert.Equal("two", await ReadAsync(source, listed[1]));
    }

    [SkippableFact]
    public async Task A_bucket_that_is_not_there_is_named()
    {
        using var ceph = await CephS3.OpenAsync();
        var checks = await CephS3.TestAsync(
            ceph.Connection with { BucketName = "no-such-bucket", RoleArn = null }, CephS3.Customer);
        Assert.Equal("NoSuchBucket", checks[3].ServiceCode);
    }

    private static async Task<FeedException> FailsAsync(string id, Func<Task> action)
    {
        var error = await Assert.ThrowsAsync<FeedException>(action);
        Assert.Equal(id, error.Id);
        return error;
    }

    private static async Task<List<SourceObject>> ListAsync(IObjectSource source, string prefix)
    {
        var all = new List<SourceObject>();
        await foreach (var o in source.ListAsync(prefix, default))
            all.Add(o);
        return all;
    }

    private static async Task<string> ReadAsync(IObjectSource source, SourceObject listed)
    {
        await using var stream = await source.OpenAsync(listed, default);
        using var reader = new StreamReader(stream);
        return await reader.ReadToEndAsync();
    }
}
