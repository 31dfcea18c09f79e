using ParquetSharp;
using ParquetSharp.Schema;

namespace PeakS3Feed.Destinations.Delta;

/// <summary>The schema of classic checkpoints (Delta Transaction Log Protocol, "Checkpoint Schema"), as Spark writes it.</summary>
internal static class CheckpointSchema
{
    /// <summary>Creates the schema: the groups in the order of <see cref="DeltaCheckpointWriter"/>'s. The caller disposes it.</summary>
    public static GroupNode Create() => new(
        "spark_schema", Repetition.Required,
        [
            Group("txn", Text("appId"), Number("version"), Number("lastUpdated")),
            Group(
                "add", Text("path"), Map("partitionValues"), Number("size"), Number("modificationTime"), Boolean("dataChange"), Text("stats"),
                Map("tags")),
            Group(
                "remove", Text("path"), Number("deletionTimestamp"), Boolean("dataChange"), Boolean("extendedFileMetadata"), Map("partitionValues"),
                Number("size")),
            Group(
                "metaData", Text("id"), Text("name"), Text("description"), Group("format", Text("provider"), Map("options")), Text("schemaString"),
                List("partitionColumns"), Number("createdTime"), Map("configuration")),
            Group("protocol", Small("minReaderVersion"), Small("minWriterVersion"), List("readerFeatures"), List("writerFeatures")),
        ]);

    private static GroupNode Group(string name, params IReadOnlyList<Node> fields) => new(name, Repetition.Optional, fields);

    private static PrimitiveNode Text(string name, Repetition repetition = Repetition.Optional)
        => new(name, repetition, LogicalType.String(), PhysicalType.ByteArray);

    private static PrimitiveNode Number(string name) => new(name, Repetition.Optional, LogicalType.None(), PhysicalType.Int64);

    private static PrimitiveNode Small(string name) => new(name, Repetition.Optional, LogicalType.None(), PhysicalType.Int32);

    private static PrimitiveNode Boolean(string name) => new(name, Repetition.Optional, LogicalType.None(), PhysicalType.Boolean);

    private static GroupNode Map(string name) => new(
        name, Repetition.Optional,
        [new GroupNode("key_value", Repetition.Repeated, [Text("key", Repetition.Required), Text("value")])], LogicalType.Map());

    private static GroupNode List(string name)
        => new(name, Repetition.Optional, [new GroupNode("list", Repetition.Repeated, [Text("element")])], LogicalType.List());
}
