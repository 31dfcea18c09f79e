using PeakS3Feed.Remedies;
using PeakS3Feed.Worker.Output;

namespace PeakS3Feed.Worker.Demo;

/// <summary>Shows commands to a person who watches: prints each command and runs exactly it.</summary>
internal sealed class DemoShell
{
    private static readonly string Prompt = OperatingSystem.IsWindows() ? "PS>" : "$";

    private readonly WorkerHost _host;
    private readonly Screen _screen;
    private int _steps;

    public DemoShell(WorkerHost host, string store)
    {
        _screen = host.Out;
        // One output keeps the order. PEAKS3FEED_HOME is set, as the exported variable does for commands that a person types.
        _host = host with { Error = host.Out, Environment = name => name == "PEAKS3FEED_HOME" ? store : host.Environment(name), CanAsk = false };
    }

    /// <summary>Starts a step.</summary>
    public void Step(string title, string text)
    {
        _screen.Line();
        _screen.Line($"{++_steps}. {title}", Styles.Heading);
        Say(text);
    }

    /// <summary>Prints prose, at most 80 columns wide.</summary>
    public void Say(string text)
    {
        foreach (var line in Paragraph.Wrap(text))
            _screen.Verbatim(line);
    }

    /// <summary>Prints text without wrapping.</summary>
    public void Show(string text) => _screen.VerbatimLines(text);

    /// <summary>Prints a command that only a shell can run.</summary>
    public void Type(string command) => _screen.Verbatim($"{Prompt} {command}", Styles.Command);

    /// <summary>Prints a command of this program and runs it.</summary>
    /// <param name="expected">The exit code that the demo expects.</param>
    /// <param name="arguments">The arguments after the program's name.</param>
    /// <param name="cancellationToken">Stops it.</param>
    public async Task RunAsync(int expected, IReadOnlyList<string> arguments, CancellationToken cancellationToken)
    {
        _screen.Line();
        Type($"peaks3feed {string.Join(' ', arguments.Select(CommandText.Shell))}");
        var code = await new WorkerProgram(_host).RunAsync(arguments, cancellationToken);
        cancellationToken.ThrowIfCancellationRequested();
        if (code != expected)
            throw WorkerErrors.DemoWentWrong(code, expected);
    }
}
