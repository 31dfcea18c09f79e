using System.Net;
using System.Net.Http.Json;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using PeakS3Feed.Testing;

namespace PeakS3Feed.Integration.Worker.Serve;

/// <summary>Requests that are wrong on purpose are answered with 4xx, and none of them can fill the log.</summary>
[Trait(Category.Name, Category.Kill)]
public sealed class HostileRequestTests
{
    private const int MostLines = 10;

    [Theory]
    [InlineData("GET /health HTTP/1.1\r\nHost: xn--localhost\r\n\r\n")]
    [InlineData("GET /health HTTP/1.1\r\nHost: xn--\r\n\r\n")]
    [InlineData("GET /health HTTP/1.1\r\nHost: xn--localhost:8080\r\n\r\n")]
    [InlineData("GET /health HTTP/1.1\r\nHost: a.xn--0.xn--a-\r\n\r\n")]
    [InlineData("GET http://xn--localhost/health HTTP/1.1\r\nHost: xn--localhost\r\n\r\n")]
    [InlineData("GET /health HTTP/1.1\r\nHost: [::1\r\n\r\n")]
    [InlineData("GET /health HTTP/1.1\r\nHost: a b\r\n\r\n")]
    [InlineData("GET /health HTTP/1.1\r\nHost: a:b:c\r\n\r\n")]
    [InlineData("GET /health HTTP/1.1\r\nHost:\r\n\r\n")]
    [InlineData("GET /health HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n")]
    [InlineData("GET /health HTTP/1.1\r\n\r\n")]
    [InlineData("POST /login HTTP/1.1\r\nHost: localhost\r\nContent-Type: multipart/form-data\r\nContent-Length: 3\r\n\r\na=b")]
    [InlineData("POST /login HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: 999999\r\n\r\n")]
    [InlineData("POST /login HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/x-www-form-urlencoded\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n")]
    [InlineData("GET /runs/00000000-0000-0000-0000-000000000000?from=99999999999999 HTTP/1.1\r\nHost: localhost\r\n\r\n")]
    [InlineData("NONSENSE\r\n\r\n")]
    public async Task A_malformed_request_is_the_senders_fault(string request)
    {
        await using var h = await ServeHarness.StartAsync();
        for (var time = 0; time < 3; time++)
            Assert.Matches("^HTTP/1.[01] 4[0-9][0-9] ", await AskAsync(h.Client.BaseAddress!, request));
        Assert.Equal("healthy", (await h.Client.GetFromJsonAsync<JsonElement>("/health")).GetProperty("status").GetString());
        await SaidNothingAsync(h);
    }

    [Fact]
    public async Task Slow_and_broken_bodies_leave_no_line()
    {
        await using var h = await ServeHarness.StartAsync();
        var hook = await h.Engine.Definitions.FindTriggerAsync("hook");
        string[] paths = ["/login", $"/hooks/{hook.WebhookId}"];
        foreach (var path in paths)
        {
            // A connection that is cut in the middle of a body.
            for (var time = 0; time < 5; time++)
                (await SlowRequest.BeginAsync(h.Client.BaseAddress!, path, Headers(h), length: 10_000, sent: 1000)).Dispose();
        }
        using var drips = await SlowRequest.BeginAsync(h.Client.BaseAddress!, paths[1], Headers(h), length: 60_000, sent: 100, drips: true);
        using var silent = await SlowRequest.BeginAsync(h.Client.BaseAddress!, paths[0], Headers(h), length: 10_000);
        using var silentHook = await SlowRequest.BeginAsync(h.Client.BaseAddress!, paths[1], Headers(h), length: 10_000);
        Assert.Contains(" 408 ", await drips.Answer, StringComparison.Ordinal);
        Assert.Contains(" 408 ", await silent.Answer, StringComparison.Ordinal);
        Assert.Contains(" 408 ", await silentHook.Answer, StringComparison.Ordinal);
        await SaidNothingAsync(h);
    }

