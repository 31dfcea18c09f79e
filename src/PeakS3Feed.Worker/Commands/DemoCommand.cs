using System.CommandLine;
using PeakS3Feed.Worker.Demo;

namespace PeakS3Feed.Worker.Commands;

/// <summary><c>peaks3feed demo</c></summary>
internal sealed class DemoCommand : WorkerCommand
{
    private readonly Option<string?> _keep = new("--keep")
    {
        Description = "The folder for the demo's files. Default: a new temporary folder. The demo does not remove it.",
        HelpName = "DIR",
    };

    public DemoCommand(WorkerHost host, CommonOptions common)
        : base(host, common, "demo", "Show PeakS3Feed and its commands on real data.")
        => Add(_keep);

    protected override bool CreatesStore => true;

    protected override async Task<int> ExecuteAsync(CommandContext context, ParseResult parsed, CancellationToken cancellationToken)
    {
        var samples = SampleData.Find(AppContext.BaseDirectory);
        var folder = DemoFolder.Create(parsed.GetValue(_keep));
        var story = new DemoStory(new DemoShell(Host, folder.Store), folder, new DemoBucket(folder.Bucket, samples));
        await story.RunAsync(cancellationToken);
        return ExitCodes.Success;
    }
}
