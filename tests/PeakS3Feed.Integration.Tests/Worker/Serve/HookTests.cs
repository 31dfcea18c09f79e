using System.Globalization;
using System.Net;
using System.Security.Cryptography;
using System.Text;
using PeakS3Feed.Runs;
using PeakS3Feed.Triggers.Fires;

namespace PeakS3Feed.Integration.Worker.Serve;

public sealed class HookTests
{
    [Fact]
    public async Task A_request_with_the_secret_runs_the_feed()
    {
        await using var h = await ServeHarness.StartAsync();
        h.Store.Put("in/a.csv", "id\n1\n2\n");
        var run = await h.EndedAsync(await h.AcceptedAsync());
        Assert.Equal((RunStatus.Succeeded, 2L), (run.Status, run.RowsLoaded));
        var bearer = await h.AcceptedAsync(change: r =>
        {
            r.Headers.Remove("X-PeakS3Feed-Secret");
            r.Headers.Authorization = new("Bearer", h.Secret);
        });
        Assert.Equal(RunStatus.NothingToDo, (await h.EndedAsync(bearer)).Status);
    }

    [Fact]
    public async Task What_is_wrong_is_refused_and_runs_nothing()
    {
        await using var h = await ServeHarness.StartAsync();
        await RefusedAsync(h, HttpStatusCode.Unauthorized, r => Secret(r, "wrong"));
        await RefusedAsync(h, HttpStatusCode.Unauthorized, r => Secret(r, h.Secret + "x"));
        await RefusedAsync(h, HttpStatusCode.Unauthorized, r => Secret(r, null));
        await RefusedAsync(h, HttpStatusCode.Unauthorized, r => r.RequestUri = new Uri("/hooks/AAAAAAAAAAAAAAAAAAAAAA", UriKind.Relative));
        await RefusedAsync(h, HttpStatusCode.BadRequest, r => r.RequestUri = new Uri($"{r.RequestUri}?secret={h.Secret}", UriKind.Relative));
        await RefusedAsync(h, HttpStatusCode.MethodNotAllowed, r => r.Method = HttpMethod.Get);
        await RefusedAsync(h, HttpStatusCode.MisdirectedRequest, r => r.Headers.Host = "evil.example");
        await RefusedAsync(h, HttpStatusCode.RequestEntityTooLarge, r => r.Content = new ByteArrayContent(new byte[(1024 * 1024) + 1]));
        await RefusedAsync(h, HttpStatusCode.RequestEntityTooLarge, r =>
        {
            r.Content = new StreamContent(new MemoryStream(new byte[3 * 1024 * 1024]));
            r.Headers.TransferEncodingChunked = true;
        });
        await h.Engine.Definitions.EditTriggerAsync("hook", t => t with { Enabled = false });
        await RefusedAsync(h, HttpStatusCode.Conflict, _ => { });
        Assert.Empty(await h.FiresAsync());
    }

    [Fact]
    public async Task Many_wrong_secrets_are_put_off_and_a_right_one_is_not()
    {
        await using var h = await ServeHarness.StartAsync();
        var codes = new List<HttpStatusCode>();
        for (var i = 0; i < 60; i++)
        {
            using var response = await h.PostAsync(secret: "wrong");
            codes.Add(response.StatusCode);
            if (response.StatusCode == HttpStatusCode.TooManyRequests)
                Assert.NotNull(response.Headers.RetryAfter);
        }
        Assert.Contains(HttpStatusCode.TooManyRequests, codes);
        Assert.All(codes, c => Assert.True(c is HttpStatusCode.Unauthorized or HttpStatusCode.TooManyRequests));
        await h.EndedAsync(await h.AcceptedAsync());
    }

    [Fact]
    public async Task A_request_that_is_sent_again_gets_the_same_run()
    {
        await using var h = await ServeHarness.StartAsync();
        var run = await h.AcceptedAsync(change: r => r.Headers.Add("webhook-id", "msg_1"));
        await h.EndedAsync(run);
        Assert.Equal(run, await h.AcceptedAsync(change: r => r.Headers.Add("webhook-id", "msg_1")));
        var created = S3Event("e1", "Object Created", "lake", "in/a.csv");
        var second = await h.AcceptedAsync(created);
        await h.EndedAsync(second);
        Assert.Equal(second, await h.AcceptedAsync(created));
        Assert.Equal(2, (await h.FiresAsync()).Count);
    }

    [Theory]
    [InlineData("Object Deleted", "lake", "in/a.csv", "Object Deleted")]
    [InlineData("Object Created", "other", "in/a.csv", "bucket other")]
    [InlineData("Object Created", "lake", "elsewhere/a.csv", "not under in/")]
    [InlineData("Object Created", "lake", "in/a.json", "not one of the feed's")]
    public async Task An_event_of_S3_that_is_not_the_feeds_runs_nothing(string kind, string bucket, string key, string why)
    {
        await using var h = await ServeHarness.StartAsync();
        using var response = await h.PostAsync(S3Event("e1", kind, bucket, key));
        Assert.Equal(HttpStatusCode.Accepted, response.StatusCode);
        Assert.Contains(why, System.Text.RegularExpressions.Regex.Unescape(await response.Content.ReadAsStringAsync()), StringComparison.Ordinal);
        Assert.Empty(await h.FiresAsync());
    }

