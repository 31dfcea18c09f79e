using System.CommandLine;
using PeakS3Feed.Worker.Service;

namespace PeakS3Feed.Worker.Commands;

/// <summary><c>peaks3feed service print</c></summary>
internal sealed class ServicePrintCommand : WorkerCommand
{
    private readonly Option<ServiceKind?> _kind = new("--kind") { Description = "Systemd, Windows or Container; that of this system without it." };

    private readonly Option<string?> _user = new("--user") { Description = "The user that the service runs as; without it, you.", HelpName = "NAME" };

    public ServicePrintCommand(WorkerHost host, CommonOptions common)
        : base(host, common, "print", "Print what makes the worker a service: a unit of systemd, a command for Windows, or a Dockerfile.")
    {
        Add(_kind);
        Add(_user);
    }

    protected override Task<int> ExecuteAsync(CommandContext context, ParseResult parsed, CancellationToken cancellationToken)
    {
        var setup = new ServiceSetup(
            Program: Environment.ProcessPath ?? "peaks3feed",
            ConfigDirectory: context.Engine.Paths.ConfigDirectory,
            StateDirectory: context.Engine.Paths.StateDirectory,
            User: parsed.GetValue(_user) ?? Environment.UserName,
            Version: typeof(ServicePrintCommand).Assembly.GetName().Version!.ToString(3));
        var text = (parsed.GetValue(_kind) ?? (OperatingSystem.IsWindows() ? ServiceKind.Windows : ServiceKind.Systemd)) switch
        {
            ServiceKind.Systemd => SystemdUnit.Of(setup),
            ServiceKind.Windows => WindowsCommand.Of(setup),
            _ => ContainerFile.Of(setup),
        };
        context.Out.VerbatimLines(text);
        return Task.FromResult(ExitCodes.Success);
    }
}
