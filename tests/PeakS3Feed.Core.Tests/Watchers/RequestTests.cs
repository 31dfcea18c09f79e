using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using PeakS3Feed.Errors;
using PeakS3Feed.Runs;
using PeakS3Feed.Secrets;
using PeakS3Feed.Serving;
using PeakS3Feed.Watchers;
using PeakS3Feed.Watchers.Deliveries;
using PeakS3Feed.Watchers.Sending;

namespace PeakS3Feed.Tests.Watchers;

public class RequestTests
{
    private const string Key = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";

    [Fact]
    public async Task A_request_is_signed_as_the_standard_has_it_and_says_what_happened()
    {
        await using var receiver = new HookReceiver();
        using var sender = NewSender();
        using var h = await WatcherHarness.StartAsync(WatcherHarness.Watcher(events: WatcherEvent.Rejects));
        var run = await h.RanAsync(RunStatus.Failed, rejects: 2, change: r => r with { RowsRead = 10, RowsLoaded = 8, Error = "The file <a & b> is bad." });
        using (var service = h.NewService())
            await service.TickAsync(default);
        var (_, id, message, _) = Assert.Single(h.Sent.All);
        await sender.SendAsync(Watcher(receiver, "env:KEY"), id, message, default);

        var (path, headers, body) = Assert.Single(receiver.Requests);
        Assert.Equal("/hook", path);
        Assert.Equal("application/json; charset=utf-8", headers["Content-Type"]);
        Assert.Equal(id.ToString("D"), headers["webhook-id"]);
        var age = DateTimeOffset.UtcNow - DateTimeOffset.FromUnixTimeSeconds(long.Parse(headers["webhook-timestamp"]!, CultureInfo.InvariantCulture));
        Assert.InRange(age, TimeSpan.FromSeconds(-1), TimeSpan.FromMinutes(5));
        var signed = Encoding.UTF8.GetBytes($"{headers["webhook-id"]}.{headers["webhook-timestamp"]}.").Concat(body).ToArray();
        Assert.Equal("v1," + Convert.ToBase64String(HMACSHA256.HashData(Convert.FromBase64String(Key["whsec_".Length..]), signed)), headers["webhook-signature"]);

        using var json = JsonDocument.Parse(body);
        var root = json.RootElement;
        Assert.Equal(["id", "event", "watcher", "feed", "at", "text", "summary", "message", "run", "rejects", "commands"], root.EnumerateObject().Select(m => m.Name));
        Assert.Equal(("Rejects", "ops", "orders"), (root.GetProperty("event").GetString(), root.GetProperty("watcher").GetString(), root.GetProperty("feed").GetString()));
        Assert.Equal("Feed orders could not load 2 rows.", root.GetProperty("text").GetString());
        Assert.Equal((run.Id.ToString("D"), "Failed", 10, 8, 2), (
            root.GetProperty("run").GetProperty("id").GetString(), root.GetProperty("run").GetProperty("status").GetString(), root.GetProperty("run").GetProperty("rowsRead").GetInt32(),
            root.GetProperty("run").GetProperty("rowsLoaded").GetInt32(), root.GetProperty("run").GetProperty("rowsRejected").GetInt32()));
        Assert.Equal("The file <a & b> is bad.", root.GetProperty("run").GetProperty("error").GetString());
        Assert.Equal(["object", "line", "column", "reason"], root.GetProperty("rejects")[0].EnumerateObject().Select(m => m.Name));
        Assert.DoesNotContain("customer,data", Encoding.UTF8.GetString(body), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_a_key_nothing_is_signed_and_a_chat_calls_nobody()
    {
        await using var receiver = new HookReceiver();
        using var sender = NewSender();
        await sender.SendAsync(Watcher(receiver), Guid.NewGuid(), Message("Feed a failed: <!channel> & co."), default);
        var (_, headers, body) = Assert.Single(receiver.Requests);
        Assert.False(headers.ContainsKey("webhook-signature"));
        using var json = JsonDocument.Parse(body);
        Assert.Equal("Feed a failed: &lt;!channel&gt; &amp; co.", json.RootElement.GetProperty("text").GetString());
        Assert.Equal("Feed a failed: <!channel> & co.", json.RootElement.GetProperty("summary").GetString());
    }

    [Fact]
    public async Task A_URL_may_be_kept_elsewhere_and_is_never_repeated()
    {
        await using var receiver = new HookReceiver();
        var secrets = new SecretResolver(name => name == "URL" ? receiver.Url + "\n" : "ftp://example.com/hunter2");
        using var sender = new WatcherSender(secrets, TimeProvider.System);
        var watcher = WatcherHarness.Watcher() with { Url = "env:URL" };
        await sender.SendAsync(watcher, Guid.NewGuid(), Message("x"), default);
        Assert.Single(receiver.Requests);
        var e = await Assert.ThrowsAsync<FeedException>(() => sender.SendAsync(watcher with { Url = "env:OTHER" }, Guid.NewGuid(), Message("x"), default));
        Assert.Equal(("WatcherRequestFailed", "The value of env:OTHER is not a URL for a watcher. The URL must begin with https://."), (e.Id, e.Message));
        Assert.DoesNotContain("hunter2", e.ToString(), StringComparison.Ordinal);
        Assert.Equal("env:OTHER", (watcher with { Url = "env:OTHER" }).Target);
    }

    [Fact]
    public async Task A_redirect_is_not_followed()
    {
        await using var elsewhere = new HookReceiver();
        await using var receiver = new HookReceiver { Answer = (_, r) => r.Redirect(elsewhere.Url) };
        using var sender = NewSender();
        var e = await Assert.ThrowsAsync<FeedException>(() => sender.SendAsync(Watcher(receiver), Guid.NewGuid(), Message("x"), default));
        Assert.Equal(("WatcherRequestFailed", "localhost did not accept the message: it answered 302, a redirect, and redirects are not followed."), (e.Id, e.Message));
        Assert.Empty(elsewhere.Requests);
    }

    [Fact]
    public async Task Of_what_a_receiver_says_only_the_beginning_is_kept()
    {
        await using var receiver = new HookReceiver
        {
            Answer = (_, r) =>
            {
                r.StatusCode = 500;
                r.Close(Encoding.UTF8.GetBytes("no\r\n\u001b[31m way" + new string('x', 1_000_000)), willBlock: false);
            },
        };
        using var sender = NewSender();
        var e = await Assert.ThrowsAsync<FeedException>(() => sender.SendAsync(Watcher(receiver), Guid.NewGuid(), Message("x"), default));
        Assert.StartsWith("localhost did not accept the message: it answered 500: no [31m wayxxx", e.Message, StringComparison.Ordinal);
        Assert.InRange(e.Message.Length, 200, 300);
    }

    [Fact]
    public async Task A_path_that_a_receiver_repeats_is_not_repeated_by_us()
    {
        await using var receiver = new HookReceiver
        {
            Answer = (_, r) =>
            {
                r.StatusCode = 404;
                r.Close(Encoding.UTF8.GetBytes("Cannot POST /services/T0SECRET/b"), willBlock: false);
            },
        };
        using var sender = NewSender();
        var watcher = Watcher(receiver) with { Url = new Uri(new Uri(receiver.Url), "/services/T0SECRET/b").AbsoluteUri };
        var e = await Assert.ThrowsAsync<FeedException>(() => sender.SendAsync(watcher, Guid.NewGuid(), Message("x"), default));
        Assert.Equal("localhost did not accept the message: it answered 404.", e.Message);
    }

    [Fact]
    public async Task An_answer_that_breaks_off_is_told_by_its_status()
    {
        var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var answering = Task.Run(async () =>
        {
            using var client = await listener.AcceptTcpClientAsync();
            _ = await client.GetStream().ReadAsync(new byte[9999]);
            await client.GetStream().WriteAsync("HTTP/1.1 500 X\r\nContent-Length: 100\r\n\r\nabc"u8.ToArray());
        });
        using var sender = NewSender();
        var watcher = WatcherHarness.Watcher() with { Url = $"http://localhost:{((IPEndPoint)listener.LocalEndpoint).Port}/x" };
        var e = await Assert.ThrowsAsync<FeedException>(() => sender.SendAsync(watcher, Guid.NewGuid(), Message("x"), default));
        Assert.StartsWith("localhost did not accept the message: it answered 500", e.Message, StringComparison.Ordinal);
        await answering;
        listener.Stop();
    }

    [Fact]
    public async Task What_comes_from_files_calls_nobody_in_a_chat_and_makes_no_link()
    {
        await using var receiver = new HookReceiver();
        using var sender = NewSender();
        await sender.SendAsync(Watcher(receiver), Guid.NewGuid(), Message("Feed a failed: @channel ![x](http://evil.example)"), default);
        using var json = JsonDocument.Parse(Assert.Single(receiver.Requests).Body);
        Assert.Equal("Feed a failed: @\u200bchannel ![x]\u200b(http://evil.example)", json.RootElement.GetProperty("text").GetString());
    }

    [Theory]
    [InlineData(410, "WatcherRequestGone")]
    [InlineData(404, "WatcherRequestFailed")]
    [InlineData(503, "WatcherRequestFailed")]
    public async Task An_answer_that_is_no_success_is_an_error(int status, string id)
    {
        await using var receiver = new HookReceiver { Answer = (_, r) => r.StatusCode = status };
        using var sender = NewSender();
        var e = await Assert.ThrowsAsync<FeedException>(() => sender.SendAsync(Watcher(receiver), Guid.NewGuid(), Message("x"), default));
        Assert.Equal(id, e.Id);
        Assert.DoesNotContain("/hook", e.Message + e.Hint, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_receiver_that_is_down_is_an_error()
    {
        using var sender = NewSender();
        var watcher = WatcherHarness.Watcher() with { Url = $"http://localhost:{HookReceiver.FreePort()}/secret" };
        var e = await Assert.ThrowsAsync<FeedException>(() => sender.SendAsync(watcher, Guid.NewGuid(), Message("x"), default));
        Assert.Equal("WatcherRequestFailed", e.Id);
        Assert.DoesNotContain("secret", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_message_goes_the_whole_way_and_again_where_it_was_not_taken()
    {
        await using var receiver = new HookReceiver { Answer = (n, r) => r.StatusCode = n == 1 ? 500 : (int)HttpStatusCode.NoContent };
        using var h = await WatcherHarness.StartAsync(WatcherHarness.Watcher() with { Url = receiver.Url });
        await h.RanAsync(RunStatus.Failed);
        using var service = new WatcherService(h.Engine);
        await h.PlayAsync(service, TimeSpan.FromHours(1));
        Assert.Equal(2, receiver.Requests.Count);
        Assert.Single(receiver.Requests.Select(r => r.Headers["webhook-id"]).Distinct());
        Assert.Equal((DeliveryState.Delivered, 2), (await h.DeliveriesAsync()).Select(d => (d.State, d.Attempts)).Single());
    }

    [Fact]
    public async Task A_test_message_is_sent_now_and_says_how_it_went()
    {
        await using var receiver = new HookReceiver { Answer = (n, r) => r.StatusCode = n == 1 ? 200 : 403 };
        using var h = await WatcherHarness.StartAsync(WatcherHarness.Watcher() with { Url = receiver.Url });
        using var service = new WatcherService(h.Engine);
        var watcher = await h.Engine.Definitions.FindWatcherAsync("ops");
        Assert.Equal(new("ops", "localhost", Passed: true, "The URL accepted a message."), await service.TestAsync(watcher, default));
        var failed = await service.TestAsync(watcher, default);
        Assert.Equal((false, "localhost did not accept the message: it answered 403."), (failed.Passed, failed.Message));
        Assert.Empty(await h.DeliveriesAsync());
        using var json = JsonDocument.Parse(receiver.Requests.First().Body);
        Assert.Equal("Test", json.RootElement.GetProperty("event").GetString());
    }

    private static WatcherSender NewSender() => new(new SecretResolver(name => name == "KEY" ? Key : null), TimeProvider.System);

    private static S3FeedWatcher Watcher(HookReceiver receiver, string? key = null) => WatcherHarness.Watcher() with { Url = receiver.Url, SigningKey = key };

    private static WatcherMessage Message(string summary)
        => new() { Event = "RunFailed", Watcher = "ops", Feed = "orders", At = WatcherHarness.Start, Summary = summary, Text = summary };
}
