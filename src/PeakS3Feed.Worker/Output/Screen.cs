using PeakS3Feed.Wording;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace PeakS3Feed.Worker.Output;

/// <summary>
/// One of the program's two outputs. On a terminal, prose is wrapped at words and may be coloured. Redirected output is plain text
/// with one paragraph per line, and tables of at most 80 columns. Control characters are escaped.
/// </summary>
internal sealed class Screen(IAnsiConsole console, bool isTerminal)
{
    private const int PlainWidth = 80;

    private readonly Lock _lock = new();

    /// <summary>Whether the output is a terminal.</summary>
    public bool IsTerminal { get; } = isTerminal;

    /// <summary>The width in columns.</summary>
    public int Width => Console.Profile.Width;

    /// <summary>The console, for live displays.</summary>
    public IAnsiConsole Console { get; } = console;

    /// <summary>Creates an output of the process.</summary>
    public static Screen Create(TextWriter writer, bool redirected)
    {
        var terminal = !redirected && System.Environment.GetEnvironmentVariable("TERM") != "dumb";
        var console = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Ansi = terminal ? AnsiSupport.Detect : AnsiSupport.No,
            ColorSystem = terminal ? ColorSystemSupport.Detect : ColorSystemSupport.NoColors,
            Interactive = terminal ? InteractionSupport.Detect : InteractionSupport.No,
            Out = new AnsiConsoleOutput(writer),
            Enrichment = new ProfileEnrichment { UseDefaultEnrichers = false },
        });
        console.Profile.Capabilities.Unicode = writer.Encoding.CodePage == System.Text.Encoding.UTF8.CodePage;
        if (!terminal)
            console.Profile.Width = PlainWidth;
        return new Screen(console, terminal);
    }

    /// <summary>Keeps other threads from writing lines between those of this thread, until the result is disposed.</summary>
    public Lock.Scope Hold() => _lock.EnterScope();

    /// <summary>Writes a line of prose, wrapped on a terminal.</summary>
    public void Line(string text = "", Style? style = null, int indent = 0)
    {
        using var held = Hold();
        if (IsTerminal && text.Length > 0)
        {
            Console.Write(new Padder(new Text(VisibleText.Escape(text), style), new Padding(indent, 0, 0, 0)));
            return;
        }
        Verbatim(text, indent);
    }

    /// <summary>Writes a line without wrapping: a command to copy, a statement, a path.</summary>
    public void Verbatim(string text, int indent = 0)
    {
        using var held = Hold();
        var line = new string(' ', text.Length > 0 ? indent : 0) + VisibleText.Escape(text);
        // On a terminal, live displays must know of the line: they move below it.
        if (IsTerminal)
            Console.Write(new VerbatimLine(line));
        else
            Console.Profile.Out.Writer.WriteLine(line);
    }

    /// <summary>Writes a line without wrapping, in a style on a terminal.</summary>
    public void Verbatim(string text, Style style)
    {
        if (!IsTerminal)
        {
            Verbatim(text);
            return;
        }

        // Makes the console as wide as the line. The terminal itself wraps it, and a copy of it is still one line.
        var (width, visible) = (Width, VisibleText.Escape(text));
        Console.Profile.Width = Math.Max(width, (2 * visible.Length) + 1);
        Console.WriteLine(visible, style);
        Console.Profile.Width = width;
    }

    /// <summary>Writes lines without wrapping: a stack trace, a document.</summary>
    public void VerbatimLines(string text)
    {
        foreach (var line in text.ReplaceLineEndings("\n").TrimEnd('\n').Split('\n'))
            Verbatim(line);
    }

    /// <summary>Writes a table or another renderable.</summary>
    public void Write(IRenderable renderable) => Console.Write(renderable);
}
