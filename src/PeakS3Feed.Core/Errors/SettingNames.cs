using System.Collections.Frozen;

namespace PeakS3Feed.Errors;

/// <summary>What the parameters of <c>Set-S3Feed</c> and <c>Set-S3Connection</c> are called in the import document, and which of them are switches.</summary>
internal static class SettingNames
{
    private static readonly FrozenDictionary<string, string> Keys = new Dictionary<string, string>(StringComparer.Ordinal)
    {
        ["Separator"] = "csv.separator",
        ["Quote"] = "csv.quote",
        ["Escape"] = "csv.escape",
        ["NoHeader"] = "csv.hasHeader",
        ["ColumnName"] = "csv.columnNames",
        ["SkipRows"] = "csv.skipRows",
        ["NullValue"] = "csv.nullValues",
        ["DateFormat"] = "dateFormats",
        ["DestinationName"] = "destinationNames",
        ["Tag"] = "tags",
    }.ToFrozenDictionary(StringComparer.Ordinal);

    private static readonly FrozenSet<string> Switches = FrozenSet.Create(
        StringComparer.Ordinal, "AdoptTable", "AllowEmpty", "NoHeader", "ForcePathStyle", "Anonymous", "RequesterPays");

    /// <summary>The key of a parameter in the import document.</summary>
    public static string GetKey(string parameter) => Keys.GetValueOrDefault(parameter) ?? char.ToLowerInvariant(parameter[0]) + parameter[1..];

    /// <summary>Whether a parameter is a switch.</summary>
    public static bool IsSwitch(string parameter) => Switches.Contains(parameter);

    /// <summary>What a switch that is on makes of its key: the document says what a file has, the parameter what it has not.</summary>
    public static bool IsNegated(string parameter) => parameter == "NoHeader";
}
