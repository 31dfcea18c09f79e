using PeakS3Feed.Testing;

namespace PeakS3Feed.Integration.Worker.Serve;

/// <summary>
/// The pages in a browser, as wide as a phone and a desk, light and dark. With <c>PEAKS3FEED_SCREENSHOTS</c> each is written into that folder as a PNG file, to be
/// looked at; those in docs/images were made so.
/// </summary>
[Trait(Category.Name, Category.Server)]
public sealed class BrowserTests(PagesInBrowser pages) : IClassFixture<PagesInBrowser>
{
    // Elements with text of their own whose contrast is less than WCAG's 4.5, and elements that stand out of the page on the right.
    private const string Look = """
        (() => {
          const parse = c => (c.match(/[\d.]+/g) || []).map(Number);
          const light = c => { const [r, g, b] = c.map(v => { v /= 255; return v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4; }); return 0.2126 * r + 0.7152 * g + 0.0722 * b; };
          const paper = e => { for (; e; e = e.parentElement) { const c = parse(getComputedStyle(e).backgroundColor); if (c.length === 3 || c[3] === 1) return c.slice(0, 3); } return [255, 255, 255]; };
          const name = e => e.tagName + '.' + (e.getAttribute('class') || '') + ' ' + e.textContent.trim().slice(0, 30);
          const pale = [], beyond = [];
          let looked = 0;
          for (const e of document.querySelectorAll('body *')) {
            const box = e.getBoundingClientRect();
            if (box.right > innerWidth + 1) beyond.push(name(e));
            if (![...e.childNodes].some(n => n.nodeType === 3 && n.textContent.trim())) continue;
            if (e.closest('svg')) continue;
            looked++;
            const [a, b] = [light(parse(getComputedStyle(e).color).slice(0, 3)), light(paper(e))].sort((x, y) => y - x);
            if ((a + 0.05) / (b + 0.05) < 4.5) pale.push(name(e));
          }
          return JSON.stringify({ pale, beyond, looked, wide: document.documentElement.scrollWidth - innerWidth, scripts: document.scripts.length,
            paper: light(paper(document.body)), dark: matchMedia('(prefers-color-scheme: dark)').matches });
        })()
        """;

    [SkippableTheory]
    [InlineData("", 390, false)]
    [InlineData("", 390, true)]
    [InlineData("", 1280, false)]
    [InlineData("", 1280, true)]
    [InlineData("runs", 390, false)]
    [InlineData("runs", 390, true)]
    [InlineData("runs", 1280, false)]
    [InlineData("runs", 1280, true)]
    public async Task A_page_is_readable_whole_and_alone(string page, int width, bool dark)
    {
        Skip.IfNot(Browser.IsInstalled, "chromium is not installed");
        var address = new Uri(pages.Worker.Client.BaseAddress!, page.Length == 0 ? "/" : $"/runs/{pages.WithRejects}");
        await pages.Browser.OpenAsync(address, width, dark);
        await KeepAsync($"{(page.Length == 0 ? "feeds" : "run")}-{width}-{(dark ? "dark" : "light")}.png");
        var look = System.Text.Json.Nodes.JsonNode.Parse((await pages.Browser.EvaluateAsync(Look)).GetValue<string>())!;
        Assert.Equal("[]", look["pale"]!.ToJsonString());
        Assert.Equal("[]", look["beyond"]!.ToJsonString());
        Assert.Equal((0, 0), (look["wide"]!.GetValue<int>(), look["scripts"]!.GetValue<int>()));
        Assert.InRange(look["looked"]!.GetValue<int>(), 10, 1000);
        Assert.Equal((dark, dark), (look["dark"]!.GetValue<bool>(), look["paper"]!.GetValue<double>() < 0.2));
        Assert.Empty(pages.Browser.Complaints);
        Assert.All(pages.Browser.Asked, url => Assert.Equal(address.Authority, new Uri(url).Authority));
        Assert.Contains(pages.Browser.Asked, url => url.EndsWith("/style.css", StringComparison.Ordinal));
    }

    private async Task KeepAsync(string name)
    {
        if (Environment.GetEnvironmentVariable("PEAKS3FEED_SCREENSHOTS") is { Length: > 0 } folder)
            await File.WriteAllBytesAsync(Path.Combine(folder, name), await pages.Browser.PictureAsync());
    }
}
