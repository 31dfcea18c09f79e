using System.CommandLine;
using PeakS3Feed.Errors;
using PeakS3Feed.Worker.Service;

namespace PeakS3Feed.Worker.Commands;

/// <summary><c>peaks3feed service print</c></summary>
internal sealed class ServicePrintCommand : WorkerCommand
{
    private readonly Option<ServiceKind?> _kind = new("--kind") { Description = "Systemd, Windows or Container. Default: this system's." };

    private readonly Option<string?> _user = new("--user") { Description = "The user that the service runs as. Default: you.", HelpName = "NAME" };

    public ServicePrintCommand(WorkerHost host, CommonOptions common)
        : base(host, common, "print", "Print the set-up of a service: a systemd unit, commands for Windows, or a Dockerfile.")
    {
        Add(_kind);
        Add(_user);
    }

    protected override async Task<int> ExecuteAsync(CommandContext context, ParseResult parsed, CancellationToken cancellationToken)
    {
        var paths = context.Engine.Paths;
        // The location of the user's own store depends on the user, and the service may run as another user.
        if (paths.ConfigDirectory != paths.StateDirectory)
            throw WorkerErrors.ServiceNeedsStore(paths);
        var setup = new ServiceSetup(
            Command: Program(),
            Store: paths.ConfigDirectory,
            Databases: await DatabasesAsync(context, cancellationToken),
            User: parsed.GetValue(_user) ?? Environment.UserName,
            Version: typeof(ServicePrintCommand).Assembly.GetName().Version!.ToString(3));
        var text = (parsed.GetValue(_kind) ?? (OperatingSystem.IsWindows() ? ServiceKind.Windows : ServiceKind.Systemd)) switch
        {
            ServiceKind.Systemd => SystemdUnit.Create(setup),
            ServiceKind.Windows => WindowsCommand.Create(setup),
            _ => ContainerFile.Create(setup),
        };
        context.Out.VerbatimLines(text);
        return ExitCodes.Success;
    }

    // With dotnet peaks3feed.dll, the process is dotnet.
    private static string[] Program()
    {
        var process = Environment.ProcessPath ?? "peaks3feed";
        return Path.GetFileNameWithoutExtension(process).Equals("dotnet", StringComparison.OrdinalIgnoreCase)
            ? [process, Path.Combine(AppContext.BaseDirectory, $"{typeof(ServicePrintCommand).Assembly.GetName().Name}.dll")]
            : [process];
    }

    private static async Task<string[]> DatabasesAsync(CommandContext context, CancellationToken cancellationToken)
    {
        var store = context.Engine.Paths.StateDirectory;
        try
        {
            var definitions = await context.Engine.Store.ReadAsync(cancellationToken);
            return [.. definitions.Destinations.Select(d => context.Engine.Store.Kinds.Folder(d, store)).OfType<string>()
                .Where(f => f != store && !f.StartsWith(store + Path.DirectorySeparatorChar, StringComparison.Ordinal))
                .Distinct(StringComparer.Ordinal)];
        }
        catch (FeedException e)
        {
            context.Errors.Warn($"The store cannot be read, so the output lacks the folders of SQLite destinations. {e.Message}");
            return [];
        }
    }
}
