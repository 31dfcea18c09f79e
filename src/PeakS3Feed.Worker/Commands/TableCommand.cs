using System.CommandLine;
using PeakS3Feed.Destinations.S3External;
using PeakS3Feed.Worker.Output;

namespace PeakS3Feed.Worker.Commands;

/// <summary><c>peaks3feed table FEED</c></summary>
internal sealed class TableCommand : WorkerCommand
{
    private readonly Argument<string> _feed = new("FEED") { Description = "The feed that loads the table on S3." };

    private readonly Option<TableEngine?> _engine = new("--as")
    {
        Description = "The engine that reads the table: Athena, Spectrum, Snowflake, Databricks, Trino or DuckDB.",
        HelpName = "ENGINE",
        CustomParser = given => EnumOption.Parse<TableEngine>(given, "an engine", "engines"),
    };

    private readonly Option<string?> _destination = new("--destination")
    {
        Description = "The destination of the table. Default: the feed's only S3External destination.",
        HelpName = "NAME",
    };

    private readonly Option<string?> _database = new("--database")
    {
        Description = "The database or schema of the engine that gets the table. Default: the engine's.",
        HelpName = "NAME",
    };

    private readonly Option<bool> _register = new("--register")
    {
        Description = "Create or update the table in the Glue catalog instead, where Athena and other services of AWS find it.",
    };

    private readonly Option<string?> _endpoint = new("--endpoint-url")
    {
        Description = "With --register: another address of Glue, for example a VPC endpoint.",
        HelpName = "URL",
    };

    public TableCommand(WorkerHost host, CommonOptions common)
        : base(host, common, "table", "Show the statements with which an engine reads a feed's table on S3.")
    {
        Add(_feed);
        Add(_engine);
        Add(_destination);
        Add(_database);
        Add(_register);
        Add(_endpoint);
        Validators.Add(result =>
        {
            var registers = result.GetValue(_register);
            if (registers == result.GetResult(_engine) is not null)
                result.AddError("Give either --as with an engine, or --register.");
            if (!registers && result.GetResult(_endpoint) is not null)
                result.AddError("--endpoint-url needs --register.");
        });
    }

    protected override async Task<int> ExecuteAsync(CommandContext context, ParseResult parsed, CancellationToken cancellationToken)
    {
        var (feed, destination, database) = (parsed.GetRequiredValue(_feed), parsed.GetValue(_destination), parsed.GetValue(_database));
        if (parsed.GetValue(_engine) is { } engine)
        {
            context.Out.VerbatimLines(await context.Engine.TableDefinitionAsync(feed, destination, engine, database, cancellationToken));
            return ExitCodes.Success;
        }
        var table = await context.Engine.RegisterTableAsync(
            feed, destination, database, parsed.GetValue(_endpoint), accessKey: null, cancellationToken);
        context.Out.Line($"{table.Outcome}: table {table.Table} in the database {table.Database} of the Glue catalog, for {table.Location}.");
        if (table.ColumnsNote is { } note)
            context.Out.Line(note, Styles.Warning);
        return ExitCodes.Success;
    }
}
