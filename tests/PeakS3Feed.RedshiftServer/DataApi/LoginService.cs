using System.Globalization;
using System.Text.Json;
using System.Xml.Linq;
using Microsoft.AspNetCore.WebUtilities;

namespace PeakS3Feed.RedshiftServer.DataApi;

/// <summary>
/// Grants passwords for the wire: GetClusterCredentials and GetClusterCredentialsWithIAM of a cluster, GetCredentials of a serverless workgroup.
/// There is one user, whom they all name with the prefix of its kind; its password does not expire.
/// </summary>
internal sealed class LoginService(string user, string password, TimeProvider clock)
{
    private const string Version = "2012-12-01";

    private static readonly XNamespace Space = "http://redshift.amazonaws.com/doc/2012-12-01/";

    /// <summary>Answers a request of a cluster: a form, and XML.</summary>
    public string AnswerQuery(string body)
    {
        var form = QueryHelpers.ParseQuery(body).ToDictionary(p => p.Key, p => p.Value.ToString(), StringComparer.Ordinal);
        if (form.GetValueOrDefault("Version") != Version)
            throw DataApiException.Custom("InvalidParameterValue", $"Version must be {Version}.");
        Require(form, "ClusterIdentifier");
        var action = form.GetValueOrDefault("Action", "");
        var (name, seconds) = action switch
        {
            "GetClusterCredentials" => ("IAM:" + Require(form, "DbUser"), Seconds(form.GetValueOrDefault("DurationSeconds", "900"))),
            "GetClusterCredentialsWithIAM" => ("IAM:" + user, Seconds(form.GetValueOrDefault("DurationSeconds", "900"))),
            _ => throw DataApiException.Custom("InvalidAction", $"There is no action {action}."),
        };
        var expiration = clock.GetUtcNow().AddSeconds(seconds).ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);
        return new XElement(
            Space + (action + "Response"),
            new XElement(
                Space + (action + "Result"), new XElement(Space + "DbUser", name), new XElement(Space + "DbPassword", password),
                new XElement(Space + "Expiration", expiration)),
            new XElement(Space + "ResponseMetadata", new XElement(Space + "RequestId", Guid.NewGuid()))).ToString();
    }

    /// <summary>Answers a request of a serverless workgroup.</summary>
    public object AnswerServerless(string operation, JsonElement body)
    {
        if (operation != "GetCredentials")
            throw DataApiException.UnknownOperation(operation);
        var call = new ApiCall(body);
        call.Required("workgroupName");
        call.Text("dbName");
        var seconds = call.Number("durationSeconds", 900, 900, 3600);
        call.NoOthers();
        return new { dbUser = "IAM:" + user, dbPassword = password, expiration = ApiPart.Seconds(clock.GetUtcNow().AddSeconds(seconds)) };
    }

    /// <summary>An error as XML.</summary>
    public static string Error(DataApiException e) => new XElement(
        Space + "ErrorResponse",
        new XElement(Space + "Error", new XElement(Space + "Type", "Sender"), new XElement(Space + "Code", e.Type), new XElement(Space + "Message", e.Message)),
        new XElement(Space + "RequestId", Guid.NewGuid())).ToString();

    private static string Require(Dictionary<string, string> form, string name)
        => form.GetValueOrDefault(name) is { Length: > 0 } value ? value : throw DataApiException.Custom("MissingParameter", $"{name} is required.");

    private static int Seconds(string text)
        => int.TryParse(text, CultureInfo.InvariantCulture, out var seconds) && seconds is >= 900 and <= 3600
            ? seconds
            : throw DataApiException.Custom("InvalidParameterValue", "DurationSeconds must be between 900 and 3600.");
}
