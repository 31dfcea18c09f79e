using System.CommandLine;
using System.CommandLine.Parsing;
using PeakS3Feed.Connections.Policies;
using PeakS3Feed.Worker.Output;

namespace PeakS3Feed.Worker.Commands;

/// <summary><c>peaks3feed policy NAME</c></summary>
internal sealed class PolicyCommand : WorkerCommand
{
    private readonly Argument<string> _name = new("NAME") { Description = "A connection." };

    private readonly Option<PolicyForm> _form = new("--as")
    {
        Description = "The form: Json, CloudFormation, Terraform or AwsCli.",
        HelpName = "FORM",
        CustomParser = Form,
    };

    private readonly Option<string?> _principal = new("--trusted-principal")
    {
        Description = "The user or role that may assume the role, as an ARN. Default: the connection's, otherwise the identity of the base "
            + "credentials.",
        HelpName = "ARN",
    };

    public PolicyCommand(WorkerHost host, CommonOptions common)
        : base(host, common, "policy", "Show the IAM policies that a connection's role needs.")
    {
        Add(_name);
        Add(_form);
        Add(_principal);
    }

    protected override async Task<int> ExecuteAsync(CommandContext context, ParseResult parsed, CancellationToken cancellationToken)
    {
        var policy = await context.Engine.PolicyAsync(
            parsed.GetRequiredValue(_name), parsed.GetValue(_principal), accessKey: null, cancellationToken);
        PolicyPrinter.Print(context.Out, context.Error, policy, parsed.GetValue(_form));
        return ExitCodes.Success;
    }

    private static PolicyForm Form(ArgumentResult given)
    {
        var text = given.Tokens[0].Value;
        foreach (var form in Enum.GetValues<PolicyForm>())
        {
            if (string.Equals(text, form.ToString(), StringComparison.OrdinalIgnoreCase))
                return form;
        }
        given.AddError($"\"{text}\" is not a form. The forms are {string.Join(", ", Enum.GetNames<PolicyForm>())}.");
        return default;
    }
}
