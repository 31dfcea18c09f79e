using System.Management.Automation;
using PeakS3Feed.Cmdlets.Completion;
using PeakS3Feed.Cmdlets.Pipeline;
using PeakS3Feed.Connections.Policies;
using PeakS3Feed.Engine;

namespace PeakS3Feed.Cmdlets.Connections;

/// <summary>Gets the least-privilege IAM documents that a connection, a destination or the queue of a trigger needs.</summary>
[Cmdlet(VerbsCommon.Get, "S3FeedPolicy")]
[OutputType(typeof(S3FeedPolicy), typeof(string))]
public sealed class GetS3FeedPolicyCommand : NamedCmdlet
{
    [Parameter(
        Mandatory = true, Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true,
        HelpMessage = "The connection's name; with -For Staging, Copy, DataApi or Table the destination's, with -For Queue the trigger's.")]
    [PipedName(Noun.Connection | Noun.Destination | Noun.Trigger)]
    [ArgumentCompleter(typeof(PolicyNameCompleter))]
    [ValidateNotNullOrEmpty]
    public override string[] Name { get; set; } = [];

    [Parameter(
        HelpMessage = "What the policy is for: the objects of feeds (Source, the default); a destination's Staging, Copy, DataApi or Table; a trigger's Queue.")]
    public PolicyPurpose For { get; set; }

    [Parameter(
        HelpMessage = "Return one text, ready for a file: the JSON documents, a CloudFormation template, Terraform, or a script for the AWS CLI.")]
    public PolicyForm As { get; set; }

    [Parameter(
        HelpMessage = "The ARN that the trust policy names, instead of the connection's; for Snowflake's Copy STORAGE_AWS_IAM_USER_ARN.")]
    [ValidateNotNullOrEmpty]
    public string? TrustedPrincipal { get; set; }

    [Parameter(
        HelpMessage = "The external id of the trust policy, instead of the connection's; for Snowflake's Copy STORAGE_AWS_EXTERNAL_ID.")]
    [ValidateNotNullOrEmpty]
    public string? ExternalId { get; set; }

    [Parameter(HelpMessage = "Base credentials for this call only: the access key's id as user name, its secret as password.")]
    [Credential]
    public PSCredential? Credential { get; set; }

    private protected override async Task ActAsync(FeedEngine engine, string name, CancellationToken cancellationToken)
    {
        var policy = await engine.PolicyAsync(name, For, TrustedPrincipal, ExternalId, Credential.ToAccessKey(), cancellationToken);
        if (Given(nameof(As)))
        {
            await EmitAsync(policy.Render(As));
            return;
        }
        foreach (var note in policy.Notes)
            Post(() => WriteWarning(note));
        await EmitAsync(policy);
    }
}
