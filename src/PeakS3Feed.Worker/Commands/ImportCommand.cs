using System.CommandLine;
using PeakS3Feed.Store;
using PeakS3Feed.Worker.Output;

namespace PeakS3Feed.Worker.Commands;

/// <summary><c>peaks3feed import FILE</c></summary>
internal sealed class ImportCommand : WorkerCommand
{
    private readonly Argument<string> _file = new("FILE")
    {
        Description = "A JSON document of connections, destinations and feeds; - reads standard input.",
    };

    public ImportCommand(WorkerHost host, CommonOptions common)
        : base(host, common, "import", "Add or change connections, destinations and feeds from a JSON document.")
        => Add(_file);

    protected override bool CreatesStore => true;

    protected override async Task<int> ExecuteAsync(CommandContext context, ParseResult parsed, CancellationToken cancellationToken)
    {
        var file = parsed.GetRequiredValue(_file);
        var document = await ReadAsync(file, cancellationToken);
        var source = file == "-" ? "The document" : file;
        var store = context.Engine.Store;
        var problems = DefinitionImport.Read(document, await store.ReadAsync(cancellationToken), store.Kinds).Problems;
        if (problems.Count > 0)
        {
            ImportPrinter.Print(context.Error, source, problems);
            return ExitCodes.Usage;
        }
        var report = await DefinitionImport.ApplyAsync(store, document, source, cancellationToken);
        ImportPrinter.Print(context.Out, context.Errors, report.Changes);
        return ExitCodes.Success;
    }

    private async Task<byte[]> ReadAsync(string file, CancellationToken cancellationToken)
    {
        if (file != "-")
            return await DefinitionFile.ReadAsync(file, cancellationToken);
        using var all = new MemoryStream();
        await using var input = Host.OpenInput();
        await input.CopyToAsync(all, cancellationToken);
        return all.ToArray();
    }
}
