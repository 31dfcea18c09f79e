using System.CommandLine;
using PeakS3Feed.Destinations;

namespace PeakS3Feed.Worker.Commands;

/// <summary><c>peaks3feed setup NAME</c></summary>
internal sealed class SetupCommand : WorkerCommand
{
    private readonly Argument<string> _name = new("NAME") { Description = "A Snowflake destination." };

    private readonly Option<string?> _user = new("--iam-user-arn")
    {
        Description = "The value of STORAGE_AWS_IAM_USER_ARN, which DESC INTEGRATION shows.",
        HelpName = "ARN",
    };

    private readonly Option<string?> _externalId = new("--external-id")
    {
        Description = "The value of STORAGE_AWS_EXTERNAL_ID, which DESC INTEGRATION shows.",
        HelpName = "ID",
    };

    public SetupCommand(WorkerHost host, CommonOptions common)
        : base(host, common, "setup", "Show what a destination needs outside of this program, as SQL.")
    {
        Add(_name);
        Add(_user);
        Add(_externalId);
    }

    protected override async Task<int> ExecuteAsync(CommandContext context, ParseResult parsed, CancellationToken cancellationToken)
    {
        var setup = await context.Engine.SetupAsync(
            parsed.GetRequiredValue(_name), parsed.GetValue(_user), parsed.GetValue(_externalId), cancellationToken);
        context.Out.VerbatimLines(setup.Render(SetupForm.Sql, context.Errors.Command));
        return ExitCodes.Success;
    }
}