    [Fact]
    public async Task What_can_be_repeated_leaves_a_few_lines_a_minute()
    {
        await using var h = await ServeHarness.StartAsync(["--token", "env:TOKEN"], environment: new Dictionary<string, string?>(StringComparer.Ordinal) { ["TOKEN"] = new string('t', 40) });
        for (var time = 0; time < 40; time++)
        {
            using var wrong = await h.PostAsync(secret: "wrong");
            Assert.InRange((int)wrong.StatusCode, 400, 499);
        }
        await File.WriteAllTextAsync(Path.Combine(h.Store.Store, "definitions.json"), "{");
        for (var time = 0; time < 40; time++)
        {
            using var broken = await h.Client.PostAsync(new Uri("/hooks/none", UriKind.Relative), content: null);
            Assert.Equal(HttpStatusCode.ServiceUnavailable, broken.StatusCode);
        }
        await h.Process.SignalAsync("TERM");
        var lines = (await h.Process.EndAsync()).Error.Split('\n');
        // A minute may end in between.
        Assert.InRange(lines.Count(l => l.Contains("wrong secret", StringComparison.Ordinal)), 1, 2 * MostLines);
        Assert.InRange(lines.Count(l => l.Contains("could not be answered", StringComparison.Ordinal)), 1, 2 * MostLines);
        Assert.Contains(lines, l => l.Contains("further lines of this kind are omitted", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Uptime_counts_from_the_start_of_the_process()
    {
        await using var h = await ServeHarness.StartAsync();
        var started = h.Process.StartedAt;
        long uptime = 0;
        var (asked, answered) = (DateTime.UtcNow, DateTime.UtcNow);
        async Task<bool> HasAgeAsync()
        {
            asked = DateTime.UtcNow;
            uptime = (await h.Client.GetFromJsonAsync<JsonElement>("/health")).GetProperty("uptimeSeconds").GetInt64();
            answered = DateTime.UtcNow;
            return uptime >= 2;
        }

        await TestLimits.UntilAsync(HasAgeAsync, "uptime of two seconds");
        Assert.InRange(uptime, (long)(asked - started).TotalSeconds - 1, (long)(answered - started).TotalSeconds + 1);
    }

    [SkippableFact]
    public async Task A_history_that_is_moved_makes_the_worker_unhealthy_until_it_is_back()
    {
        Skip.If(OperatingSystem.IsWindows(), "Windows lets nobody move an open file");
        await using var h = await ServeHarness.StartAsync();
        h.Store.Put("in/a.csv", "id\n1\n");
        var run = await h.EndedAsync(await h.AcceptedAsync());
        var database = Path.Combine(h.Store.Store, "state.db");
        File.Move(database, database + ".moved");

        using (var ill = await h.Client.GetAsync(new Uri("/health", UriKind.Relative)))
        {
            Assert.Equal(HttpStatusCode.ServiceUnavailable, ill.StatusCode);
            Assert.Contains("RunHistoryMoved", await ill.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        }
        using (var refused = await h.PostAsync())
            Assert.Equal(HttpStatusCode.ServiceUnavailable, refused.StatusCode);
        Assert.False(File.Exists(database));

        File.Move(database + ".moved", database);
        Assert.Equal("healthy", (await h.Client.GetFromJsonAsync<JsonElement>("/health")).GetProperty("status").GetString());
        Assert.Equal(run.Id, (await h.Engine.History.FindAsync(run.Id))!.Id);
    }

    private static string Headers(ServeHarness h) => $"X-PeakS3Feed-Secret: {h.Secret}\r\nContent-Type: application/x-www-form-urlencoded\r\n";

    private static async Task<string> AskAsync(Uri to, string request)
    {
        using var client = new TcpClient();
        await client.ConnectAsync(to.Host, to.Port);
        var stream = client.GetStream();
        await stream.WriteAsync(Encoding.Latin1.GetBytes(request));
        var buffer = new byte[1024];
        return Encoding.ASCII.GetString(buffer, 0, await stream.ReadAsync(buffer));
    }

    private static async Task SaidNothingAsync(ServeHarness h)
    {
        await h.Process.SignalAsync("TERM");
        var said = (await h.Process.EndAsync()).Exits(0).Error;
        Assert.False(said.Contains("error:", StringComparison.Ordinal), said);
        Assert.DoesNotContain("warning:", said, StringComparison.Ordinal);
    }
}
