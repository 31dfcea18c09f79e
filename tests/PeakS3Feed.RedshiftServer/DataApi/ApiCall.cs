using System.Globalization;
using System.Text;
using System.Text.Json;

namespace PeakS3Feed.RedshiftServer.DataApi;

/// <summary>The members of a request. A member that the operation does not know is an error, unlike in AWS: it is a mistake of the caller.</summary>
internal sealed class ApiCall(JsonElement body)
{
    private readonly HashSet<string> _known = new(StringComparer.Ordinal);

    public string? Text(string name) => Member(name) is { } value ? value.GetString() : null;

    public string Required(string name) => Text(name) is { Length: > 0 } text ? text : throw DataApiException.Validation($"{name} is required.");

    public bool Flag(string name) => Member(name) is { } value && value.GetBoolean();

    public int Number(string name, int fallback, int least, int greatest)
    {
        if (Member(name) is not { } value)
            return fallback;
        var number = value.GetInt32();
        return number >= least && number <= greatest
            ? number
            : throw DataApiException.Validation(string.Create(CultureInfo.InvariantCulture, $"{name} must be between {least} and {greatest}."));
    }

    public IReadOnlyList<JsonElement>? List(string name) => Member(name) is { } value ? [.. value.EnumerateArray()] : null;

    /// <summary>Throws if the request has a member that nothing asked for.</summary>
    public void NoOthers()
    {
        foreach (var member in body.EnumerateObject().Where(m => !_known.Contains(m.Name)))
            throw DataApiException.Serialization($"The operation has no parameter {member.Name}.");
    }

    private JsonElement? Member(string name)
    {
        _known.Add(name);
        return body.TryGetProperty(name, out var value) && value.ValueKind is not JsonValueKind.Null ? value : null;
    }
}

/// <summary>What ExecuteStatement and BatchExecuteStatement were asked to run.</summary>
/// <param name="Sqls">The statements.</param>
/// <param name="Parameters">The values of the named parameters, as text.</param>
/// <param name="Where">The members of the request that say which database, echoed in answers.</param>
/// <param name="Database">The database.</param>
/// <param name="Token">The client token.</param>
/// <param name="Name">The statement's name.</param>
/// <param name="IsBatch">Whether it is a batch.</param>
/// <param name="WaitSeconds">How long the answer may wait for the end.</param>
internal sealed record ApiSubmission(
    IReadOnlyList<string> Sqls, IReadOnlyList<KeyValuePair<string, string>> Parameters, IReadOnlyDictionary<string, string> Where,
    string Database, string? Token, string? Name, bool IsBatch, int WaitSeconds)
{
    private const int LargestStatement = 100 * 1024;
    private const int LongestToken = 64;
    private const int MostStatements = 40;

    /// <summary>What must be equal for a token to mean the same work.</summary>
    public string Identity => JsonSerializer.Serialize(new { Sqls, Parameters, Where, Database, Name, IsBatch });

    /// <summary>Reads and checks a request.</summary>
    public static ApiSubmission Read(ApiCall call, bool isBatch)
    {
        var sqls = isBatch ? Batch(call) : [call.Required("Sql")];
        if (sqls.FirstOrDefault(s => Encoding.UTF8.GetByteCount(s) > LargestStatement) is not null)
            throw DataApiException.Validation("A statement exceeds the limit of 100 KB.");
        var parameters = isBatch ? [] : ReadParameters(call, sqls[0]);
        var token = call.Text("ClientToken");
        if (token is { Length: 0 or > LongestToken })
            throw DataApiException.Validation("ClientToken must have 1 to 64 characters.");
        var submission = new ApiSubmission(
            sqls, parameters, Place(call), call.Required("Database"), token, call.Text("StatementName"), isBatch,
            call.Number("WaitTimeSeconds", 0, 0, 30));
        call.Flag("WithEvent");
        if (call.Text("ResultFormat") is { } format and not "JSON")
            throw DataApiException.Validation($"The stand-in does not know the result format {format}.");
        call.NoOthers();
        return submission;
    }

    private static List<string> Batch(ApiCall call)
    {
        var sqls = (call.List("Sqls") ?? throw DataApiException.Validation("Sqls is required.")).Select(s => s.GetString()!).ToList();
        return sqls.Count is >= 1 and <= MostStatements
            ? sqls
            : throw DataApiException.Validation($"Sqls must have 1 to {MostStatements} statements.");
    }

    private static Dictionary<string, string> Place(ApiCall call)
    {
        var place = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var name in (string[])["ClusterIdentifier", "WorkgroupName", "DbUser", "SecretArn"])
        {
            if (call.Text(name) is { Length: > 0 } value)
                place[name] = value;
        }
        if (place.ContainsKey("ClusterIdentifier") == place.ContainsKey("WorkgroupName"))
            throw DataApiException.Validation("Specify either ClusterIdentifier or WorkgroupName.");
        if (place.ContainsKey("DbUser") && (place.ContainsKey("WorkgroupName") || place.ContainsKey("SecretArn")))
            throw DataApiException.Validation("DbUser is for ClusterIdentifier without SecretArn.");
        return place;
    }

    // "You can't specify a NULL value or zero-length value as a parameter."
    private static List<KeyValuePair<string, string>> ReadParameters(ApiCall call, string sql)
    {
        var parameters = new List<KeyValuePair<string, string>>();
        foreach (var item in call.List("Parameters") ?? [])
        {
            var one = new ApiCall(item);
            var (name, value) = (one.Required("name"), one.Required("value"));
            one.NoOthers();
            if (!sql.Contains(":" + name, StringComparison.Ordinal))
                throw DataApiException.Validation($"The statement has no parameter :{name}.");
            parameters.Add(new(name, value));
        }
        return parameters;
    }
}
