using System.Management.Automation;
using PeakS3Feed.Cmdlets.Completion;
using PeakS3Feed.Cmdlets.Pipeline;
using PeakS3Feed.Destinations.S3External;
using PeakS3Feed.Engine;

namespace PeakS3Feed.Cmdlets.Tables;

/// <summary>Gets the statements with which an engine reads a feed's table on S3, or registers the table in the Glue catalog.</summary>
[Cmdlet(VerbsCommon.Get, "S3FeedTableDefinition", SupportsShouldProcess = true, DefaultParameterSetName = PrintSet)]
[OutputType(typeof(string), ParameterSetName = [PrintSet])]
[OutputType(typeof(GlueRegistration), ParameterSetName = [RegisterSet])]
public sealed class GetS3FeedTableDefinitionCommand : FeedNameCmdlet
{
    private const string PrintSet = "Print";
    private const string RegisterSet = "Register";

    [Parameter(Position = 1, HelpMessage = "The destination of the table; by default the only S3External destination of the feed.")]
    [ArgumentCompleter(typeof(DestinationNameCompleter))]
    [ValidateNotNullOrEmpty]
    public string? DestinationName { get; set; }

    [Parameter(
        Mandatory = true, ParameterSetName = PrintSet, HelpMessage = "The engine: Athena, Spectrum, Snowflake, Databricks, Trino or DuckDB.")]
    public TableEngine As { get; set; }

    [Parameter(HelpMessage = "The database or schema of the engine that gets the table, with dots between several names; by default the engine's.")]
    [ValidateNotNullOrEmpty]
    public string? Database { get; set; }

    [Parameter(
        Mandatory = true, ParameterSetName = RegisterSet,
        HelpMessage = "Create or update the table in the Glue catalog, where Athena and other services of AWS find it.")]
    public SwitchParameter Register { get; set; }

    [Parameter(ParameterSetName = RegisterSet, HelpMessage = "Another address of Glue (https://...), for example a VPC endpoint.")]
    [ValidateNotNullOrEmpty]
    public string? EndpointUrl { get; set; }

    [Parameter(
        ParameterSetName = RegisterSet,
        HelpMessage = "Credentials for this call only: the access key's id as user name, its secret as password; by default the profile's.")]
    [Credential]
    public PSCredential? Credential { get; set; }

    private protected override async Task ActAsync(FeedEngine engine, string name, CancellationToken cancellationToken)
    {
        if (ParameterSetName == PrintSet)
        {
            await EmitAsync(await engine.TableDefinitionAsync(name, DestinationName, As, Database, cancellationToken));
            return;
        }
        var table = await engine.DescribeGlueTableAsync(name, DestinationName, Database, EndpointUrl, cancellationToken);
        if (await ShouldAsync(table, "Create or update the table of the Glue catalog"))
        {
            var registered = await engine.RegisterTableAsync(
                name, DestinationName, Database, EndpointUrl, Credential.ToAccessKey(), cancellationToken);
            if (registered.ColumnsNote is { } note)
                Warn(note);
            await EmitAsync(registered);
        }
    }
}
