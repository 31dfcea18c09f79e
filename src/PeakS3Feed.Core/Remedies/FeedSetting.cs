using System.Collections.Frozen;

namespace PeakS3Feed.Remedies;

/// <summary>A setting that would fix an error. The code that creates the error need not know the feed.</summary>
/// <param name="Setting">The parameter of the cmdlet.</param>
/// <param name="Value">Its value.</param>
/// <param name="Key">The key in the import document, where it is not the parameter's name in camelCase.</param>
public sealed record FeedSetting(string Setting, string Value, string? Key = null)
{
    /// <summary>Skip files that fail.</summary>
    public static FeedSetting SkipBadFiles { get; } = new("OnBadFile", "Skip");

    /// <summary>The files have no header.</summary>
    public static FeedSetting NoHeader { get; } = new("NoHeader", "true");
}

/// <summary>Maps parameters of <c>Set-S3Feed</c> and <c>Set-S3Connection</c> to keys of the import document, and knows which are switches.</summary>
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
        ["CommentPrefix"] = "csv.commentPrefix",
        ["TrimValues"] = "csv.trimValues",
        ["EmptyAsNull"] = "csv.emptyAsNull",
        ["SkipLastRows"] = "csv.skipLastRows",
        ["BooleanValue"] = "csv.booleanValues",
        ["DecimalSeparator"] = "csv.decimalSeparator",
        ["GroupSeparator"] = "csv.groupSeparator",
        ["DateFormat"] = "dateFormats",
        ["DestinationName"] = "destinationNames",
        ["Tag"] = "tags",
    }.ToFrozenDictionary(StringComparer.Ordinal);

    private static readonly FrozenSet<string> Switches = FrozenSet.Create(
        StringComparer.Ordinal, "AdoptTable", "AllowEmpty", "NoHeader", "TrimValues", "EmptyAsNull", "ForcePathStyle", "Anonymous", "RequesterPays",
        "SpectrumManifest");

    /// <summary>Returns the key of a parameter in the import document.</summary>
    public static string GetKey(string parameter) => Keys.GetValueOrDefault(parameter) ?? char.ToLowerInvariant(parameter[0]) + parameter[1..];

    /// <summary>Whether a parameter is a switch.</summary>
    public static bool IsSwitch(string parameter) => Switches.Contains(parameter);

    /// <summary>Whether a switch that is on makes its key false: the document says what a file has, the parameter what it lacks.</summary>
    public static bool IsNegated(string parameter) => parameter == "NoHeader";
}
