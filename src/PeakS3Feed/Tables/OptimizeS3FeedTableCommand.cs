using System.Management.Automation;
using PeakS3Feed.Cmdlets.Pipeline;
using PeakS3Feed.Destinations.Loading;
using PeakS3Feed.Engine;

namespace PeakS3Feed.Cmdlets.Tables;

/// <summary>Compacts the small files of tables on S3, in a commit of its own. Rows and columns stay the same.</summary>
[Cmdlet(VerbsCommon.Optimize, "S3FeedTable", SupportsShouldProcess = true)]
[OutputType(typeof(TableMaintenanceResult))]
public sealed class OptimizeS3FeedTableCommand : FeedNameCmdlet
{
    private protected override async Task ActAsync(FeedEngine engine, string name, CancellationToken cancellationToken)
    {
        foreach (var table in await engine.FindTablesOnS3Async(name, cancellationToken))
        {
            if (!await ShouldAsync(table, "Compact small files"))
                return;
        }
        foreach (var result in await engine.OptimizeTablesAsync(name, cancellationToken))
            await EmitAsync(result, StorePath);
    }
}
