using System.Text.Json.Serialization;

namespace PeakS3Feed.Destinations.Snowflake;

/// <summary>Where statements run. Names are as Snowflake stores them: the SQL API does not fold them.</summary>
/// <param name="Database">The database.</param>
/// <param name="Schema">The schema.</param>
internal sealed record SqlApiContext(string Database, string Schema)
{
    /// <summary>The virtual warehouse, or null for the user's default.</summary>
    public string? Warehouse { get; init; }

    /// <summary>The role, or null for the user's default.</summary>
    public string? Role { get; init; }

    /// <summary>The text by which the account's query history finds the statements, or null.</summary>
    public string? QueryTag { get; init; }
}

/// <summary>A request that runs one statement.</summary>
/// <param name="Statement">The text.</param>
internal sealed record StatementRequest(string Statement)
{
    /// <summary>The limit of the statement's run time, in seconds; 0 for the maximum of the account.</summary>
    public int Timeout { get; init; }

    public string? Database { get; init; }

    public string? Schema { get; init; }

    public string? Warehouse { get; init; }

    public string? Role { get; init; }

    /// <summary>The values of the text's <c>?</c>, by their numbers from 1; null for none.</summary>
    public IReadOnlyDictionary<string, StatementBinding>? Bindings { get; init; }

    /// <summary>Parameters of the session.</summary>
    public IReadOnlyDictionary<string, string>? Parameters { get; init; }

    /// <summary>
    /// Creates a request that runs in a place. All times are in UTC, and results are whole: a user's or account's ROWS_PER_RESULTSET would cut them.
    /// </summary>
    public static StatementRequest Create(string statement, SqlApiContext context, IReadOnlyList<string>? values = null)
    {
        var parameters = new Dictionary<string, string>(StringComparer.Ordinal) { ["TIMEZONE"] = "UTC", ["ROWS_PER_RESULTSET"] = "0" };
        if (context.QueryTag is { } tag)
            parameters["QUERY_TAG"] = tag;
        return new(statement)
        {
            Database = context.Database,
            Schema = context.Schema,
            Warehouse = context.Warehouse,
            Role = context.Role,
            Parameters = parameters,
            Bindings = values is null or [] ? null : values.Index().ToDictionary(
                v => (v.Index + 1).ToString(System.Globalization.CultureInfo.InvariantCulture), v => new StatementBinding("TEXT", v.Item),
                StringComparer.Ordinal),
        };
    }
}

/// <summary>The value of a <c>?</c>.</summary>
/// <param name="Type">Its type in the words of the SQL API: <c>TEXT</c>.</param>
/// <param name="Value">The value.</param>
internal sealed record StatementBinding(string Type, string Value);

/// <summary>An answer about a statement: its result, that it still runs, or why it failed. Members that the service leaves out are null.</summary>
internal sealed record StatementAnswer
{
    /// <summary>A code of six digits.</summary>
    public string? Code { get; init; }

    /// <summary>The SQLSTATE.</summary>
    public string? SqlState { get; init; }

    public string? Message { get; init; }

    /// <summary>The id of the statement.</summary>
    public string? StatementHandle { get; init; }

    public ResultMetadata? ResultSetMetaData { get; init; }

    /// <summary>The rows of the first partition.</summary>
    public IReadOnlyList<IReadOnlyList<string?>>? Data { get; init; }

    public StatementStatistics? Stats { get; init; }
}

/// <summary>What a result consists of.</summary>
internal sealed record ResultMetadata
{
    public long? NumRows { get; init; }

    /// <summary>The parts in which the service hands out the rows. The first one is in the answer itself.</summary>
    public IReadOnlyList<ResultPartition>? PartitionInfo { get; init; }

    public IReadOnlyList<ResultColumn>? RowType { get; init; }
}

/// <summary>A part of a result.</summary>
internal sealed record ResultPartition
{
    public long RowCount { get; init; }
}

/// <summary>A column of a result.</summary>
internal sealed record ResultColumn
{
    public string? Name { get; init; }

    public string? Type { get; init; }
}

/// <summary>How many rows a statement changed.</summary>
internal sealed record StatementStatistics
{
    public long? NumRowsInserted { get; init; }

    public long? NumRowsUpdated { get; init; }

    public long? NumRowsDeleted { get; init; }
}

/// <summary>A further part of a result.</summary>
internal sealed record PartitionAnswer
{
    public IReadOnlyList<IReadOnlyList<string?>>? Data { get; init; }
}

/// <summary>Writes and reads the calls of the SQL API. Null members are left out; unknown ones are ignored.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    NumberHandling = JsonNumberHandling.AllowReadingFromString)]
[JsonSerializable(typeof(StatementRequest))]
[JsonSerializable(typeof(StatementAnswer))]
[JsonSerializable(typeof(PartitionAnswer))]
internal sealed partial class SqlApiJson : JsonSerializerContext;
