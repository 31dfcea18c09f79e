using Microsoft.Extensions.Logging;
using PeakS3Feed.Aws;
using PeakS3Feed.Connections.Diagnosis;
using PeakS3Feed.Errors;

namespace PeakS3Feed.Destinations.S3External;

/// <summary>The table that Athena and other engines of AWS find in the Glue catalog.</summary>
/// <param name="Database">The database of the catalog.</param>
/// <param name="Table">The table; names in the catalog are lower case.</param>
/// <param name="Location">The folder of the table.</param>
/// <param name="Outcome">What was done.</param>
public sealed record GlueRegistration(string Database, string Table, string Location, GlueOutcome Outcome)
{
    /// <summary>The feed that loads the table.</summary>
    public string FeedName { get; init; } = "";

    /// <summary>The destination of the table.</summary>
    public string DestinationName { get; init; } = "";

    /// <summary>Says that the columns are those of the feed, and why; null if they come from the table's log.</summary>
    public string? ColumnsNote { get; init; }

    /// <summary>The table, with its database.</summary>
    public override string ToString() => $"{Database}.{Table}";
}

/// <summary>What a registration did.</summary>
public enum GlueOutcome
{
    /// <summary>The table was created.</summary>
    Created,

    /// <summary>The table existed, and was updated.</summary>
    Updated,
}

/// <summary>
/// Registers a table on S3 in the Glue catalog: one call that creates it, or further ones that compare and update it. The catalog gets the columns,
/// too: readers take them from the table's log, but the catalog's own pages, and permissions on columns, use these.
/// </summary>
internal sealed class GlueCatalog : IDisposable
{
    private const string Service = "glue";

    private readonly ExternalTable _table;
    private readonly SignedServices _services;
    private readonly GlueErrors _errors;

    private GlueCatalog(ExternalTable table, SignedServices services)
        => (_table, _services, _errors) = (table, services, new(Describe(table), table.Destination.Name));

    /// <summary>Opens the catalog of the bucket's region. Sends no request yet.</summary>
    /// <param name="table">The table, with its columns.</param>
    /// <param name="endpointUrl">Another address of Glue, or null.</param>
    /// <param name="accessKey">The credentials, or null for the profile of the connection or the default chain.</param>
    /// <param name="loggers">Logs retries.</param>
    /// <param name="time">The clock.</param>
    /// <exception cref="FeedException"><c>TableNotReadable</c>, <c>EndpointInvalid</c>.</exception>
    public static GlueCatalog Open(
        ExternalTable table, string? endpointUrl, AccessKey? accessKey, ILoggerFactory loggers, TimeProvider time)
    {
        ThrowIfInvalid(table, endpointUrl);
        var connection = table.Connection;
        var credentials = accessKey is { } key ? new StaticCredentials(new(key.Id, key.Secret, key.SessionToken)) : null;
        return new(table, new(
            connection.Region!, connection.ProfileName, endpointUrl, new ConnectionCredentialErrors(connection), loggers, time, RetryBudget.Short,
            credentials));
    }

    /// <summary>Throws if a table cannot be registered.</summary>
    /// <param name="table">The table.</param>
    /// <param name="endpointUrl">Another address of Glue, or null.</param>
    /// <exception cref="FeedException"><c>TableNotReadable</c>, <c>EndpointInvalid</c>.</exception>
    public static void ThrowIfInvalid(ExternalTable table, string? endpointUrl)
    {
        TableDefinitions.ThrowIfNotReadable(TableEngine.Athena, table);
        if (endpointUrl is not null && !ServiceEndpoint.IsAllowed(endpointUrl))
            throw GlueErrors.EndpointInvalid(endpointUrl);
    }

    /// <summary>Names the table in the catalog, for people.</summary>
    public static string Describe(ExternalTable table)
        => $"table {Name(table)} in the database {Database(table)} of the Glue catalog in {table.Connection.Region}";

