using System.Net;
using PeakS3Feed.Runs;
using PeakS3Feed.Testing;
using PeakS3Feed.Triggers;

namespace PeakS3Feed.Integration.Worker.Serve;

[Trait(Category.Name, Category.Kill)]
public sealed class PageTests
{
    private const string TheToken = "the token that the pages want";

    private static readonly Dictionary<string, string?> Token = new(StringComparer.Ordinal) { ["PEAK_TOKEN"] = TheToken };

    [Fact]
    public async Task The_first_page_shows_feeds_runs_and_triggers()
    {
        await using var h = await ServeHarness.StartAsync();
        await h.Engine.Definitions.AddAsync(new S3FeedTrigger { Name = "daily", FeedName = "orders", Kind = TriggerKind.Daily, At = new(7, 0), TimeZone = "Europe/Paris" });
        h.Store.Put("in/a.csv", "id\n1\n2\n");
        var run = await h.EndedAsync(await h.AcceptedAsync());
        var page = await h.Client.GetStringAsync("/");
        Assert.All(
            ["<h2>orders", "succeeded", "2 rows of 1 object", $"href=\"/runs/{run.Id}\"", "Every day at 07:00 (Europe/Paris).", "Next: ", "<rect class=\"good\""],
            text => Assert.Contains(text, page, StringComparison.Ordinal));
    }

