using PeakS3Feed.Wording;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace PeakS3Feed.Worker.Output;

/// <summary>
/// One of the program's two outputs. On a terminal, prose is wrapped at words and may be coloured. Redirected output is plain text
/// with one paragraph per line, and tables of at most 80 columns. Control characters are escaped.
/// </summary>
/// <param name="writer">The output.</param>
/// <param name="redirected">Whether the output is not a terminal.</param>
internal sealed class Screen(TextWriter writer, bool redirected)
{
    private const int PlainWidth = 80;

    private readonly Lock _lock = new();
    private IAnsiConsole? _console;

    /// <summary>Whether the output is a terminal.</summary>
    public bool IsTerminal { get; } = !redirected && Environment.GetEnvironmentVariable("TERM") != "dumb";

    /// <summary>The width in columns.</summary>
    public int Width => IsTerminal ? Console.Profile.Width : PlainWidth;

    /// <summary>The output itself.</summary>
    public TextWriter Writer { get; } = writer;

    /// <summary>The console, for live displays. Plain lines do not need it.</summary>
    public IAnsiConsole Console => LazyInitializer.EnsureInitialized(ref _console, CreateConsole);

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
            Writer.WriteLine(line);
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

    private IAnsiConsole CreateConsole()
    {
        var console = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Ansi = IsTerminal ? AnsiSupport.Detect : AnsiSupport.No,
            ColorSystem = IsTerminal ? ColorSystemSupport.Detect : ColorSystemSupport.NoColors,
            Interactive = IsTerminal ? InteractionSupport.Detect : InteractionSupport.No,
            Out = new AnsiConsoleOutput(Writer),
            Enrichment = new ProfileEnrichment { UseDefaultEnrichers = false },
        });
        console.Profile.Capabilities.Unicode = Writer.Encoding.CodePage == System.Text.Encoding.UTF8.CodePage;
        if (!IsTerminal)
            console.Profile.Width = PlainWidth;
        return console;
    }
}
