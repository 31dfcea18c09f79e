using System.Text.Json;
using PeakS3Feed.Destinations.Delta;

namespace PeakS3Feed.Destinations.S3External;

/// <summary>The types that engines which do not read the log give to the columns of a table.</summary>
internal static class EngineTypes
{
    /// <summary>Returns the type that Redshift Spectrum gives to a column of a Parquet file. It has no instants and no JSON.</summary>
    public static string Spectrum(DeltaField column) => Describe(column, type => type switch
    {
        "string" => "varchar(65535)",
        "long" => "bigint",
        "short" or "byte" => "smallint",
        "float" => "real",
        "double" => "double precision",
        "binary" => "varbyte",
        "timestamp_ntz" => "timestamp",
        _ => type,
    });

    /// <summary>Returns the type that Glue's catalog, and so Athena, gives to a column.</summary>
    public static string Glue(DeltaField column) => Describe(column, type => type switch
    {
        "long" => "bigint",
        "integer" => "int",
        "short" => "smallint",
        "byte" => "tinyint",
        "timestamp_ntz" => "timestamp",
        _ => type,
    });

    private static string Describe(DeltaField column, Func<string, string> describe)
    {
        using var json = JsonDocument.Parse(column.Type);
        return Describe(json.RootElement, describe);
    }

    // Another program may have added columns of nested types.
    private static string Describe(JsonElement type, Func<string, string> describe)
    {
        if (type.ValueKind == JsonValueKind.String)
            return describe(type.GetString()!);
        return type.GetProperty("type").GetString() switch
        {
            "array" => $"array<{Inner("elementType")}>",
            "map" => $"map<{Inner("keyType")},{Inner("valueType")}>",
            _ => $"struct<{string.Join(',', type.GetProperty("fields").EnumerateArray().Select(Member))}>",
        };

        string Inner(string member) => Describe(type.GetProperty(member), describe);
        string Member(JsonElement field) => $"{field.GetProperty("name").GetString()}:{Describe(field.GetProperty("type"), describe)}";
    }
}
