using System.Text;
using Amazon.S3.Model;
using PeakS3Feed.Sources;
using PeakS3Feed.TestServers.S3;
using PeakS3Feed.Testing;

namespace PeakS3Feed.Tests.Sources;

public class S3ReadingTests
{
    private static readonly string Content = string.Concat(Enumerable.Range(0, 20_000).Select(i => $"row {i}\n"));

    [Fact]
    public async Task The_listed_version_is_asked_for_and_given()
    {
        await using var h = await S3Harness.StartAsync();
        var o = await h.PutAsync("a.csv", Content);
        Assert.Equal(Content, await h.ReadAsync(o));
        var get = Assert.Single(h.Requests(FakeOperation.Get));
        Assert.Equal($"\"{o.ETag}\"", get.Header("If-Match"));
        Assert.Null(get.Header("Range"));
        Assert.Null(get.Header("x-amz-request-payer"));
    }

    [Fact]
    public async Task An_empty_object_is_an_empty_stream()
    {
        await using var h = await S3Harness.StartAsync();
        Assert.Equal("", await h.ReadAsync(await h.PutAsync("a.csv", "")));
    }

    [Fact]
    public async Task A_body_that_goes_on_behind_the_listed_size_is_not_the_listed_version()
    {
        await using var h = await S3Harness.StartAsync();
        var o = await h.PutAsync("a.csv", Content);
        var longer = new GetObjectResponse { ResponseStream = new MemoryStream(Encoding.UTF8.GetBytes(Content + "surplus")) };
        await using var stream = new S3RangeStream(o, 0, o.Size, longer, (_, _, _, _) => Task.FromResult(longer), h.Clients.Calls);
        var read = new MemoryStream();
        await S3Harness.FailsAsync("ObjectChanged", () => stream.CopyToAsync(read));
        Assert.True(read.Length <= o.Size);
    }

    [Fact]
    public async Task A_dropped_connection_is_followed_by_another_from_the_byte_reached()
    {
        await using var h = await S3Harness.StartAsync();
        var o = await h.PutAsync("a.csv", Content);
        h.S3.Faults.Enqueue(Fault.Drop(50_000), FakeOperation.Get);
        h.S3.Faults.Enqueue(Fault.Drop(0), FakeOperation.Get);
        h.S3.Faults.Enqueue(Fault.Drop(70_000), FakeOperation.Get);
        h.S3.Faults.Enqueue(new Fault { HangUp = true }, FakeOperation.Get);
        h.S3.Faults.Enqueue(Fault.EndEarly(1_000), FakeOperation.Get);
        Assert.Equal(Content, await h.ReadAsync(o));
        var gets = h.Requests(FakeOperation.Get).ToList();
        Assert.All(gets, g => Assert.Equal($"\"{o.ETag}\"", g.Header("If-Match")));
        Assert.Equal(
            [null, .. new[] { 50_000, 50_000, 120_000, 120_000, 121_000 }.Select(from => $"bytes={from}-{o.Size - 1}")], gets.Select(g => g.Header("Range")));
        Assert.Contains(h.Log, l => l.Contains("s3://acme/a.csv: the connection dropped at byte 50000", StringComparison.Ordinal));
    }

    [Trait(Category.Name, Category.Slow)]
    [Fact]
    public async Task A_silent_connection_counts_as_dropped()
    {
        await using var h = await S3Harness.StartAsync(budget: S3Harness.Impatient);
        var o = await h.PutAsync("a.csv", Content);
        h.S3.Faults.Enqueue(new Fault { SilentAfter = 1000, Silence = TimeSpan.FromHours(1) }, FakeOperation.Get);
        Assert.Equal(Content, await h.ReadAsync(o));
        Assert.Equal($"bytes=1000-{o.Size - 1}", h.Requests(FakeOperation.Get).Last().Header("Range"));
    }

    [Trait(Category.Name, Category.Slow)]
    [Fact]
    public async Task A_slow_consumer_is_not_a_silent_server()
    {
        await using var h = await S3Harness.StartAsync(budget: S3Harness.Impatient);
        var o = await h.PutAsync("a.csv", Content);
        await using var stream = await h.Source.OpenAsync(o, default);
        var buffer = new byte[100];
        Assert.Equal(100, await stream.ReadAtLeastAsync(buffer, 100));
        await Task.Delay(S3Harness.Impatient.Silence + TimeSpan.FromMilliseconds(200));
        using var reader = new StreamReader(stream);
        Assert.Equal(Content[100..], await reader.ReadToEndAsync());
        Assert.Single(h.Requests(FakeOperation.Get));
    }

