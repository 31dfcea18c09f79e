using System.Text.Json.Serialization;

namespace PeakS3Feed.Destinations.S3External;

/// <summary>The request of CreateTable and of UpdateTable.</summary>
/// <param name="DatabaseName">The database.</param>
/// <param name="TableInput">The table.</param>
internal sealed record GlueTableRequest(string DatabaseName, GlueTableInput TableInput);

/// <summary>The definition of a table.</summary>
/// <param name="Name">Its name, in lower case.</param>
/// <param name="TableType">Its type, as Hive names it.</param>
/// <param name="Parameters">Its properties.</param>
/// <param name="StorageDescriptor">Its columns and its place.</param>
/// <param name="PartitionKeys">The columns of its partitions.</param>
internal sealed record GlueTableInput(
    string Name, string TableType, Dictionary<string, string> Parameters, GlueStorage StorageDescriptor, IReadOnlyList<GlueColumn> PartitionKeys)
{
    /// <summary>The description; null for none.</summary>
    public string? Description { get; init; }

    /// <summary>The owner; null for none.</summary>
    public string? Owner { get; init; }
}

/// <summary>The columns and the place of a table.</summary>
/// <param name="Columns">The columns.</param>
/// <param name="Location">The folder.</param>
/// <param name="InputFormat">The class that reads the files.</param>
/// <param name="OutputFormat">The class that writes files.</param>
/// <param name="SerdeInfo">The class that reads rows.</param>
internal sealed record GlueStorage(
    IReadOnlyList<GlueColumn> Columns, string Location, string InputFormat, string OutputFormat, GlueSerde SerdeInfo);

/// <summary>A column.</summary>
/// <param name="Name">Its name, in lower case.</param>
/// <param name="Type">Its type, as Hive names it.</param>
internal sealed record GlueColumn(string Name, string Type);

/// <summary>The class that reads rows.</summary>
/// <param name="SerializationLibrary">The class.</param>
/// <param name="Parameters">Its properties.</param>
internal sealed record GlueSerde(string SerializationLibrary, Dictionary<string, string> Parameters);

/// <summary>The request of GetTable.</summary>
/// <param name="DatabaseName">The database.</param>
/// <param name="Name">The table.</param>
internal sealed record GlueGetTable(string DatabaseName, string Name);

/// <summary>The answer of GetTable.</summary>
/// <param name="Table">The table.</param>
internal sealed record GlueGetTableAnswer(GlueTable? Table);

/// <summary>A table of the catalog, as far as an update keeps it.</summary>
internal sealed record GlueTable
{
    public string? Description { get; init; }

    public string? Owner { get; init; }

    public Dictionary<string, string>? Parameters { get; init; }

    public GluePlace? StorageDescriptor { get; init; }
}

/// <summary>The place of a table of the catalog.</summary>
/// <param name="Location">The folder.</param>
internal sealed record GluePlace(string? Location);

/// <summary>The answer of CreateTable and of UpdateTable.</summary>
internal sealed record GlueNothing;

/// <summary>The JSON of Glue: members are named as in the service's documentation, and what is null is left out.</summary>
[JsonSourceGenerationOptions(DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(GlueTableRequest))]
[JsonSerializable(typeof(GlueGetTable))]
[JsonSerializable(typeof(GlueGetTableAnswer))]
[JsonSerializable(typeof(GlueNothing))]
internal sealed partial class GlueJson : JsonSerializerContext;
