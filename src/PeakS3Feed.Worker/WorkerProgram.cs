using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;
using System.CommandLine.Parsing;
using PeakS3Feed.Worker.Commands;
using PeakS3Feed.Worker.Output;

namespace PeakS3Feed.Worker;

/// <summary>The program: parses the command line, runs the command and returns the exit code.</summary>
internal sealed class WorkerProgram(WorkerHost host)
{
    public async Task<int> RunAsync(IReadOnlyList<string> arguments, CancellationToken cancellationToken)
    {
        var parsed = Root().Parse(arguments);
        if (parsed.Action is ParseErrorAction || (parsed.Action is null && parsed.Errors.Count > 0))
            return Misused(parsed, parsed.Errors.Select(e => e.Message));
        if (UnknownOption(parsed) is { } unknown)
            return Misused(parsed, [$"This command has no option {unknown}."]);
        return await parsed.InvokeAsync(
            new InvocationConfiguration
            {
                EnableDefaultExceptionHandler = false,
                ProcessTerminationTimeout = null, // StopSignals handles signals
                Output = host.Out.Writer,
                Error = host.Error.Writer,
            },
            cancellationToken);
    }

    private RootCommand Root()
    {
        var common = new CommonOptions();
        var root = new RootCommand("Moves files from Amazon S3 into a database, each row exactly once.")
        {
            common.Store,
            common.Verbose,
            new DemoCommand(host, common),
            new ImportCommand(host, common),
            new ExportCommand(host, common),
            new PolicyCommand(host, common),
            new SetupCommand(host, common),
            new TestCommand(host, common),
            new PreviewCommand(host, common),
            new RowsCommand(host, common),
            new RunCommand(host, common),
            new RunsCommand(host, common),
            new StopCommand(host, common),
            new ServeCommand(host, common),
            new ServiceCommand(host, common),
            new HealthCommand(host, common),
            new SetCommand(host, common),
            new ResetCommand(host, common),
            new TableCommand(host, common),
            new OptimizeCommand(host, common),
            new VacuumCommand(host, common),
        };
        foreach (var help in root.Options.OfType<HelpOption>().Select(o => o.Action).OfType<HelpAction>())
            help.MaxWidth = host.Out.Width;
        return root;
    }

    // The parser reads an unknown option as a further argument.
    private static string? UnknownOption(ParseResult parsed)
        => parsed.Tokens.Any(t => t.Type == TokenType.DoubleDash)
            ? null
            : parsed.CommandResult.Tokens.Select(t => t.Value).FirstOrDefault(t => t.StartsWith("--", StringComparison.Ordinal));

    private int Misused(ParseResult parsed, IEnumerable<string> errors)
    {
        foreach (var error in errors.Distinct(StringComparer.Ordinal))
            host.Error.Line($"error: {error}", Styles.Error);
        var command = "";
        for (var result = parsed.CommandResult; result is { Command: not RootCommand }; result = result.Parent as CommandResult)
            command = $"{result.Command.Name} {command}";
        host.Error.Verbatim($"peaks3feed {command}--help", indent: 4);
        return ExitCodes.Usage;
    }
}