    [Fact]
    public async Task What_comes_from_files_is_text_and_nothing_else()
    {
        await using var h = await ServeHarness.StartAsync();
        await h.Engine.Definitions.EditFeedAsync("orders", f => f with { FailedRowThreshold = Feeds.FailedRowThreshold.FromCount(1000) });
        h.Store.Put("in/<b>&\"'.csv", "id\n1\n2\n");
        await h.EndedAsync(await h.AcceptedAsync());
        h.Store.Put("in/b<script>alert(1)<&script>.csv", "id\n<script>alert(1)</script>\n\"</pre><img src=x onerror=alert(1)>\u001b[31m\"\n");
        var run = await h.EndedAsync(await h.AcceptedAsync());
        Assert.Equal((RunStatus.SucceededWithRejects, 2L), (run.Status, run.RowsRejected));
        var page = await h.Client.GetStringAsync($"/runs/{run.Id}");
        Assert.Contains("&lt;script&gt;alert(1)&lt;/script&gt;", page, StringComparison.Ordinal);
        Assert.Contains("line 2", page, StringComparison.Ordinal);
        Assert.All(["<script", "<img", "</pre><img", "\u001b"], text => Assert.DoesNotContain(text, page, StringComparison.OrdinalIgnoreCase));
        Assert.DoesNotContain("<script", await h.Client.GetStringAsync("/"), StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public async Task Rejects_are_shown_a_hundred_at_a_time()
    {
        await using var h = await ServeHarness.StartAsync();
        await h.Engine.Definitions.EditFeedAsync("orders", f => f with { FailedRowThreshold = Feeds.FailedRowThreshold.FromCount(1000) });
        h.Store.Put("in/a.csv", "id\n1\n");
        await h.EndedAsync(await h.AcceptedAsync());
        h.Store.Put("in/b.csv", "id\n" + string.Concat(Enumerable.Range(0, 250).Select(i => $"wrong{i:000}\n")));
        var run = await h.EndedAsync(await h.AcceptedAsync());
        var (first, last) = (await h.Client.GetStringAsync($"/runs/{run.Id}"), await h.Client.GetStringAsync($"/runs/{run.Id}?from=200"));
        Assert.Equal((101, 51), (first.Split("<li>").Length, last.Split("<li>").Length));
        Assert.Contains($"/runs/{run.Id}?from=100", first, StringComparison.Ordinal);
        Assert.Contains("wrong249", last, StringComparison.Ordinal);
        Assert.DoesNotContain("?from=300", last, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Every_answer_forbids_scripts_frames_and_keeping()
    {
        await using var h = await ServeHarness.StartAsync();
        foreach (var path in new[] { "/", $"/runs/{Guid.NewGuid()}", "/style.css", "/health", "/login", "/nowhere" })
        {
            using var response = await h.Client.GetAsync(path);
            Assert.Equal(["default-src 'none'; style-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'"], response.Headers.GetValues("Content-Security-Policy"));
            Assert.Equal(["nosniff"], response.Headers.GetValues("X-Content-Type-Options"));
            Assert.True(response.Headers.CacheControl!.NoStore);
        }
        using var missing = await h.Client.GetAsync($"/runs/{Guid.NewGuid()}");
        Assert.Equal(HttpStatusCode.NotFound, missing.StatusCode);
    }

    [Fact]
    public async Task With_a_token_every_page_asks_for_it()
    {
        await using var h = await ServeHarness.StartAsync(["--token", "env:PEAK_TOKEN"], environment: Token);
        using var browser = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false }) { BaseAddress = h.Client.BaseAddress };
        foreach (var path in new[] { "/", $"/runs/{Guid.NewGuid()}" })
        {
            using var response = await browser.GetAsync(path);
            Assert.Equal(HttpStatusCode.Redirect, response.StatusCode);
            Assert.Equal($"/login?to={Uri.EscapeDataString(path)}", response.Headers.Location!.OriginalString);
        }
        Assert.Equal(HttpStatusCode.OK, (await browser.GetAsync("/health")).StatusCode);
        await h.EndedAsync(await h.AcceptedAsync()); // webhooks have a secret of their own

        Assert.Equal(HttpStatusCode.Unauthorized, (await SignInAsync(browser, "wrong", "/")).StatusCode);
        using var signedIn = await SignInAsync(browser, TheToken, "/?a=1");
        Assert.Equal((HttpStatusCode.Redirect, "/?a=1"), (signedIn.StatusCode, signedIn.Headers.Location!.OriginalString));
        var cookie = Assert.Single(signedIn.Headers.GetValues("Set-Cookie"));
        Assert.All(["httponly", "samesite=strict"], part => Assert.Contains(part, cookie, StringComparison.OrdinalIgnoreCase));
        Assert.DoesNotContain("token", cookie, StringComparison.Ordinal);
        Assert.Contains("<h2>orders", await browser.GetStringAsync("/"), StringComparison.Ordinal);

        using var request = new HttpRequestMessage(HttpMethod.Get, "/") { Headers = { Authorization = new("Bearer", TheToken) } };
        Assert.Equal(HttpStatusCode.OK, (await h.Client.SendAsync(request)).StatusCode);
    }

    [Fact]
    public async Task A_sign_in_that_is_no_sign_in_is_refused()
    {
        await using var h = await ServeHarness.StartAsync(["--token", "env:PEAK_TOKEN"], environment: Token);
        using var large = await SignInAsync(h.Client, new string('x', 100_000), "/");
        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, large.StatusCode);
        var codes = new List<HttpStatusCode>();
        for (var i = 0; i < 50; i++)
            codes.Add((await SignInAsync(h.Client, "wrong", "/")).StatusCode);
        Assert.Contains(HttpStatusCode.TooManyRequests, codes);
        Assert.All(codes, c => Assert.True(c is HttpStatusCode.Unauthorized or HttpStatusCode.TooManyRequests));

        using var noForm = await h.Client.PostAsync("/login", new StringContent("{}", null, "application/json"));
        using var broken = await h.Client.PostAsync("/login", new ByteArrayContent("--x\r\nno header"u8.ToArray()) { Headers = { { "Content-Type", "multipart/form-data; boundary=x" } } });
        using var many = await h.Client.PostAsync("/login", new FormUrlEncodedContent(Enumerable.Range(0, 1100).Select(i => new KeyValuePair<string, string>($"k{i}", ""))));
        Assert.Equal(
            [HttpStatusCode.UnsupportedMediaType, HttpStatusCode.BadRequest, HttpStatusCode.BadRequest], new[] { noForm.StatusCode, broken.StatusCode, many.StatusCode });
    }

    [Fact]
    public async Task Wrong_tokens_of_programs_are_counted_and_told_and_the_right_one_is_not_held_up()
    {
        await using var h = await ServeHarness.StartAsync(["--token", "env:PEAK_TOKEN"], environment: Token);
        var answers = new List<HttpStatusCode>();
        for (var i = 0; i < 50; i++)
            answers.Add(await AskAsync("wrong"));
        Assert.Equal([HttpStatusCode.Unauthorized, HttpStatusCode.TooManyRequests], answers.Distinct());
        Assert.Equal(HttpStatusCode.OK, await AskAsync(TheToken));
        await h.Process.SaysAsync("warning: A sign-in from 127.0.0.1 had a wrong token");

        async Task<HttpStatusCode> AskAsync(string token)
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, "/") { Headers = { Authorization = new("Bearer", token) } };
            using var response = await h.Client.SendAsync(request);
            return response.StatusCode;
        }
    }

    [Fact]
    public async Task A_token_that_could_be_guessed_is_refused()
    {
        using var store = await WorkerStore.WithFeedAsync();
        var result = await WorkerProcess.RunAsync(
            store.Store, ["serve", "--urls", "http://127.0.0.1:0", "--token", "env:PEAK_TOKEN"],
            environment: new Dictionary<string, string?>(StringComparer.Ordinal) { ["PEAK_TOKEN"] = "nineteen characters" });
        Assert.Contains("fewer than 20 characters", result.Exits(2).Error, StringComparison.Ordinal);
        Assert.Contains("openssl rand -base64 32", result.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("nineteen", result.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("//evil.example/")]
    [InlineData("https://evil.example/")]
    [InlineData("/\\evil.example")]
    [InlineData("javascript:alert(1)")]
    [InlineData("/é")]
    [InlineData("/a\r\nSet-Cookie: a=b")]
    public async Task Signing_in_leads_nowhere_else(string to)
    {
        await using var h = await ServeHarness.StartAsync(["--token", "env:PEAK_TOKEN"], environment: Token);
        using var browser = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false }) { BaseAddress = h.Client.BaseAddress };
        using var response = await SignInAsync(browser, TheToken, to);
        Assert.Equal("/", response.Headers.Location!.OriginalString);
    }

    [Fact]
    public async Task A_worker_can_be_asked_from_a_shell_how_it_is()
    {
        await using var h = await ServeHarness.StartAsync();
        Assert.Contains("healthy", (await h.Store.RunAsync("health", h.Client.BaseAddress!.ToString())).Exits(0).Output, StringComparison.Ordinal);
        await h.Process.KillAsync();
        (await h.Store.RunAsync("health", h.Client.BaseAddress.ToString())).Exits(1);
        (await h.Store.RunAsync("health", "localhost")).Exits(2);
    }

    private static Task<HttpResponseMessage> SignInAsync(HttpClient browser, string token, string to)
        => browser.PostAsync("/login", new FormUrlEncodedContent(new Dictionary<string, string>(StringComparer.Ordinal) { ["token"] = token, ["to"] = to }));
}
