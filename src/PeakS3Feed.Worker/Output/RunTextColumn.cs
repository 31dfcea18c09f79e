using Spectre.Console;
using Spectre.Console.Rendering;

namespace PeakS3Feed.Worker.Output;

/// <summary>The text beside a progress bar: the task's description as plain text, not as markup.</summary>
internal sealed class RunTextColumn : ProgressColumn
{
    protected override bool NoWrap => true;

    public override IRenderable Render(RenderOptions options, ProgressTask task, TimeSpan deltaTime)
        => new Text(task.Description) { Overflow = Overflow.Ellipsis };
}
