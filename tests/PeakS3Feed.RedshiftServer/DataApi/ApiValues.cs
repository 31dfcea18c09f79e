using System.Globalization;

namespace PeakS3Feed.RedshiftServer.DataApi;

/// <summary>Values and columns in the form of GetStatementResult.</summary>
internal static class ApiValues
{
    private static readonly Dictionary<uint, string> Types = new()
    {
        [16] = "bool", [20] = "int8", [21] = "int2", [23] = "int4", [25] = "text",
        [700] = "float4", [701] = "float8", [1042] = "bpchar", [1043] = "varchar",
        [1082] = "date", [1083] = "time", [1114] = "timestamp", [1184] = "timestamptz", [1266] = "timetz",
        [1700] = "numeric", [3802] = "super", [19] = "name",
    };

    public static Dictionary<string, object?> Metadata(ApiColumn column) => new(StringComparer.Ordinal)
    {
        ["name"] = column.Name, ["label"] = column.Name, ["typeName"] = Types.GetValueOrDefault(column.Type, "varchar"), ["nullable"] = 1,
    };

    public static Dictionary<string, object?>[] Fields(IReadOnlyList<string?> row, IReadOnlyList<ApiColumn> columns)
        => [.. row.Select((v, i) => Field(v, columns[i].Type))];

    // Numbers of decimals, dates and times are texts.
    private static Dictionary<string, object?> Field(string? value, uint type) => new(StringComparer.Ordinal)
    {
        [Kind(value, type)] = value is null ? true : type switch
        {
            16 => value == "t",
            20 or 21 or 23 => long.Parse(value, CultureInfo.InvariantCulture),
            700 or 701 when double.Parse(value, CultureInfo.InvariantCulture) is var number && double.IsFinite(number) => number,
            _ => value,
        },
    };

    private static string Kind(string? value, uint type) => value is null ? "isNull" : type switch
    {
        16 => "booleanValue",
        20 or 21 or 23 => "longValue",
        700 or 701 when double.IsFinite(double.Parse(value, CultureInfo.InvariantCulture)) => "doubleValue",
        _ => "stringValue",
    };
}
