using System.CommandLine;

namespace PeakS3Feed.Worker.Commands;

/// <summary><c>peaks3feed health [URL]</c></summary>
internal sealed class HealthCommand : WorkerCommand
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    private readonly Argument<string> _url = new("URL")
    {
        Description = "The worker's address.",
        Arity = ArgumentArity.ZeroOrOne,
        DefaultValueFactory = _ => $"http://localhost:{Serve.ServeSettings.DefaultPort}",
    };

    private readonly Option<bool> _insecure = new("--insecure")
    {
        Description = "Do not verify the certificate. Use it only on the worker's own machine.",
    };

    public HealthCommand(WorkerHost host, CommonOptions common)
        : base(host, common, "health", "Check the health of a serving worker; the exit code is 0 if it is healthy.")
    {
        Add(_url);
        Add(_insecure);
    }

    protected override async Task<int> ExecuteAsync(CommandContext context, ParseResult parsed, CancellationToken cancellationToken)
    {
        using var handler = new SocketsHttpHandler { AllowAutoRedirect = false };
        if (parsed.GetValue(_insecure))
            handler.SslOptions.RemoteCertificateValidationCallback = (_, certificate, _, _) => certificate is not null;
        using var client = new HttpClient(handler) { Timeout = Patience };
        var given = parsed.GetRequiredValue(_url);
        if (!Uri.TryCreate(given, UriKind.Absolute, out var address) || address.Scheme is not ("http" or "https"))
            throw WorkerErrors.NotAnAddress(given);
        var url = new Uri(address, "/health");
        try
        {
            using var response = await client.GetAsync(url, cancellationToken);
            context.Out.VerbatimLines(await response.Content.ReadAsStringAsync(cancellationToken));
            return response.IsSuccessStatusCode ? ExitCodes.Success : ExitCodes.Failed;
        }
        catch (Exception e) when (e is HttpRequestException || (e is OperationCanceledException && !cancellationToken.IsCancellationRequested))
        {
            throw WorkerErrors.NobodyServes(url, e);
        }
    }
}
