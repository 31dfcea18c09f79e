using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net.WebSockets;
using System.Text.Json;
using System.Text.Json.Nodes;
using PeakS3Feed.Testing;

namespace PeakS3Feed.Integration.Worker.Serve;

/// <summary>Debian's Chromium without a window, with one page, spoken to by the DevTools protocol (https://chromedevtools.github.io/devtools-protocol/).</summary>
internal sealed class Browser : IAsyncDisposable
{
    private const string Program = "/usr/bin/chromium";

    private readonly TestFolder _profile;
    private readonly Process _process;
    private readonly ClientWebSocket _socket = new();
    private readonly CancellationTokenSource _over = new();
    private readonly ConcurrentDictionary<int, TaskCompletionSource<JsonNode>> _answers = new();
    private readonly ConcurrentQueue<JsonNode> _events = new();
    private Task _reading = Task.CompletedTask;
    private string? _page;
    private int _calls;

    private Browser(TestFolder profile, Process process) => (_profile, _process) = (profile, process);

    /// <summary>What the page wrote down or complained of, and every address that it asked for, since it was opened.</summary>
    public IReadOnlyList<string> Complaints => [.. Said("Log.entryAdded", e => e["entry"]!["text"]!), .. Said("Runtime.exceptionThrown", e => e["exceptionDetails"]!["text"]!)];

    /// <inheritdoc cref="Complaints"/>
    public IReadOnlyList<string> Asked => [.. Said("Network.requestWillBeSent", e => e["request"]!["url"]!)];

    public static bool IsInstalled => File.Exists(Program);

    /// <summary>Starts it.</summary>
    public static async Task<Browser> StartAsync()
    {
        var profile = new TestFolder();
        string[] arguments =
        [
            "--headless", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--hide-scrollbars", "--no-first-run", "--disable-background-networking", "--remote-debugging-port=0",
            $"--user-data-dir={profile.Sub("profile")}", "about:blank",
        ];
        var process = Process.Start(new ProcessStartInfo(Program, arguments) { RedirectStandardError = true, RedirectStandardOutput = true, UseShellExecute = false })!;
        var browser = new Browser(profile, process);
        await browser.ConnectAsync();
        return browser;
    }

    /// <summary>Opens an address as a device of that width shows it.</summary>
    /// <param name="address">The address.</param>
    /// <param name="width">In pixels.</param>
    /// <param name="dark">Whether its owner likes it dark.</param>
    public async Task OpenAsync(Uri address, int width, bool dark)
    {
        await CallAsync("Emulation.setDeviceMetricsOverride", new() { ["width"] = width, ["height"] = 844, ["deviceScaleFactor"] = 1, ["mobile"] = width < 600 });
        await CallAsync("Emulation.setEmulatedMedia", new() { ["features"] = new JsonArray(new JsonObject { ["name"] = "prefers-color-scheme", ["value"] = dark ? "dark" : "light" }) });
        _events.Clear();
        var opened = await CallAsync("Page.navigate", new() { ["url"] = address.AbsoluteUri });
        Assert.Null(opened["errorText"]);
        using var limit = new CancellationTokenSource(TestLimits.Hang);
        while (!Said("Page.loadEventFired", e => e["timestamp"]!).Any())
            await Task.Delay(10, limit.Token);
    }

    /// <summary>The value of an expression in the page.</summary>
    public async Task<JsonNode> EvaluateAsync(string expression)
    {
        var answer = await CallAsync("Runtime.evaluate", new() { ["expression"] = expression, ["returnByValue"] = true });
        Assert.Null(answer["exceptionDetails"]);
        return answer["result"]!["value"]!;
    }

    /// <summary>The whole page as a PNG file.</summary>
    public async Task<byte[]> PictureAsync()
    {
        var answer = await CallAsync("Page.captureScreenshot", new() { ["format"] = "png", ["captureBeyondViewport"] = true });
        return Convert.FromBase64String(answer["data"]!.GetValue<string>());
    }

    public async ValueTask DisposeAsync()
    {
        // Told to end, it takes its helpers along, which else would go on writing.
        _page = null;
        await CallAsync("Browser.close", []);
        await _process.WaitForExitAsync();
        await _over.CancelAsync();
        await _reading;
        _socket.Dispose();
        _process.Dispose();
        _over.Dispose();
        _profile.Dispose();
    }

    private async Task ConnectAsync()
    {
        const string Says = "DevTools listening on ";
        using var limit = new CancellationTokenSource(TestLimits.Hang);
        var address = new TaskCompletionSource<string>(TaskCreationOptions.RunContinuationsAsynchronously);
        _process.ErrorDataReceived += (_, e) =>
        {
            if (e.Data is null)
                address.TrySetException(new InvalidOperationException("Chromium did not start."));
            else if (e.Data.StartsWith(Says, StringComparison.Ordinal))
                address.TrySetResult(e.Data[Says.Length..]);
        };
        // What nobody reads would stop it when the pipe is full.
        _process.BeginErrorReadLine();
        _process.BeginOutputReadLine();
        await _socket.ConnectAsync(new Uri(await address.Task.WaitAsync(limit.Token)), limit.Token);
        _reading = ReadAsync();
        var target = await CallAsync("Target.createTarget", new() { ["url"] = "about:blank" });
        var attached = await CallAsync("Target.attachToTarget", new() { ["targetId"] = target["targetId"]!.GetValue<string>(), ["flatten"] = true });
        _page = attached["sessionId"]!.GetValue<string>();
        foreach (var domain in new[] { "Page", "Log", "Network", "Runtime" })
            await CallAsync(domain + ".enable", []);
    }

    private async Task<JsonNode> CallAsync(string method, JsonObject parameters)
    {
        var id = Interlocked.Increment(ref _calls);
        var answer = _answers[id] = new TaskCompletionSource<JsonNode>(TaskCreationOptions.RunContinuationsAsynchronously);
        var call = new JsonObject { ["id"] = id, ["method"] = method, ["params"] = parameters };
        if (_page is not null)
            call["sessionId"] = _page;
        await _socket.SendAsync(JsonSerializer.SerializeToUtf8Bytes(call), WebSocketMessageType.Text, endOfMessage: true, _over.Token);
        var message = await answer.Task.WaitAsync(TestLimits.Hang);
        return message["result"] ?? throw new InvalidOperationException($"{method}: {message["error"]}");
    }

    private async Task ReadAsync()
    {
        using var message = new MemoryStream();
        var buffer = new byte[65536];
        try
        {
            while (true)
            {
                var part = await _socket.ReceiveAsync(buffer, _over.Token);
                message.Write(buffer, 0, part.Count);
                if (!part.EndOfMessage)
                    continue;
                var said = JsonNode.Parse(message.ToArray())!;
                message.SetLength(0);
                if (said["id"] is { } id && _answers.TryRemove(id.GetValue<int>(), out var answer))
                    answer.SetResult(said);
                else
                    _events.Enqueue(said);
            }
        }
        catch (Exception e) when (e is OperationCanceledException or WebSocketException)
        {
            // It is closed.
        }
    }

    private IEnumerable<string> Said(string method, Func<JsonNode, JsonNode> what)
        => _events.Where(e => e["method"]!.GetValue<string>() == method).Select(e => what(e["params"]!).ToString());
}
