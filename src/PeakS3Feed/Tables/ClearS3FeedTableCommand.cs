using System.Management.Automation;
using PeakS3Feed.Cmdlets.Pipeline;
using PeakS3Feed.Destinations.Loading;
using PeakS3Feed.Engine;
using PeakS3Feed.Wording;

namespace PeakS3Feed.Cmdlets.Tables;

/// <summary>Deletes the files of tables on S3 that no version of the table refers to any more. Rows stay the same.</summary>
[Cmdlet(VerbsCommon.Clear, "S3FeedTable", SupportsShouldProcess = true)]
[OutputType(typeof(TableVacuumResult))]
public sealed class ClearS3FeedTableCommand : FeedNameCmdlet
{
    [Parameter(Mandatory = true, HelpMessage = "Delete files that were removed from the table, or never became part of it.")]
    public SwitchParameter Vacuum { get; set; }

    [Parameter(HelpMessage = "The minimum age of a file that is deleted, for example 30d; 7 days by default, and not less.")]
    [DurationTransformation]
    public TimeSpan OlderThan { get; set; } = TableMaintenance.MinAge;

    private protected override async Task ActAsync(FeedEngine engine, string name, CancellationToken cancellationToken)
    {
        foreach (var table in await engine.VacuumTablesAsync(name, OlderThan, dryRun: true, cancellationToken))
        {
            if (!await ShouldAsync(MaintenanceText.Name(table), MaintenanceText.DescribeVacuum(table, OlderThan)))
                return;
        }
        foreach (var result in await engine.VacuumTablesAsync(name, OlderThan, dryRun: false, cancellationToken))
            await EmitAsync(result, StorePath);
    }
}