    [Fact]
    public async Task A_connection_that_brings_no_byte_any_more_is_given_up()
    {
        await using var h = await S3Harness.StartAsync();
        var o = await h.PutAsync("a.csv", Content);
        h.S3.Faults.Enqueue(Fault.Drop(50_000), FakeOperation.Get);
        h.S3.Faults.Enqueue(Fault.Drop(0), FakeOperation.Get, times: 1000);
        var error = await S3Harness.FailsAsync("S3Unreachable", () => h.ReadAsync(o));
        Assert.Contains("byte 50000", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_object_written_anew_between_two_connections_is_not_mixed()
    {
        await using var h = await S3Harness.StartAsync();
        var o = await h.PutAsync("a.csv", Content);
        h.S3.Faults.Enqueue(Fault.Drop(50_000), FakeOperation.Get);
        await using var stream = await h.Source.OpenAsync(o, default);
        h.S3.Put("acme", "a.csv", Encoding.UTF8.GetBytes(Content.ToUpperInvariant()));
        using var reader = new StreamReader(stream);
        await S3Harness.FailsAsync("ObjectChanged", () => reader.ReadToEndAsync());
    }

    [Fact]
    public async Task Another_version_is_ObjectChanged()
    {
        await using var h = await S3Harness.StartAsync();
        var o = await h.PutAsync("a.csv", "one");
        await h.PutAsync("a.csv", "two");
        var error = await S3Harness.FailsAsync("ObjectChanged", () => h.Source.OpenAsync(o, default));
        Assert.Equal(("PreconditionFailed", "s3://acme/a.csv"), (error.ServiceCode, error.Target));
        Assert.NotNull(error.RequestId);
    }

    [Fact]
    public async Task A_404_is_ObjectVanished_when_the_listing_agrees()
    {
        await using var h = await S3Harness.StartAsync();
        var o = await h.PutAsync("a.csv", "one");
        h.S3.Remove("acme", "a.csv");
        await S3Harness.FailsAsync("ObjectVanished", () => h.Source.OpenAsync(o, default));
    }

    [Fact]
    public async Task A_403_is_looked_into_with_the_listing()
    {
        await using var h = await S3Harness.StartAsync();
        var o = await h.PutAsync("a.csv", "one");
        await h.PutAsync("other.csv", "two");
        h.S3.Faults.Enqueue(Fault.AccessDenied, FakeOperation.Get);
        var denied = await S3Harness.FailsAsync("ObjectAccessDenied", () => h.Source.OpenAsync(o, default));
        Assert.Equal(("AccessDenied", "4442587FB7D0A2F9"), (denied.ServiceCode, denied.RequestId));
        Assert.Contains("s3:GetObject", denied.Hint, StringComparison.Ordinal);

        h.S3.Faults.Enqueue(AwsRefusals.OldKmsDenied, FakeOperation.Get);
        var kms = await S3Harness.FailsAsync("ObjectAccessDenied", () => h.Source.OpenAsync(o, default));
        Assert.Contains("kms:Decrypt", kms.Hint, StringComparison.Ordinal);

        h.S3.Remove("acme", "a.csv");
        h.S3.Faults.Enqueue(Fault.AccessDenied, FakeOperation.Get);
        await S3Harness.FailsAsync("ObjectVanished", () => h.Source.OpenAsync(o, default));

    }

    [Fact]
    public async Task A_listing_that_is_refused_as_well_is_no_matter_of_the_one_object()
    {
        await using var h = await S3Harness.StartAsync();
        var o = await h.PutAsync("a.csv", "one");
        await h.PutAsync("other.csv", "two");
        h.S3.Faults.Enqueue(Fault.AccessDenied, times: 2);
        await S3Harness.FailsAsync("ListDenied", () => h.Source.OpenAsync(o, default));
    }

    [Trait(Category.Name, Category.Slow)]
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Reading_that_is_refused_of_every_object_is_ReadDenied(bool wasReadBefore)
    {
        await using var h = await S3Harness.StartAsync();
        var o = await h.PutAsync("a.csv", "one");
        var other = await h.PutAsync("other.csv", "two");
        if (wasReadBefore)
            await h.ReadAsync(other);
        h.S3.Faults.Enqueue(Fault.AccessDenied, FakeOperation.Get, times: 1000);
        var denied = await S3Harness.FailsAsync("ReadDenied", () => h.Source.OpenAsync(o, default));
        Assert.Null(denied.Position);
        Assert.Contains("s3:GetObject", denied.Hint, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_only_object_that_is_refused_is_ReadDenied_for_nothing_shows_that_any_can_be_read()
    {
        await using var h = await S3Harness.StartAsync();
        var o = await h.PutAsync("a.csv", "one");
        h.S3.Put("acme", FakeObject.Create("frozen.csv", new byte[] { 1 }) with { StorageClass = "GLACIER" });
        h.S3.Faults.Enqueue(Fault.AccessDenied, FakeOperation.Get, times: 1000);
        await S3Harness.FailsAsync("ReadDenied", () => h.Source.OpenAsync(o, default));
        Assert.Single(h.Requests(FakeOperation.Get));
    }

    [Fact]
    public async Task A_key_that_is_disabled_is_that_objects_matter_while_others_can_be_read()
    {
        await using var h = await S3Harness.StartAsync();
        var o = await h.PutAsync("a.csv", "one");
        await h.PutAsync("other.csv", "two");
        h.S3.Faults.Enqueue(AwsRefusals.KeyDisabled, FakeOperation.Get, times: 1000, when: r => r.Key == "a.csv");
        Assert.Contains("disabled", (await S3Harness.FailsAsync("ObjectAccessDenied", () => h.Source.OpenAsync(o, default))).Hint, StringComparison.Ordinal);
        h.S3.Faults.Enqueue(AwsRefusals.KeyDisabled, FakeOperation.Get, times: 1000);
        await S3Harness.FailsAsync("ReadDenied", () => h.Source.OpenAsync(o, default));
    }

    [Fact]
    public async Task A_404_of_a_key_that_is_still_listed_is_a_denial()
    {
        await using var h = await S3Harness.StartAsync();
        var o = await h.PutAsync("a.csv", "one");
        await h.PutAsync("other.csv", "two");
        h.S3.Faults.Enqueue(Fault.NoSuchKey, FakeOperation.Get);
        await S3Harness.FailsAsync("ObjectAccessDenied", () => h.Source.OpenAsync(o, default));
    }

    [Fact]
    public async Task An_archive_that_the_listing_did_not_show_is_ObjectArchived()
    {
        await using var h = await S3Harness.StartAsync();
        var o = await h.PutAsync("a.csv", "one");
        h.S3.Faults.Enqueue(Fault.InvalidObjectState, FakeOperation.Get);
        var error = await S3Harness.FailsAsync("ObjectArchived", () => h.Source.OpenAsync(o, default));
        Assert.Contains("restore-object --bucket acme --key \"a.csv\"", error.Hint, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Requester_pays_where_the_connection_says_so()
    {
        await using var h = await S3Harness.StartAsync(S3Harness.Plain with { RequesterPays = true });
        await h.ReadAsync(await h.PutAsync("a.csv", "one"));
        Assert.All(h.S3.Requests, r => Assert.Equal("requester", r.Header("x-amz-request-payer")));
    }

    [Fact]
    public async Task Reading_stops_when_it_is_canceled()
    {
        await using var h = await S3Harness.StartAsync();
        var o = await h.PutAsync("a.csv", Content);
        h.S3.Faults.Enqueue(new Fault { SilentAfter = 10, Silence = TimeSpan.FromMinutes(5) }, FakeOperation.Get);
        using var stop = new CancellationTokenSource();
        await using var stream = await h.Source.OpenAsync(o, stop.Token);
        var buffer = new byte[100];
        Assert.Equal(10, await stream.ReadAsync(buffer, stop.Token));
        stop.CancelAfter(50);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => stream.ReadExactlyAsync(buffer, stop.Token).AsTask());
    }
}
