using System.CommandLine;
using PeakS3Feed.Worker.Output;

namespace PeakS3Feed.Worker.Commands;

/// <summary><c>peaks3feed preview FEED</c></summary>
internal sealed class PreviewCommand : WorkerCommand
{
    private readonly Argument<string> _feed = new("FEED") { Description = "The feed." };

    private readonly Option<int> _first = new("--first")
    {
        Description = "How many rows to show.",
        HelpName = "N",
        DefaultValueFactory = _ => 5,
        CustomParser = WholeNumber.Parse,
    };

    private readonly Option<string?> _key = new("--key") { Description = "The object's key. Default: the newest object.", HelpName = "KEY" };

    public PreviewCommand(WorkerHost host, CommonOptions common)
        : base(host, common, "preview", "Show the first rows of one file as the feed reads them.")
    {
        Add(_feed);
        Add(_first);
        Add(_key);
    }

    protected override async Task<int> ExecuteAsync(CommandContext context, ParseResult parsed, CancellationToken cancellationToken)
    {
        var preview = await context.Engine.PreviewAsync(
            parsed.GetRequiredValue(_feed), parsed.GetValue(_first), parsed.GetValue(_key), null, cancellationToken);
        PreviewPrinter.Print(context.Out, preview);
        foreach (var warning in preview.Warnings)
            context.Errors.Print(warning);
        return ExitCodes.Success;
    }
}
