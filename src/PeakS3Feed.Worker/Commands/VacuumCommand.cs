using System.CommandLine;
using PeakS3Feed.Destinations.Loading;
using PeakS3Feed.Wording;

namespace PeakS3Feed.Worker.Commands;

/// <summary><c>peaks3feed vacuum FEED</c></summary>
internal sealed class VacuumCommand : WorkerCommand
{
    private readonly Argument<string> _feed = new("FEED") { Description = "The feed that loads the table on S3." };

    private readonly Option<TimeSpan> _olderThan = new("--older-than")
    {
        Description = "The minimum age of a file that is deleted, for example 30d. Default: 7d, which is also the minimum.",
        HelpName = "TIME",
        CustomParser = DurationOption.Parse,
        DefaultValueFactory = _ => TableMaintenance.MinAge,
    };

    private readonly Option<bool> _dryRun = new("--dry-run") { Description = "Only say what would be deleted." };

    public VacuumCommand(WorkerHost host, CommonOptions common)
        : base(host, common, "vacuum", "Delete the files of a feed's table on S3 that the table does not use any more.")
    {
        Add(_feed);
        Add(_olderThan);
        Add(_dryRun);
    }

    protected override async Task<int> ExecuteAsync(CommandContext context, ParseResult parsed, CancellationToken cancellationToken)
    {
        var (olderThan, dryRun) = (parsed.GetValue(_olderThan), parsed.GetValue(_dryRun));
        foreach (var result in await context.Engine.VacuumTablesAsync(parsed.GetRequiredValue(_feed), olderThan, dryRun, cancellationToken))
        {
            context.Out.Line(dryRun
                ? $"{MaintenanceText.DescribeVacuum(result, olderThan)}: {MaintenanceText.Name(result)}."
                : MaintenanceText.Describe(result));
        }
        return ExitCodes.Success;
    }
}
