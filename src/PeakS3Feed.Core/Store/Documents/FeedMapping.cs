using System.Globalization;
using PeakS3Feed.Errors;
using PeakS3Feed.Feeds;

namespace PeakS3Feed.Store.Documents;

/// <summary>Feeds to and from their documents.</summary>
internal static class FeedMapping
{
    private static readonly S3Feed Default = new() { Name = "", ConnectionName = "" };

    public static S3Feed ToDefinition(FeedDocument document, List<DefinitionProblem> problems) => new()
    {
        Id = document.Id ?? Guid.NewGuid(),
        Name = Mapping.Required(document.Name, nameof(S3Feed.Name), problems),
        ConnectionName = Mapping.Required(document.ConnectionName, nameof(S3Feed.ConnectionName), problems),
        Path = document.Path,
        FileType = document.FileType ?? Default.FileType,
        Csv = CsvMapping.ToDefinition(document.Csv, problems),
        DateFormats = document.DateFormats ?? [],
        HistoricalDate = document.HistoricalDate,
        Include = document.Include ?? [],
        Exclude = document.Exclude ?? [],
        LoadType = document.LoadType ?? Default.LoadType,
        PrimaryKey = document.PrimaryKey ?? [],
        DestinationNames = document.DestinationNames ?? Default.DestinationNames,
        Table = document.Table,
        Schema = SchemaMapping.ToDefinition(document.Schema, problems),
        SchemaEvolution = document.SchemaEvolution ?? Default.SchemaEvolution,
        FailedRowThreshold = document.FailedRowThreshold ?? Default.FailedRowThreshold,
        OnBadFile = document.OnBadFile ?? Default.OnBadFile,
        EmptyPath = document.EmptyPath ?? Default.EmptyPath,
        OnChangedObject = document.OnChangedObject ?? Default.OnChangedObject,
        AllowEmpty = document.AllowEmpty ?? Default.AllowEmpty,
        CommitEveryBytes = document.CommitEveryBytes ?? Default.CommitEveryBytes,
        CommitEveryObjects = document.CommitEveryObjects ?? Default.CommitEveryObjects,
        AuditColumns = document.AuditColumns ?? Default.AuditColumns,
        AdoptTable = document.AdoptTable ?? Default.AdoptTable,
        AssumeLoadedBefore = Instant(document.AssumeLoadedBefore, nameof(S3Feed.AssumeLoadedBefore), problems),
        Tags = document.Tags ?? [],
        Enabled = document.Enabled ?? Default.Enabled,
    };

    public static FeedDocument ToDocument(S3Feed feed) => new()
    {
        Id = feed.Id,
        Name = feed.Name,
        ConnectionName = feed.ConnectionName,
        Path = feed.Path,
        FileType = feed.FileType,
        Csv = CsvMapping.ToDocument(feed.Csv),
        DateFormats = Mapping.UnlessEmpty(feed.DateFormats),
        HistoricalDate = feed.HistoricalDate,
        Include = Mapping.UnlessEmpty(feed.Include),
        Exclude = Mapping.UnlessEmpty(feed.Exclude),
        LoadType = feed.LoadType,
        PrimaryKey = Mapping.UnlessEmpty(feed.PrimaryKey),
        DestinationNames = [.. feed.DestinationNames],
        Table = feed.Table,
        Schema = SchemaMapping.ToDocument(feed.Schema),
        SchemaEvolution = Mapping.UnlessValue(feed.SchemaEvolution, Default.SchemaEvolution),
        FailedRowThreshold = Mapping.UnlessValue(feed.FailedRowThreshold, Default.FailedRowThreshold),
        OnBadFile = Mapping.UnlessValue(feed.OnBadFile, Default.OnBadFile),
        EmptyPath = Mapping.UnlessValue(feed.EmptyPath, Default.EmptyPath),
        OnChangedObject = Mapping.UnlessValue(feed.OnChangedObject, Default.OnChangedObject),
        AllowEmpty = Mapping.UnlessValue(feed.AllowEmpty, Default.AllowEmpty),
        CommitEveryBytes = Mapping.UnlessValue(feed.CommitEveryBytes, Default.CommitEveryBytes),
        CommitEveryObjects = Mapping.UnlessValue(feed.CommitEveryObjects, Default.CommitEveryObjects),
        AuditColumns = Mapping.UnlessValue(feed.AuditColumns, Default.AuditColumns),
        AdoptTable = Mapping.UnlessValue(feed.AdoptTable, Default.AdoptTable),
        AssumeLoadedBefore = feed.AssumeLoadedBefore?.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.FFFFFFF'Z'", CultureInfo.InvariantCulture),
        Tags = Mapping.UnlessEmpty(feed.Tags),
        Enabled = Mapping.UnlessValue(feed.Enabled, Default.Enabled),
    };

    private static DateTimeOffset? Instant(string? text, string field, List<DefinitionProblem> problems)
    {
        if (text is null)
            return null;
        if (FeedTimes.TryParse(text, out var time))
            return time;
        problems.Add(new(field, $"\"{text}\" is not a time.", "Write 2026-01-31 for that day's midnight, UTC, or 2026-01-31T15:30:00Z."));
        return null;
    }
}
