using PeakS3Feed.Errors;
using PeakS3Feed.Worker.Output;

namespace PeakS3Feed.Worker.Demo;

/// <summary>Types commands for the person who watches: prints them, and does just what they say.</summary>
internal sealed class DemoShell
{
    private static readonly string Prompt = OperatingSystem.IsWindows() ? "PS>" : "$";

    private readonly WorkerHost _host;
    private readonly Screen _screen;
    private int _steps;

    public DemoShell(WorkerHost host, string store)
    {
        _screen = host.Out;
        // One output, so that all comes in its order; and what the exported variable does to the commands a person types.
        _host = host with { Error = host.Out, Environment = name => name == "PEAKS3FEED_HOME" ? store : host.Environment(name), CanAsk = false };
    }

    /// <summary>Begins a step.</summary>
    public void Step(string title, string text)
    {
        _screen.Line();
        _screen.Line($"{++_steps}. {title}", Styles.Heading);
        Say(text);
    }

    /// <summary>Says something, at most 80 columns wide.</summary>
    public void Say(string text)
    {
        foreach (var line in Paragraph.Wrap(text))
            _screen.Verbatim(line);
    }

    /// <summary>Prints something that is not to be wrapped.</summary>
    public void Show(string text) => _screen.VerbatimLines(text);

    /// <summary>Prints a command that only a shell can do.</summary>
    public void Type(string command) => _screen.Verbatim($"{Prompt} {command}", Styles.Command);

    /// <summary>Prints a command of this program and runs it.</summary>
    /// <param name="expected">The exit code that the story needs.</param>
    /// <param name="arguments">What comes after the program's name.</param>
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
