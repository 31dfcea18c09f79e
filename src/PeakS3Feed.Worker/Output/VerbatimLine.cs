using Spectre.Console.Rendering;

namespace PeakS3Feed.Worker.Output;

/// <summary>A line that only the terminal itself wraps, so that a copy of it is still one line.</summary>
internal sealed class VerbatimLine(string text) : Renderable
{
    protected override IEnumerable<Segment> Render(RenderOptions options, int maxWidth) => [new Segment(text), Segment.LineBreak];
}
