using Microsoft.Extensions.Logging;
using PeakS3Feed.Engine;
using PeakS3Feed.Secrets;
using PeakS3Feed.Store;
using PeakS3Feed.Worker.Logging;
using PeakS3Feed.Worker.Output;

namespace PeakS3Feed.Worker.Commands;

/// <summary>What one command works with.</summary>
internal sealed class CommandContext(WorkerHost host, ErrorPrinter errors, string? store, bool makesStore, bool verbose)
{
    private FeedEngine? _engine;
    private ScreenLoggers? _loggers;

    /// <summary>The engine on the store that was asked for.</summary>
    public FeedEngine Engine => _engine ??= new FeedEngine(
        makesStore ? StorePaths.Resolve(store, host.Environment) : StorePaths.Resolve(store, host.Environment).Existing(),
        new FeedEngineOptions { Loggers = Loggers, Time = host.Time, Secrets = Secrets });

    /// <summary>What happens is shown on the screen for errors.</summary>
    public ILoggerFactory Loggers => _loggers ??= new ScreenLoggers(host.Error, verbose ? LogLevel.Debug : LogLevel.Warning);

    /// <summary>Resolves references to secrets, with the environment of the program.</summary>
    public ISecretResolver Secrets { get; } = new SecretResolver(host.Environment);

    public Screen Out => host.Out;

    public Screen Error => host.Error;

    public ErrorPrinter Errors => errors;

    /// <summary>Whether more is to be told.</summary>
    public bool Verbose => verbose;
}
