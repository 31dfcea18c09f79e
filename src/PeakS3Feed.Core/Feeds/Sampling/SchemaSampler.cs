using PeakS3Feed.Connections;
using PeakS3Feed.Errors;
using PeakS3Feed.Feeds.Matching;
using PeakS3Feed.Formats;
using PeakS3Feed.Formats.Opening;
using PeakS3Feed.Schemas;
using PeakS3Feed.Sources;

namespace PeakS3Feed.Feeds.Sampling;

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
    private readonly S3Connection? _connection;
    private IReadOnlyList<string> _wanted = [];

    /// <summary>Samples the objects under a prefix that a matcher selects.</summary>
    public SchemaSampler(
        IObjectSource source, ObjectMatcher matcher, string prefix, ValueLimits limits, TimeProvider time, S3Connection? connection = null)
    {
        _connection = connection;
        _source = source;
        _matcher = matcher;
        _prefix = prefix;
        _limits = limits;
        _time = time;
    }

    /// <summary>
    /// Lists objects, reads a sample and infers the schema. Throws <c>NothingToSample</c> if nothing matches, <c>PathNotFound</c> if there is no
    /// object. Replaces a bad object by the next one of its kind. If all are bad, throws the first one's error.
    /// </summary>
    public Task<SampledSchema> InferAsync(S3Feed feed, bool sampleAll, CancellationToken cancellationToken)
        => InferAsync(feed, sampleAll, [], cancellationToken);

    /// <summary>Does the same, and reads further objects until the given columns are found or all objects are read.</summary>
    /// <param name="feed">The feed.</param>
    /// <param name="sampleAll">Whether to list all objects first.</param>
    /// <param name="columns">The columns to find, by name or field.</param>
    /// <param name="cancellationToken">Cancels.</param>
    public async Task<SampledSchema> InferAsync(S3Feed feed, bool sampleAll, IReadOnlyList<string> columns, CancellationToken cancellationToken)
    {
        _wanted = columns;
        var candidates = await ChooseAsync(feed, sampleAll, cancellationToken);
        FeedException? firstError = null;
        while (candidates.Choose() is { Count: > 0 } samples)
        {
            // Starts again after a bad object, because its rows must not count.
            var inference = new SchemaInference(
                feed.ValueFormats, _limits, leavesOut: feed.SchemaEvolution == SchemaEvolution.Ignore, feed.PrimaryKey);
            var found = new SampledFiles();
            var (read, bad, error) = await ReadAsync(feed, samples, inference, found, cancellationToken);
            found.ThrowIfMisread(feed);
            if (bad is null)
                await FindWantedAsync(read, samples, inference, cancellationToken);
            if (bad is null)
                return Sampled(read, samples, inference, found, candidates.Complete);
            firstError ??= error;
            candidates.Replace(bad, await FindCurrentAsync(bad, error!, candidates, cancellationToken));
        }
        throw firstError ?? SamplingErrors.NoObjectToSample(feed, $"s3://{_source.Bucket}/{_prefix}");
    }

    /// <summary>Returns the newest object. Throws <c>NothingToSample</c> if nothing matches.</summary>
    public async Task<SourceObject> NewestAsync(S3Feed feed, CancellationToken cancellationToken)
        => (await ChooseAsync(feed, all: false, cancellationToken)).Choose()[0];

    private async Task<SampleCandidates> ChooseAsync(S3Feed feed, bool all, CancellationToken cancellationToken)
    {
        var candidates = new SampleCandidates();
        var started = _time.GetTimestamp();
        var listed = 0L;
        var survey = new MatchSurvey();
        await foreach (var item in _source.ListAsync(_prefix, cancellationToken))
        {
            listed++;
            if (!all && (listed > MaxKeys || _time.GetElapsedTime(started) > MaxListing) && candidates.Any)
            {
                candidates.Complete = false;
                break;
            }
            if (_matcher.GetSkipReason(item) is { } reason)
                survey.Add(item, reason);
            else
                candidates.Add(item);
        }
        if (candidates.Any)
            return candidates;
        var prefix = $"s3://{_source.Bucket}/{_prefix}";
        var finding = await new MatchAdvisor(_source, feed, _connection, _prefix).ExplainAsync(survey, cancellationToken);
        throw survey.Objects > 0 ? SamplingErrors.NoObjectToSample(feed, prefix, finding) : SamplingErrors.NothingThere(feed, prefix, finding);
    }

    private static SampledSchema Sampled(
        S3Feed feed, IReadOnlyList<SourceObject> samples, SchemaInference inference, SampledFiles found, bool complete)
    {
        if (feed.Schema is not null)
            return new SampledSchema(feed, samples, inference.RowsSeen, complete) { FirstReject = found.FirstReject };
        var schema = inference.ToSchema();
        return new SampledSchema(feed with { Schema = schema }, samples, inference.RowsSeen, complete)
        {
            FirstReject = found.FirstReject,
            Warnings = [.. inference.FindWarnings(schema), .. found.Warnings(feed)],
        };
    }

    // Finds fields beyond the sample or in other files.
    private async Task FindWantedAsync(
        S3Feed feed, IReadOnlyList<SourceObject> samples, SchemaInference inference, CancellationToken cancellationToken)
    {
        if (inference.HasSeen(_wanted))
            return;
        await foreach (var item in _source.ListAsync(_prefix, cancellationToken))
        {
            if (_matcher.GetSkipReason(item) is not null || samples.Any(s => s.Key == item.Key))
                continue;
            await ReadAsync(feed, [item], inference, new SampledFiles(), cancellationToken);
            if (inference.HasSeen(_wanted))
                return;
        }
    }

    // An object that was replaced while it was read is tried once more, in its new version.
    private async Task<SourceObject?> FindCurrentAsync(
        SourceObject bad, FeedException error, SampleCandidates candidates, CancellationToken cancellationToken)
    {
        if (error.Id != BadFile.Changed || !candidates.LookedUp.Add(bad.Key))
            return null;
        return await _source.FindAsync(bad.Key, cancellationToken) is { } now && _matcher.GetSkipReason(now) is null ? now : null;
    }

    private async Task<(S3Feed Feed, SourceObject? Bad, FeedException? Error)> ReadAsync(
        S3Feed feed, IReadOnlyList<SourceObject> samples, SchemaInference inference, SampledFiles found, CancellationToken cancellationToken)
    {
        foreach (var item in samples)
        {
            try
            {
                feed = await ReadAsync(feed, item, inference, found, cancellationToken);
            }
            catch (FeedException e) when (BadFile.ConcernsOneFile(e))
            {
                return (feed, item, e);
            }
        }
        return (feed, null, null);
    }

    private async Task<S3Feed> ReadAsync(
        S3Feed feed, SourceObject item, SchemaInference inference, SampledFiles found, CancellationToken cancellationToken)
    {
        await using var stored = await _source.OpenAsync(item, cancellationToken);
        await using var content = await ContentStream.OpenAsync(stored, item.Uri, cancellationToken);
        await using var reader = await RecordReaders.OpenSampleAsync(feed.Format, content, item.Uri, cancellationToken);
        if (reader is { BetterSeparator: { } better, FileSeparator: { } separator })
        {
            // Does not read the file: with the wrong separator, even its header may be invalid, and the cause is known.
            found.AddMisread(item, separator, better);
            return feed;
        }

        await ReadAsync(reader, item, inference, found, cancellationToken);
        found.Add(item, reader);
        return Fixed(feed, reader);
    }

    private async Task ReadAsync(
        RecordReader reader, SourceObject item, SchemaInference inference, SampledFiles found, CancellationToken cancellationToken)
    {
        var rows = 0L;
        while ((rows < MaxRowsPerObject && reader.Current.ByteOffset < MaxBytesPerObject) || (reader.FieldsGrow && !inference.HasSeen(_wanted)))
        {
            switch (reader.Read())
            {
                case ReadResult.Row:
                    if (rows++ == 0 || reader.FieldsGrow)
                        inference.AddFields(reader.Fields, GetFieldsPosition(reader, item), folds: !reader.FieldsGrow);
                    inference.AddRow(reader);
                    break;
                case ReadResult.NeedsData:
                    await reader.FillAsync(cancellationToken);
                    break;
                case ReadResult.End:
                    inference.AddFields(reader.Fields, GetFieldsPosition(reader, item), folds: !reader.FieldsGrow);
                    return;
                default:
                    // A reject, which the run reports. In JSON, it may have added fields.
                    if (reader.FieldsGrow)
                        inference.AddFields(reader.Fields, GetFieldsPosition(reader, item), folds: false);
                    found.AddReject(item, reader);
                    break;
            }
        }
    }

    private static SourcePosition GetFieldsPosition(RecordReader reader, SourceObject item)
        => new(item.Uri, reader.FieldsAt.Line, reader.FieldsAt.ByteOffset);

    private static S3Feed Fixed(S3Feed feed, RecordReader reader)
        => reader.FileSeparator is { } separator && feed.Csv.Separator is null ? feed with { Csv = feed.Csv with { Separator = separator } } : feed;
}
