using System.CommandLine;
using PeakS3Feed.Worker.Demo;

namespace PeakS3Feed.Worker.Commands;

/// <summary><c>peaks3feed demo</c></summary>
internal sealed class DemoCommand : WorkerCommand
{
    private readonly Option<string?> _keep = new("--keep")
    {
        Description = "The folder to make the demo's files in; without it, a new temporary one. It is left behind either way.",
        HelpName = "DIR",
    };

    public DemoCommand(WorkerHost host, CommonOptions common)
        : base(host, common, "demo", "Show on real data what PeakS3Feed does, with the commands to do it.")
        => Add(_keep);

    protected override bool MakesStore => true;

    protected override async Task<int> ExecuteAsync(CommandContext context, ParseResult parsed, CancellationToken cancellationToken)
    {
        var samples = SampleData.Find(AppContext.BaseDirectory);
        var folder = DemoFolder.Make(parsed.GetValue(_keep));
        var story = new DemoStory(new DemoShell(Host, folder.Store), folder, new DemoBucket(folder.Bucket, samples));
        await story.TellAsync(cancellationToken);
        return ExitCodes.Success;
    }
}
