using Microsoft.AspNetCore.Http;

namespace PeakS3Feed.Worker.Serve.Pages;

/// <summary>The style sheet of all pages, embedded in the program.</summary>
internal sealed class StyleSheet
{
    private readonly byte[] _css = Read();

    public IResult Get() => Results.Bytes(_css, "text/css; charset=utf-8");

    private static byte[] Read()
    {
        using var resource = typeof(StyleSheet).Assembly.GetManifestResourceStream("style.css")!;
        using var memory = new MemoryStream();
        resource.CopyTo(memory);
        return memory.ToArray();
    }
}
