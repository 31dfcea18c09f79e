using PeakS3Feed.Runs;
using Spectre.Console;

namespace PeakS3Feed.Worker.Output;

/// <summary>The colours of the outputs.</summary>
internal static class Styles
{
    public static Style Error => new(Color.Red);

    public static Style Warning => new(Color.Yellow);

    public static Style Good => new(Color.Green);

    public static Style Heading => new(decoration: Decoration.Bold);

    public static Style Command => new(Color.Aqua);

    public static Style Quiet => new(decoration: Decoration.Dim);

    public static Style Find(RunStatus status) => status switch
    {
        RunStatus.Succeeded => Good,
        RunStatus.Failed => Error,
        RunStatus.SucceededWithRejects or RunStatus.NothingMatched or RunStatus.Canceled => Warning,
        _ => Style.Plain,
    };
}
