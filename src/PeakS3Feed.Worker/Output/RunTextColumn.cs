using Spectre.Console;
using Spectre.Console.Rendering;

namespace PeakS3Feed.Worker.Output;

/// <summary>The words beside a progress bar: the task's description, which is no markup here.</summary>
internal sealed class RunTextColumn : ProgressColumn
{
    protected override bool NoWrap => true;

    public override IRenderable Render(RenderOptions options, ProgressTask task, TimeSpan deltaTime)
        => new Text(task.Description) { Overflow = Overflow.Ellipsis };
}
