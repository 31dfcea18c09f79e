using Microsoft.Extensions.Logging;
using PeakS3Feed.Engine;
using PeakS3Feed.Secrets;
using PeakS3Feed.Store;
using PeakS3Feed.Worker.Logging;
using PeakS3Feed.Worker.Output;

namespace PeakS3Feed.Worker.Commands;

/// <summary>The engine, outputs and options of one command.</summary>
internal sealed class CommandContext(WorkerHost host, ErrorPrinter errors, string? store, bool createsStore, bool verbose)
{
    private FeedEngine? _engine;
    private ScreenLoggers? _loggers;

    /// <summary>The engine on the requested store.</summary>
    public FeedEngine Engine => _engine ??= new FeedEngine(
        createsStore ? StorePaths.Resolve(store, host.Environment) : StorePaths.Resolve(store, host.Environment).Existing(),
        new FeedEngineOptions { Loggers = Loggers, Time = host.Time, Secrets = Secrets });

    /// <summary>The engine's log goes to the error output.</summary>
    public ILoggerFactory Loggers => _loggers ??= new ScreenLoggers(host.Error, verbose ? LogLevel.Debug : LogLevel.Warning);

    /// <summary>Resolves references to secrets with the program's environment.</summary>
    public ISecretResolver Secrets { get; } = new SecretResolver(host.Environment);

    public Screen Out => host.Out;

    public Screen Error => host.Error;

    public ErrorPrinter Errors => errors;

    /// <summary>Whether to print more detail.</summary>
    public bool Verbose => verbose;
}
