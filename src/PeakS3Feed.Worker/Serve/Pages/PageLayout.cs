using Microsoft.AspNetCore.Http;

namespace PeakS3Feed.Worker.Serve.Pages;

/// <summary>The layout of all pages.</summary>
internal static class PageLayout
{
    /// <summary>Creates the answer with a page.</summary>
    /// <param name="title">Its title.</param>
    /// <param name="content">Writes the content.</param>
    /// <param name="refreshSeconds">The refresh interval in seconds; 0 for none.</param>
    /// <param name="status">The status code.</param>
    public static IResult Create(string title, Action<Html> content, int refreshSeconds = 0, int status = StatusCodes.Status200OK)
    {
        var html = new Html().Raw("<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n")
            .Raw("<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n")
            .Raw("<meta name=\"color-scheme\" content=\"light dark\">\n");
        if (refreshSeconds > 0)
            html.Raw($"<meta http-equiv=\"refresh\" content=\"{refreshSeconds}\">\n");
        html.Element("title", $"{title} – PeakS3Feed").Raw("\n<link rel=\"stylesheet\" href=\"/style.css\">\n</head>\n")
            .Raw("<body>\n<header><a href=\"/\">PeakS3Feed</a></header>\n<main>\n");
        content(html);
        html.Raw("</main>\n</body>\n</html>\n");
        return Results.Text(html.ToString(), "text/html; charset=utf-8", statusCode: status);
    }
}
