using System.Management.Automation;
using PeakS3Feed.Cmdlets.Completion;
using PeakS3Feed.Cmdlets.Pipeline;
using PeakS3Feed.Feeds.Planning;

namespace PeakS3Feed.Cmdlets.Planning;

/// <summary>Gets what the next run of a feed would do, and changes nothing.</summary>
[Cmdlet(VerbsCommon.Get, "S3FeedPlan")]
[OutputType(typeof(FeedPlan))]
public sealed class GetS3FeedPlanCommand : FeedCmdlet
{
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true, HelpMessage = "The feed's name.")]
    [Alias("FeedName")]
    [ArgumentCompleter(typeof(FeedNameCompleter))]
    [ValidateNotNullOrEmpty]
    public string[] Name { get; set; } = [];

    [Parameter(HelpMessage = "Base credentials for this call alone: the access key's id as user name, its secret as password.")]
    [Credential]
    public PSCredential? Credential { get; set; }

    protected override void ProcessRecord()
    {
        foreach (var name in Name)
        {
            RunFor(name, async (engine, cancellationToken) =>
                await EmitAsync(await engine.PlanAsync(name, Credential.ToAccessKey(), cancellationToken), StorePath));
        }
    }
}
