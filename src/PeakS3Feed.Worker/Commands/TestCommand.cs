using System.CommandLine;
using PeakS3Feed.Connections;
using PeakS3Feed.Store;
using PeakS3Feed.Worker.Output;

namespace PeakS3Feed.Worker.Commands;

/// <summary><c>peaks3feed test NAME</c></summary>
internal sealed class TestCommand : WorkerCommand
{
    private readonly Argument<string> _name = new("NAME") { Description = "A connection or a destination. If both have the name, both are tested." };

    public TestCommand(WorkerHost host, CommonOptions common)
        : base(host, common, "test", "Test a connection or a destination, step by step.")
        => Add(_name);

    protected override async Task<int> ExecuteAsync(CommandContext context, ParseResult parsed, CancellationToken cancellationToken)
    {
        var name = parsed.GetRequiredValue(_name);
        var definitions = await context.Engine.Store.ReadAsync(cancellationToken);
        var isConnection = definitions.FindConnection(name) is not null;
        var isDestination = definitions.FindDestination(name) is not null;
        if (!isConnection && !isDestination)
            throw WorkerErrors.NothingOfThatName(["connection", "destination"], name, Known(definitions));
        var passed = true;
        if (isConnection)
            passed &= await TestConnectionAsync(context, name, cancellationToken);
        if (isDestination)
            passed &= await TestDestinationAsync(context, name, cancellationToken);
        return passed ? ExitCodes.Success : ExitCodes.Failed;
    }

    private static async Task<bool> TestConnectionAsync(CommandContext context, string name, CancellationToken cancellationToken)
    {
        var passed = true;
        context.Out.Line($"connection {name}", Styles.Heading);
        await foreach (var check in context.Engine.TestConnectionAsync(name, null, cancellationToken))
        {
            CheckPrinter.Print(context.Out, check, context.Errors, context.Verbose);
            passed &= check.Outcome != CheckOutcome.Failed;
        }
        return passed;
    }

    private static async Task<bool> TestDestinationAsync(CommandContext context, string name, CancellationToken cancellationToken)
    {
        var passed = true;
        context.Out.Line($"destination {name}", Styles.Heading);
        await foreach (var check in context.Engine.TestDestinationAsync(name, cancellationToken))
        {
            CheckPrinter.Print(context.Out, check, context.Errors);
            passed &= check.Passed;
        }
        return passed;
    }

    private static List<string> Known(StoreDefinitions definitions)
        =>
        [
            .. definitions.Connections.Select(c => c.Name).Order(StringComparer.OrdinalIgnoreCase),
            .. definitions.Destinations.Select(d => d.Name).Order(StringComparer.OrdinalIgnoreCase),
            StoreDefinitions.LocalName,
        ];
}