    [Theory]
    [InlineData("{\"detail-type\": 7}")]
    [InlineData("{\"detail-type\":\"Object Created\",\"source\":\"aws.s3\",\"detail\":[]}")]
    [InlineData("{ this is no JSON")]
    [InlineData("a=1")]
    [InlineData("")]
    public async Task Any_other_body_just_fires(string body)
    {
        await using var h = await ServeHarness.StartAsync();
        await h.EndedAsync(await h.AcceptedAsync(body));
    }

    [Fact]
    public async Task A_webhook_with_a_key_wants_a_signature_that_is_right_and_new()
    {
        await using var h = await ServeHarness.StartAsync(signingKey: "env:HOOK_KEY", environment: new Dictionary<string, string?>(StringComparer.Ordinal) { ["HOOK_KEY"] = "a key" });
        var now = DateTimeOffset.UtcNow.ToUnixTimeSeconds();
        await RefusedAsync(h, HttpStatusCode.Unauthorized, _ => { });
        await RefusedAsync(h, HttpStatusCode.Unauthorized, r => Sign(r, "another key", "m1", now));
        await RefusedAsync(h, HttpStatusCode.Unauthorized, r => Sign(r, "a key", "m1", now - 600));
        await RefusedAsync(h, HttpStatusCode.Unauthorized, r => Sign(r, "a key", "m1", now + 600));
        await RefusedAsync(h, HttpStatusCode.Unauthorized, r =>
        {
            Sign(r, "a key", "m1", now);
            r.Content = new StringContent("another body");
        });
        await RefusedAsync(h, HttpStatusCode.Unauthorized, r =>
        {
            Sign(r, "a key", "m1", now);
            Secret(r, "wrong");
        });
        Assert.Empty(await h.FiresAsync());
        var run = await h.AcceptedAsync(change: r => Sign(r, "a key", "m1", now));
        await h.EndedAsync(run);
        Assert.Equal(run, await h.AcceptedAsync(change: r => Sign(r, "a key", "m1", now)));
    }

    [Fact]
    public async Task Of_a_thousand_requests_at_once_none_is_lost_and_nothing_is_run_twice()
    {
        await using var h = await ServeHarness.StartAsync();
        h.Store.PutNumbers(4, 100_000);
        var first = await h.AcceptedAsync();
        await h.FiresAsync(fires => fires.Exists(f => f.State != FireState.Queued));
        var before = h.Process.Memory();
        var runs = await Task.WhenAll(Enumerable.Range(0, 1000).Select(_ => h.AcceptedAsync(new string('x', 10_000))));
        var grown = h.Process.Memory() - before;
        var fires = await h.FiresAsync();
        Assert.All(fires, f => Assert.Equal(FireState.Ended, f.State));
        Assert.Equal(1001, fires.Sum(f => f.Requests));
        Assert.Equal(runs.Append(first).ToHashSet(), fires.Select(f => f.RunId!.Value).ToHashSet());
        Assert.InRange(fires.Count, 2, 20);
        Assert.InRange(grown, long.MinValue, 200L * 1024 * 1024);
        Assert.Equal([400_000L, 400_000L], h.Store.Query("SELECT count(*), count(DISTINCT id) FROM orders")[0]);
    }

    private static async Task RefusedAsync(ServeHarness h, HttpStatusCode code, Action<HttpRequestMessage> change)
    {
        using var response = await h.PostAsync(change: change);
        Assert.Equal(code, response.StatusCode);
        Assert.DoesNotContain(h.Secret, await response.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    private static void Secret(HttpRequestMessage request, string? secret)
    {
        request.Headers.Remove("X-PeakS3Feed-Secret");
        if (secret is not null)
            request.Headers.Add("X-PeakS3Feed-Secret", secret);
    }

    private static void Sign(HttpRequestMessage request, string key, string id, long timestamp)
    {
        const string Body = "{\"a\":1}";
        request.Content = new StringContent(Body);
        var signed = HMACSHA256.HashData(Encoding.UTF8.GetBytes(key), Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{id}.{timestamp}.{Body}")));
        request.Headers.Add("webhook-id", id);
        request.Headers.Add("webhook-timestamp", timestamp.ToString(CultureInfo.InvariantCulture));
        request.Headers.Add("webhook-signature", $"v1,AAAA v1,{Convert.ToBase64String(signed)}");
    }

    private static string S3Event(string id, string kind, string bucket, string key) => $$$"""
        {"version":"0","id":"{{{id}}}","detail-type":"{{{kind}}}","source":"aws.s3","account":"111122223333","region":"eu-west-1",
         "detail":{"version":"0","bucket":{"name":"{{{bucket}}}"},"object":{"key":"{{{key}}}","size":5,"etag":"b1946ac92492d2347c6235b4d2611184"} } }
        """;
}
