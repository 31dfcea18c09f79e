using System.Globalization;
using System.Text.Json;
using PeakS3Feed.SnowflakeServer.Account;
using PeakS3Feed.SnowflakeServer.Sessions;

namespace PeakS3Feed.SnowflakeServer.Api;

/// <summary>Reads the body of a request that submits a statement.</summary>
internal static class RequestBody
{
    private static readonly string[] Members = ["statement", "timeout", "database", "schema", "warehouse", "role", "bindings", "parameters"];

    /// <summary>Reads one.</summary>
    /// <exception cref="SqlApiException">It has a member that the API lacks, or names what the account does not have.</exception>
    public static StatementRequest Read(JsonElement body, string user, SnowflakeAccount account)
    {
        foreach (var member in body.EnumerateObject())
        {
            if (!Members.Contains(member.Name, StringComparer.Ordinal))
                throw SqlApiException.BadRequest($"The body has the member {member.Name}, which the stand-in does not know.");
        }
        var parameters = Parameters(body);
        var role = Text(body, "role") ?? account.DefaultRole;
        if (!account.HasRole(role))
        {
            throw SqlApiException.Refused(
                "390189", "08001", $"Role '{role}' specified in the connect string does not exist or not authorized. Contact your local system "
                    + "administrator, or attempt to login with another role, e.g. PUBLIC.");
        }
        var warehouse = Text(body, "warehouse");
        if (warehouse is not null && account.FindWarehouse(warehouse) is null)
            throw SqlApiException.Refused("390201", "08006", "The requested warehouse does not exist or not authorized.");
        return new StatementRequest(
            Text(body, "statement") ?? throw SqlApiException.BadRequest("The body has no statement."), user, role,
            warehouse ?? account.DefaultWarehouse, Text(body, "database"), Text(body, "schema"), Values(body), Number(body, "timeout"),
            parameters.GetValueOrDefault("TIMEZONE", "UTC"), parameters.GetValueOrDefault("QUERY_TAG", ""));
    }

    private static Dictionary<string, string> Parameters(JsonElement body)
    {
        var parameters = new Dictionary<string, string>(StringComparer.Ordinal);
        if (!body.TryGetProperty("parameters", out var all))
            return parameters;
        foreach (var member in all.EnumerateObject())
        {
            var name = member.Name.ToUpperInvariant();
            if (name is not ("TIMEZONE" or "QUERY_TAG" or "ROWS_PER_RESULTSET") || member.Value.ValueKind is not JsonValueKind.String)
                throw SqlApiException.BadRequest($"The stand-in does not know the parameter {member.Name}.");
            if (!parameters.TryAdd(name, member.Value.GetString()!))
                throw SqlApiException.BadRequest($"The parameter {member.Name} is there twice.");
        }
        return parameters;
    }

    // Their names are the numbers from 1.
    private static List<string?> Values(JsonElement body)
    {
        var values = new List<string?>();
        if (!body.TryGetProperty("bindings", out var all))
            return values;
        var members = all.EnumerateObject().ToDictionary(m => m.Name, m => m.Value, StringComparer.Ordinal);
        while (members.Remove((values.Count + 1).ToString(CultureInfo.InvariantCulture), out var binding))
        {
            if (!binding.TryGetProperty("type", out var type) || type.GetString() != "TEXT" || !binding.TryGetProperty("value", out var value))
                throw SqlApiException.BadRequest("A binding must have the type TEXT and a value.");
            values.Add(value.GetString());
        }
        return members.Count == 0 ? values : throw SqlApiException.BadRequest("The bindings are not numbered from 1 without a gap.");
    }

    private static string? Text(JsonElement body, string name)
        => !body.TryGetProperty(name, out var value) || value.ValueKind is JsonValueKind.Null ? null
            : value.ValueKind is JsonValueKind.String ? value.GetString()
            : throw SqlApiException.BadRequest($"The member {name} is not a text.");

    private static int Number(JsonElement body, string name)
        => !body.TryGetProperty(name, out var value) ? 0
            : value.TryGetInt32(out var number) && number >= 0 ? number
            : throw SqlApiException.BadRequest($"The member {name} is not a number of seconds.");
}
