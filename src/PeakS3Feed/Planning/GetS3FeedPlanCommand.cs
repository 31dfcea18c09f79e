using System.Management.Automation;
using PeakS3Feed.Cmdlets.Completion;
using PeakS3Feed.Cmdlets.Pipeline;
using PeakS3Feed.Engine;

namespace PeakS3Feed.Cmdlets.Planning;

/// <summary>Gets the plan of a feed's next run. Changes nothing.</summary>
[Cmdlet(VerbsCommon.Get, "S3FeedPlan")]
[OutputType(typeof(S3FeedPlanInfo))]
public sealed class GetS3FeedPlanCommand : FeedNameCmdlet
{
    [Parameter(HelpMessage = "Base credentials for this call only: the access key's id as user name, its secret as password.")]
    [Credential]
    public PSCredential? Credential { get; set; }

    private protected override async Task ActAsync(FeedEngine engine, string name, CancellationToken cancellationToken)
    {
        var plan = await engine.PlanAsync(name, Credential.ToAccessKey(), cancellationToken);
        foreach (var warning in plan.Warnings)
            Warn(warning);
        string[] keys = [.. plan.Objects.Take(PlannedKeys.MaxKeys).Select(o => o.Key)];
        Post(() => PlannedKeys.Save(plan.Feed.Id, keys));
        await EmitAsync(new S3FeedPlanInfo(plan), StorePath);
    }
}