    /// <summary>Creates the table. If there is one of that name for the same folder, updates it and keeps what others have added to it.</summary>
    /// <exception cref="FeedException">
    /// <c>GlueTableTaken</c>, <c>GlueDatabaseMissing</c>, <c>GlueDenied</c>, <c>GlueFailed</c>; errors about credentials.
    /// </exception>
    public async Task<GlueRegistration> RegisterAsync(CancellationToken cancellationToken)
    {
        var client = _services.Create(Service);
        var input = CreateInput();
        if (await TryCreateAsync(client, input, cancellationToken))
            return Registered(GlueOutcome.Created);
        var found = await CallAsync("glue:GetTable", () => client.CallJsonAsync(
            "AWSGlue.GetTable", new GlueGetTable(Database(_table), input.Name), GlueJson.Default.GlueGetTable, GlueJson.Default.GlueGetTableAnswer,
            cancellationToken));
        if (!IsSamePlace(found.Table?.StorageDescriptor?.Location))
            throw _errors.Taken(found.Table?.StorageDescriptor?.Location);
        await CallAsync("glue:UpdateTable", () => client.CallJsonAsync(
            "AWSGlue.UpdateTable", new GlueTableRequest(Database(_table), Merge(input, found.Table!)), GlueJson.Default.GlueTableRequest,
            GlueJson.Default.GlueNothing, cancellationToken));
        return Registered(GlueOutcome.Updated);
    }

    /// <inheritdoc/>
    public void Dispose() => _services.Dispose();

    private async Task<bool> TryCreateAsync(SignedServiceClient client, GlueTableInput input, CancellationToken cancellationToken)
    {
        try
        {
            await CallAsync("glue:CreateTable", () => client.CallJsonAsync(
                "AWSGlue.CreateTable", new GlueTableRequest(Database(_table), input), GlueJson.Default.GlueTableRequest, GlueJson.Default.GlueNothing,
                cancellationToken));
            return true;
        }
        catch (FeedException e) when (e.ServiceCode == "AlreadyExistsException")
        {
            return false;
        }
    }

    private async Task<T> CallAsync<T>(string action, Func<Task<T>> call)
    {
        try
        {
            return await call();
        }
        catch (Exception e) when (e is ServiceRefusalException or UnexpectedResponseException or HttpRequestException)
        {
            throw _errors.Failed(action, Database(_table), ServiceFailure.From(e), e);
        }
    }

    private GlueTableInput CreateInput()
    {
        var location = _table.Location + "/";
        return new(
            Name(_table), "EXTERNAL_TABLE",
            new(StringComparer.Ordinal) { ["EXTERNAL"] = "TRUE", ["table_type"] = "DELTA", ["spark.sql.sources.provider"] = "delta" },
            new(
                [.. _table.FileColumns.Select(c => new GlueColumn(c.Name.ToLowerInvariant(), EngineTypes.Glue(c)))], location,
                "org.apache.hadoop.mapred.SequenceFileInputFormat", "org.apache.hadoop.hive.ql.io.HiveSequenceFileOutputFormat",
                new(
                    "org.apache.hadoop.hive.serde2.lazy.LazySimpleSerDe",
                    // Readers of the Spark dialect take the folder from here.
                    new(StringComparer.Ordinal) { ["serialization.format"] = "1", ["path"] = location })),
            [.. _table.PartitionColumns.Select(p => new GlueColumn(p.Name.ToLowerInvariant(), EngineTypes.Glue(p)))]);
    }

    // What a person or another program has added to the table stays; what the definition says is replaced.
    private static GlueTableInput Merge(GlueTableInput input, GlueTable found)
    {
        var parameters = new Dictionary<string, string>(found.Parameters ?? [], StringComparer.Ordinal);
        foreach (var (name, value) in input.Parameters)
            parameters[name] = value;
        return input with { Parameters = parameters, Description = found.Description, Owner = found.Owner };
    }

    private bool IsSamePlace(string? location)
        => string.Equals(location?.TrimEnd('/').Replace("s3a://", "s3://", StringComparison.Ordinal), _table.Location, StringComparison.Ordinal);

    private GlueRegistration Registered(GlueOutcome outcome)
        => new(Database(_table), Name(_table), _table.Location + "/", outcome)
        {
            DestinationName = _table.Destination.Name, ColumnsNote = _table.ColumnsNote,
        };

    private static string Database(ExternalTable table) => (table.Database ?? TableDefinitions.DefaultDatabase).ToLowerInvariant();

    private static string Name(ExternalTable table) => table.Name.ToLowerInvariant();
}
