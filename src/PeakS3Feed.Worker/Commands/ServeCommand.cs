using System.CommandLine;
using PeakS3Feed.Feeds.Running;
using PeakS3Feed.Serving;
using PeakS3Feed.Wording;
using PeakS3Feed.Worker.Serve;

namespace PeakS3Feed.Worker.Commands;

/// <summary><c>peaks3feed serve</c></summary>
internal sealed class ServeCommand : WorkerCommand
{
    private readonly Option<string[]> _urls = new("--urls")
    {
        Description = "The address to listen at: http://ADDRESS:PORT or https://ADDRESS:PORT. "
            + $"Default: http://localhost:{ServeSettings.DefaultPort}.",
        HelpName = "URL",
        AllowMultipleArgumentsPerToken = true,
    };

    private readonly Option<string[]> _hostNames = new("--host-name")
    {
        Description = "A host name of the worker. It refuses requests for other names.",
        HelpName = "NAME",
        AllowMultipleArgumentsPerToken = true,
    };

    private readonly Option<string?> _certificate = new("--certificate")
    {
        Description = "The certificate for https: a PKCS#12 file, or PEM with --certificate-key.",
        HelpName = "FILE",
    };

    private readonly Option<string?> _certificateKey = new("--certificate-key") { Description = "The certificate's key, PEM.", HelpName = "FILE" };

    private readonly Option<string?> _certificatePassword = new("--certificate-password")
    {
        Description = "A reference to the password of the PKCS#12 file: env:NAME or file:/PATH.",
        HelpName = "REF",
    };

    private readonly Option<string?> _token = new("--token")
    {
        Description = "A reference to the token that the pages require: env:NAME or file:/PATH.",
        HelpName = "REF",
    };

    private readonly Option<int> _parallel = ParallelOption.Create(TriggerServiceOptions.DefaultMaxRuns);

    private readonly Option<int> _maxParallelism = MaxParallelismOption.Create();

    private readonly Option<TimeSpan?> _stopLimit = new("--stop-limit")
    {
        Description = "How long runs may continue after a stop request, for example 90s or 10m. Default: 5m.",
        HelpName = "TIME",
        CustomParser = result => DurationOption.Parse(result),
    };

    public ServeCommand(WorkerHost host, CommonOptions common)
        : base(host, common, "serve", "Run feeds when their triggers fire, and answer webhooks, until stopped.")
    {
        Option[] options =
        [
            _urls, _hostNames, _certificate, _certificateKey, _certificatePassword, _token, _parallel, _maxParallelism, _stopLimit,
        ];
        foreach (var option in options)
            Add(option);
    }

    protected override async Task<int> ExecuteAsync(CommandContext context, ParseResult parsed, CancellationToken cancellationToken)
    {
        var urls = parsed.GetValue(_urls);
        var settings = new ServeSettings
        {
            Addresses = [.. (urls is { Length: > 0 } ? urls : [$"http://localhost:{ServeSettings.DefaultPort}"]).Select(ServeAddress.Parse)],
            HostNames = parsed.GetValue(_hostNames) ?? [],
            Certificate = parsed.GetValue(_certificate),
            CertificateKey = parsed.GetValue(_certificateKey),
            CertificatePassword = parsed.GetValue(_certificatePassword),
            Token = parsed.GetValue(_token),
            Parallel = parsed.GetValue(_parallel),
            MaxParallelism = parsed.GetValue(_maxParallelism),
            StopLimit = parsed.GetValue(_stopLimit) ?? ServeSettings.DefaultStopLimit,
        };
        ServeRules.ThrowIfInvalid(settings);
        // A mistyped folder is an empty store.
        if ((await context.Engine.Store.ReadAsync(cancellationToken)).Feeds.Count == 0)
            context.Errors.Warn($"There are no feeds in {context.Engine.Paths.ConfigDirectory} yet; --store names another folder.");
        await ServeHost.RunAsync(
            context.Engine, settings, context.Secrets, context.Loggers, Host.Time,
            addresses => context.Error.Line($"Serving {context.Engine.Paths.ConfigDirectory} at {string.Join(", ", addresses)}"),
            feed => new ProgressLines(
                feed, line => context.Error.Line($"{Quantities.Moment(Host.Time.GetUtcNow())} {line}"), Host.Time, announces: false),
            result => Report(context, result),
            cancellationToken);
        context.Error.Line("Stopped.");
        return ExitCodes.Success;
    }

    // One line for each run. For a failed run, also the error and the fix.
    private static void Report(CommandContext context, RunResult result)
    {
        var run = result.Run;
        context.Error.Line($"{Quantities.Moment(run.EndedAt ?? run.StartedAt)} run {Quantities.Short(run.Id)} of feed {run.FeedName}: "
            + $"{Quantities.Status(run)}, {Quantities.Count(run.RowsLoaded, "row")} of {Quantities.Count(run.ObjectsLoaded, "object")}, "
            + Quantities.Count(run.RowsRejected, "reject"));
        if (result.Error is { } error)
            context.Errors.Print(error);
    }
}
