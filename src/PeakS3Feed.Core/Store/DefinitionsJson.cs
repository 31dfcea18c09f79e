using System.Text.Json;
using System.Text.Json.Serialization;
using PeakS3Feed.Connections;
using PeakS3Feed.Definitions;
using PeakS3Feed.Destinations.Loading;
using PeakS3Feed.Destinations.Parquet;
using PeakS3Feed.Feeds;
using PeakS3Feed.Formats;
using PeakS3Feed.Formats.Csv;
using PeakS3Feed.Schemas;
using PeakS3Feed.Triggers;
using PeakS3Feed.Watchers;

namespace PeakS3Feed.Store;

/// <summary>The JSON naming of definitions: camelCase members, enumerations by name. <see cref="DefinitionContract"/> does the rest.</summary>
[JsonSourceGenerationOptions(
    GenerationMode = JsonSourceGenerationMode.Metadata,
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    ReadCommentHandling = JsonCommentHandling.Skip,
    AllowTrailingCommas = true,
    AllowDuplicateProperties = false,
    WriteIndented = true,
    Converters =
    [
        typeof(EnumNameConverter<AuditColumns>), typeof(EnumNameConverter<BadFileAction>), typeof(EnumNameConverter<ChangedObjectAction>),
        typeof(EnumNameConverter<ConnectionStatus>), typeof(EnumNameConverter<CsvLineEndRule>), typeof(EnumNameConverter<FileEncoding>),
        typeof(EnumNameConverter<FileType>), typeof(EnumNameConverter<EmptyPathAction>), typeof(EnumNameConverter<ObjectDiscovery>),
        typeof(EnumNameConverter<LoadType>), typeof(EnumNameConverter<SchemaEvolution>),
        typeof(EnumNameConverter<DayOfWeek>), typeof(EnumNameConverter<MisfireAction>), typeof(EnumNameConverter<TriggerKind>),
        typeof(EnumNameConverter<WatcherKind>), typeof(EnumNameConverter<WatcherEvent>), typeof(EnumNameConverter<SmtpSecurity>),
        typeof(EnumNameConverter<ParquetCompression>),
        typeof(EnumNameConverter<LoadPath>),
        typeof(ThresholdConverter), typeof(TimeOfDayConverter), typeof(DurationConverter), typeof(FormatVersionConverter),
        typeof(SchemaConverter),
    ])]
[JsonSerializable(typeof(StoreDefinitions))]
[JsonSerializable(typeof(List<ColumnDefinition>))]
[JsonSerializable(typeof(UnknownMembers))]
internal sealed partial class DefinitionsJson : JsonSerializerContext;
