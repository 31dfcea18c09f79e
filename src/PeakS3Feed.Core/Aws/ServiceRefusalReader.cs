using System.Globalization;
using System.Text.Json;
using System.Xml;
using System.Xml.Linq;
using PeakS3Feed.Connections.Diagnosis;

namespace PeakS3Feed.Aws;

/// <summary>Reads the errors of services: JSON 1.1 and the query protocol's XML.</summary>
internal static class ServiceRefusalReader
{
    private const string RequestIdHeader = "x-amzn-RequestId";
    private const string TypeHeader = "x-amzn-ErrorType";

    /// <summary>Converts a response. A body that is not the service's gives an error without a code, and the body is not part of it.</summary>
    public static ServiceRefusalException Read(HttpResponseMessage response, ReadOnlyMemory<byte> body)
    {
        var found = FromJson(body) ?? FromXml(body);
        var code = found?.Code ?? Header(response, TypeHeader);
        var message = found?.Message is { Length: > 0 } text
            ? text
            : string.Create(CultureInfo.InvariantCulture, $"The service answered with the HTTP status {(int)response.StatusCode}.");
        return new(message, ShortCode(code), found?.RequestId ?? Header(response, RequestIdHeader), response.StatusCode, response.Headers.Date);
    }

    // JSON 1.1 names the error in __type, some services also with a namespace before it or an address after it.
    private static string? ShortCode(string? code) => code?[(code.IndexOf('#', StringComparison.Ordinal) + 1)..].Split(':')[0];

    private static (string? Code, string? Message, string? RequestId)? FromJson(ReadOnlyMemory<byte> body)
    {
        try
        {
            using var json = JsonDocument.Parse(body);
            if (json.RootElement.ValueKind != JsonValueKind.Object)
                return null;
            return (Text(json.RootElement, "__type"), Text(json.RootElement, "message") ?? Text(json.RootElement, "Message"), null);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static string? Text(JsonElement element, string name)
        => element.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    private static (string? Code, string? Message, string? RequestId)? FromXml(ReadOnlyMemory<byte> body)
    {
        if (ServiceXml.TryParse(body) is not { Name.LocalName: "ErrorResponse" } root)
            return null;
        return (ServiceXml.Find(root, "Code"), ServiceXml.Find(root, "Message"), ServiceXml.Find(root, "RequestId"));
    }

    private static string? Header(HttpResponseMessage response, string name)
        => response.Headers.TryGetValues(name, out var values) ? values.FirstOrDefault() : null;
}

/// <summary>The XML of the query protocol. Its namespaces have no meaning here.</summary>
internal static class ServiceXml
{
    /// <summary>Parses a response, without DTDs; null if it is not XML.</summary>
    public static XElement? TryParse(ReadOnlyMemory<byte> body)
    {
        try
        {
            using var reader = XmlReader.Create(
                new MemoryStream(body.ToArray(), writable: false),
                new XmlReaderSettings { DtdProcessing = DtdProcessing.Prohibit, XmlResolver = null });
            return XDocument.Load(reader).Root;
        }
        catch (XmlException)
        {
            return null;
        }
    }

    /// <summary>Returns the text of the first element with a name, at any depth; null if there is none.</summary>
    public static string? Find(XElement root, string name)
        => root.Descendants().FirstOrDefault(e => e.Name.LocalName == name)?.Value;
}
