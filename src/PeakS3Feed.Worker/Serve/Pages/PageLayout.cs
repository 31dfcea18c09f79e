using Microsoft.AspNetCore.Http;

namespace PeakS3Feed.Worker.Serve.Pages;

/// <summary>What all pages share: the frame around their content.</summary>
internal static class PageLayout
{
    /// <summary>The page as an answer.</summary>
    /// <param name="title">Its title.</param>
    /// <param name="content">Writes what stands in it.</param>
    /// <param name="refreshSeconds">After so long it is asked for again; 0 for never.</param>
    /// <param name="status">The status code.</param>
    public static IResult Create(string title, Action<Html> content, int refreshSeconds = 0, int status = StatusCodes.Status200OK)
    {
        var html = new Html().Raw("<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n")
            .Raw("<meta name=\"color-scheme\" content=\"light dark\">\n");
        if (refreshSeconds > 0)
            html.Raw($"<meta http-equiv=\"refresh\" content=\"{refreshSeconds}\">\n");
        html.Element("title", $"{title} – PeakS3Feed").Raw("\n<link rel=\"stylesheet\" href=\"/style.css\">\n</head>\n<body>\n<header><a href=\"/\">PeakS3Feed</a></header>\n<main>\n");
        content(html);
        html.Raw("</main>\n</body>\n</html>\n");
        return Results.Text(html.ToString(), "text/html; charset=utf-8", statusCode: status);
    }
}
