using System.Text.Json;
using System.Text.Json.Serialization;
using PeakS3Feed.Connections;
using PeakS3Feed.Feeds;
using PeakS3Feed.Formats;
using PeakS3Feed.Formats.Csv;
using PeakS3Feed.Triggers;
using PeakS3Feed.Watchers;

namespace PeakS3Feed.Store.Documents;

/// <summary>How definitions are spelled in JSON: camelCase, names of enumerations, nothing for a default.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    ReadCommentHandling = JsonCommentHandling.Skip,
    AllowTrailingCommas = true,
    AllowDuplicateProperties = false,
    WriteIndented = true,
    Converters =
    [
        typeof(EnumNameConverter<AuditColumns>), typeof(EnumNameConverter<BadFileAction>), typeof(EnumNameConverter<ChangedObjectAction>),
        typeof(EnumNameConverter<ConnectionStatus>), typeof(EnumNameConverter<CsvLineEndRule>), typeof(EnumNameConverter<DestinationKind>), typeof(EnumNameConverter<FileType>),
        typeof(EnumNameConverter<EmptyPathAction>), typeof(EnumNameConverter<LoadType>), typeof(EnumNameConverter<SchemaEvolution>), typeof(EnumNameConverter<DayOfWeek>),
        typeof(EnumNameConverter<MisfireAction>), typeof(EnumNameConverter<TriggerKind>), typeof(EnumNameConverter<WatcherKind>), typeof(EnumNameConverter<WatcherEvent>),
        typeof(EnumNameConverter<SmtpSecurity>), typeof(ThresholdConverter), typeof(TimeOfDayConverter), typeof(DurationConverter),
    ])]
[JsonSerializable(typeof(DefinitionsDocument))]
internal sealed partial class DefinitionsJson : JsonSerializerContext;
