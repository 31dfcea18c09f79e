using System.Globalization;
using System.Text.Json.Serialization;

namespace PeakS3Feed.Destinations.Redshift;

/// <summary>The database that statements of the Data API run in, and how the service logs in to it.</summary>
/// <param name="Database">The database.</param>
internal sealed record DataApiTarget(string Database)
{
    /// <summary>The serverless workgroup, or null.</summary>
    public string? WorkgroupName { get; private init; }

    /// <summary>The cluster, or null.</summary>
    public string? ClusterIdentifier { get; private init; }

    /// <summary>The database user of a cluster, or null.</summary>
    public string? DbUser { get; private init; }

    /// <summary>The secret of Secrets Manager with user and password, or null.</summary>
    public string? SecretArn { get; private init; }

    /// <summary>A serverless workgroup, as the IAM identity, or with a secret.</summary>
    public static DataApiTarget Workgroup(string name, string database, string? secretArn = null)
        => new(database) { WorkgroupName = name, SecretArn = secretArn };

    /// <summary>A cluster, as the IAM identity, or with a secret.</summary>
    public static DataApiTarget Cluster(string identifier, string database, string? secretArn = null)
        => new(database) { ClusterIdentifier = identifier, SecretArn = secretArn };

    /// <summary>A cluster, as a database user.</summary>
    public static DataApiTarget ClusterUser(string identifier, string database, string dbUser)
        => new(database) { ClusterIdentifier = identifier, DbUser = dbUser };
}

/// <summary>A parameter of a statement: <c>:name</c> in its text.</summary>
internal sealed record DataApiParameter(
    [property: JsonPropertyName("name")] string Name, [property: JsonPropertyName("value")] string Value);

/// <summary>A request that runs statements. <see cref="DataApiClient"/> sets the database and the login.</summary>
internal abstract record StatementSubmission
{
    public string? Database { get; init; }

    public string? WorkgroupName { get; init; }

    public string? ClusterIdentifier { get; init; }

    public string? DbUser { get; init; }

    public string? SecretArn { get; init; }

    public string? ClientToken { get; init; }

    public string? StatementName { get; init; }

    public int? WaitTimeSeconds { get; init; }
}

/// <summary>A request that runs one statement.</summary>
internal sealed record ExecuteStatementRequest(string Sql) : StatementSubmission
{
    public IReadOnlyList<DataApiParameter>? Parameters { get; init; }
}

/// <summary>A request that runs several statements in order, as one transaction.</summary>
internal sealed record BatchExecuteStatementRequest(IReadOnlyList<string> Sqls) : StatementSubmission;

/// <summary>A request about one statement.</summary>
internal sealed record StatementRequest(string Id)
{
    /// <summary>How long the service may wait for the statement's end: 1 to 30 seconds. Null to be answered at once.</summary>
    public int? WaitTimeSeconds { get; init; }

    /// <summary>The token of the page, or null for the first one. For results only.</summary>
    public string? NextToken { get; init; }
}

/// <summary>The answer to a request that runs statements.</summary>
internal sealed record ExecuteAnswer
{
    public string? Id { get; init; }
}

/// <summary>The states of a statement, as the service names them.</summary>
internal static class StatementStatus
{
    public const string Submitted = "SUBMITTED";
    public const string Picked = "PICKED";
    public const string Started = "STARTED";
    public const string Finished = "FINISHED";
    public const string Failed = "FAILED";
    public const string Aborted = "ABORTED";

    /// <summary>Returns whether a text names a state.</summary>
    public static bool IsKnown(string? status) => status is Submitted or Picked or Started or Finished or Failed or Aborted;
}

/// <summary>The state of a statement, or of all statements of a batch.</summary>
internal sealed record StatementDescription
{
    /// <summary>The id. A statement of a batch has the batch's id with <c>:1</c>, <c>:2</c> and so on.</summary>
    public string? Id { get; init; }

    /// <summary>One of <see cref="StatementStatus"/>.</summary>
    public string? Status { get; init; }

    /// <summary>The database's error, or null.</summary>
    public string? Error { get; init; }

    /// <summary>Whether there is a result, which may have no rows.</summary>
    public bool HasResultSet { get; init; }

    /// <summary>The number of rows of the result, or of rows that the statement changed; null or -1 if unknown.</summary>
    public long? ResultRows { get; init; }

    /// <summary>The id of the query in the warehouse's system tables; 0 if it has none.</summary>
    public long RedshiftQueryId { get; init; }

    /// <summary>The statements of a batch, or null.</summary>
    public IReadOnlyList<StatementDescription>? SubStatements { get; init; }
}

/// <summary>One page of a result.</summary>
internal sealed record ResultPage
{
    public IReadOnlyList<IReadOnlyList<ResultField>>? Records { get; init; }

    public string? NextToken { get; init; }
}

/// <summary>A value of a result. One member is set.</summary>
internal sealed record ResultField
{
    [JsonPropertyName("isNull")]
    public bool? IsNull { get; init; }

    [JsonPropertyName("stringValue")]
    public string? StringValue { get; init; }

    [JsonPropertyName("longValue")]
    public long? LongValue { get; init; }

    [JsonPropertyName("doubleValue")]
    public double? DoubleValue { get; init; }

    [JsonPropertyName("booleanValue")]
    public bool? BooleanValue { get; init; }

    [JsonPropertyName("blobValue")]
    public string? BlobValue { get; init; }

    /// <summary>
    /// Returns the value as text, independent of culture: numbers with all digits, <c>true</c> or <c>false</c>, binary values in Base64; null for
    /// NULL.
    /// </summary>
    public string? Text => this switch
    {
        { IsNull: true } => null,
        { StringValue: { } text } => text,
        { LongValue: { } number } => number.ToString(CultureInfo.InvariantCulture),
        { DoubleValue: { } number } => number.ToString("R", CultureInfo.InvariantCulture),
        { BooleanValue: { } value } => value ? "true" : "false",
        { BlobValue: { } bytes } => bytes,
        _ => null,
    };
}

/// <summary>The answer to a cancellation.</summary>
internal sealed record CancelAnswer
{
    /// <summary>Whether the service accepted it.</summary>
    public bool Status { get; init; }
}

/// <summary>Writes and reads the calls of the Data API. Null members are left out; unknown ones are ignored.</summary>
[JsonSourceGenerationOptions(
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull, NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals)]
[JsonSerializable(typeof(ExecuteStatementRequest))]
[JsonSerializable(typeof(BatchExecuteStatementRequest))]
[JsonSerializable(typeof(StatementRequest))]
[JsonSerializable(typeof(ExecuteAnswer))]
[JsonSerializable(typeof(StatementDescription))]
[JsonSerializable(typeof(ResultPage))]
[JsonSerializable(typeof(CancelAnswer))]
internal sealed partial class DataApiJson : JsonSerializerContext;
