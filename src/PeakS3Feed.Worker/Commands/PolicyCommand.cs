using System.CommandLine;
using PeakS3Feed.Connections.Policies;
using PeakS3Feed.Worker.Output;

namespace PeakS3Feed.Worker.Commands;

/// <summary><c>peaks3feed policy NAME</c></summary>
internal sealed class PolicyCommand : WorkerCommand
{
    private readonly Argument<string> _name = new("NAME") { Description = "A connection; with --for Staging, Copy, DataApi or Table a destination; with Queue a trigger." };

    private readonly Option<PolicyPurpose> _purpose = new("--for")
    {
        Description = "What the policy is for: Source (default); Staging, Copy or DataApi of a destination that stages files; Table of tables on S3; "
            + "or Queue of a trigger.",
        HelpName = "PURPOSE",
        CustomParser = given => EnumOption.Parse<PolicyPurpose>(given, "a purpose of a policy", "purposes"),
    };

    private readonly Option<PolicyForm> _form = new("--as")
    {
        Description = "The form: Json, CloudFormation, Terraform or AwsCli.",
        HelpName = "FORM",
        CustomParser = given => EnumOption.Parse<PolicyForm>(given, "a form", "forms"),
    };

    private readonly Option<string?> _principal = new("--trusted-principal")
    {
        Description = "The user or role that may assume the role, as an ARN. Default: the connection's, otherwise the identity of the base "
            + "credentials. For Snowflake's Copy: the value of STORAGE_AWS_IAM_USER_ARN.",
        HelpName = "ARN",
    };

    private readonly Option<string?> _externalId = new("--external-id")
    {
        Description = "The external id of the trust policy. Default: the connection's. For Snowflake's Copy: the value of STORAGE_AWS_EXTERNAL_ID.",
        HelpName = "ID",
    };

    public PolicyCommand(WorkerHost host, CommonOptions common)
        : base(host, common, "policy", "Show the IAM policies that a connection, a destination or a trigger needs.")
    {
        Add(_name);
        Add(_purpose);
        Add(_form);
        Add(_principal);
        Add(_externalId);
    }

    protected override async Task<int> ExecuteAsync(CommandContext context, ParseResult parsed, CancellationToken cancellationToken)
    {
        var policy = await context.Engine.PolicyAsync(
            parsed.GetRequiredValue(_name), parsed.GetValue(_purpose), parsed.GetValue(_principal), parsed.GetValue(_externalId), accessKey: null,
            cancellationToken);
        PolicyPrinter.Print(context.Out, context.Error, policy, parsed.GetValue(_form));
        return ExitCodes.Success;
    }
}
