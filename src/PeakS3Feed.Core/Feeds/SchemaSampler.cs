using PeakS3Feed.Formats;
using PeakS3Feed.Formats.Csv;
using PeakS3Feed.Schemas;
using PeakS3Feed.Sources;

namespace PeakS3Feed.Feeds;

/// <summary>Infers a feed's columns from its newest, oldest and largest objects.</summary>
public sealed class SchemaSampler
{
    private const int MaxKeys = 10_000;
    private const long MaxRowsPerObject = 20_000;
    private const long MaxBytesPerObject = 8 * 1024 * 1024;
    private static readonly TimeSpan MaxListing = TimeSpan.FromSeconds(5);
    private readonly IObjectSource _source;
    private readonly ObjectMatcher _matcher;
    private readonly string _prefix;
    private readonly ValueLimits _limits;
    private readonly TimeProvider _time;

    /// <summary>Samples what a matcher admits under a prefix.</summary>
    public SchemaSampler(IObjectSource source, ObjectMatcher matcher, string prefix, ValueLimits limits, TimeProvider time)
    {
        _source = source;
        _matcher = matcher;
        _prefix = prefix;
        _limits = limits;
        _time = time;
    }

    /// <summary>Lists, reads a sample and infers; throws <c>NothingToSample</c> where nothing matches.</summary>
    public async Task<SampledSchema> InferAsync(S3Feed feed, bool sampleAll, CancellationToken cancellationToken)
    {
        var (samples, complete) = await ChooseAsync(feed, sampleAll, cancellationToken);
        var inference = new SchemaInference(new DateFormatSet(feed.DateFormats), _limits);
        foreach (var item in samples)
            feed = await ReadAsync(feed, item, inference, cancellationToken);
        return new SampledSchema(feed.Schema is null ? feed with { Schema = inference.ToSchema() } : feed, samples, inference.RowsSeen, complete);
    }

    /// <summary>The newest object; throws <c>NothingToSample</c> where nothing matches.</summary>
    public async Task<SourceObject> NewestAsync(S3Feed feed, CancellationToken cancellationToken)
        => (await ChooseAsync(feed, all: false, cancellationToken)).Samples[0];

    private async Task<(IReadOnlyList<SourceObject> Samples, bool Complete)> ChooseAsync(S3Feed feed, bool all, CancellationToken cancellationToken)
    {
        SourceObject? newest = null, oldest = null, largest = null;
        var started = _time.GetTimestamp();
        var listed = 0;
        var complete = true;
        await foreach (var item in _source.ListAsync(_prefix, cancellationToken))
        {
            if (!all && (++listed > MaxKeys || _time.GetElapsedTime(started) > MaxListing) && newest is not null)
            {
                complete = false;
                break;
            }
            if (_matcher.WhySkipped(item) is not null)
                continue;
            if (newest is null || item.LastModified >= newest.LastModified)
                newest = item;
            if (oldest is null || item.LastModified < oldest.LastModified)
                oldest = item;
            if (largest is null || item.Size > largest.Size)
                largest = item;
        }
        if (newest is null)
            throw FeedRunErrors.NoObjectToSample(feed, $"s3://{_source.Bucket}/{_prefix}");
        SourceObject?[] chosen = [newest, oldest, largest];
        return ([.. chosen.OfType<SourceObject>().DistinctBy(o => o.Key, StringComparer.Ordinal)], complete);
    }

    private async Task<S3Feed> ReadAsync(S3Feed feed, SourceObject item, SchemaInference inference, CancellationToken cancellationToken)
    {
        await using var stored = await _source.OpenAsync(item, cancellationToken);
        await using var content = await ContentStream.OpenAsync(stored, item.Uri, cancellationToken);
        await using var reader = await RecordReaders.OpenAsync(feed.FileType, feed.Csv, content, item.Uri, cancellationToken);
        var rows = 0L;
        while (rows < MaxRowsPerObject && reader.Current.ByteOffset < MaxBytesPerObject)
        {
            switch (reader.Read())
            {
                case ReadResult.Row:
                    if (rows++ == 0 || reader.FieldsGrow)
                        inference.AddFields(reader.Fields);
                    inference.AddRow(reader);
                    break;
                case ReadResult.NeedsData:
                    await reader.FillAsync(cancellationToken);
                    break;
                case ReadResult.End:
                    inference.AddFields(reader.Fields);
                    return Fixed(feed, reader);
                default:
                    break; // a reject; the run will say so
            }
        }
        return Fixed(feed, reader);
    }

    private static S3Feed Fixed(S3Feed feed, RecordReader reader)
        => reader is CsvReader csv && feed.Csv.Separator is null ? feed with { Csv = feed.Csv with { Separator = csv.Separator } } : feed;
}
