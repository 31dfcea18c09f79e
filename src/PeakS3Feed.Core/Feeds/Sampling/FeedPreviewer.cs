using PeakS3Feed.Connections;
using PeakS3Feed.Errors;
using PeakS3Feed.Formats;
using PeakS3Feed.Formats.Csv;
using PeakS3Feed.Formats.Opening;
using PeakS3Feed.Rows;
using PeakS3Feed.Schemas;
using PeakS3Feed.Sources;

namespace PeakS3Feed.Feeds.Sampling;

/// <summary>Reads the first rows of one file, and no more of the file than they need.</summary>
public sealed class FeedPreviewer(IObjectSource source, S3Connection connection, ValueLimits limits, TimeProvider time)
{
    /// <summary>Previews the object with a key or URI, or the feed's newest object.</summary>
    /// <exception cref="FeedException"><c>NothingToSample</c>, <c>PathNotFound</c>, <c>ObjectVanished</c>, and those of reading.</exception>
    public async Task<FeedPreview> ReadAsync(S3Feed feed, int first, string? key, CancellationToken cancellationToken)
    {
        var matcher = FeedObjects.Matcher(feed, connection);
        key = key is null ? null : KeyOf(key);
        var item = key is null ? null : await source.FindAsync(key, cancellationToken) ?? throw SamplingErrors.NoSuchKey(source.Bucket, key);
        // Before there is a feed, the other files have nothing to do with the one that is named.
        var prefix = feed.IsDraft && item is not null ? item.Key : FeedObjects.Prefix(feed, connection);
        var sampler = new SchemaSampler(source, matcher, prefix, limits, time, connection);
        var warnings = new WarningList();
        if (feed.Schema is null || feed.Csv.Separator is null)
        {
            // Uses the sample of a run, so that the preview shows the types that the run will choose.
            var sampled = await sampler.InferAsync(feed, sampleAll: false, cancellationToken);
            item ??= sampled.Sampled[0];
            feed = sampled.Feed;
            warnings.AddRange(sampled.Warnings);
        }
        item ??= await sampler.NewestAsync(feed, cancellationToken);

        await using var stored = await source.OpenAsync(item, cancellationToken);
        await using var content = await ContentStream.OpenAsync(stored, item.Uri, cancellationToken);
        await using var reader = await RecordReaders.OpenAsync(feed.Format, content, item.Uri, cancellationToken);
        var assembler = new RowAssembler(feed.Schema!, new RowAssemblerOptions
        {
            FeedName = feed.Name,
            NewFields = NewFieldAction.Ignore,
            Limits = limits,
            ValueFormats = feed.ValueFormats,
            MaxBatchRows = first,
        });
        var batch = await assembler.ReadAsync(reader, item, null, first, cancellationToken);

        // Leaves out warnings that the sample already has.
        warnings.AddRange(batch.Warnings.Where(w => !warnings.Items.Any(s => s.Id == w.Id)));
        if (feed.FileType == FileType.Csv && SeparatorAdvice.Find(batch.Rows, CsvSeparator.For(feed.Csv, item.Key)) is var (column, other))
            warnings.Add(SamplingWarnings.SeparatorInEachRow(item, column, other));
        return new FeedPreview(feed, item, [.. Enumerable.Range(0, batch.Rows.Count).Select(r => Row(batch.Rows, r))], batch.Rejects)
        {
            Warnings = warnings.Items,
        };
    }

    // A preview prints the URI of its object, so people give it back.
    private string KeyOf(string key) => ObjectUri.Read(key) is not var (bucket, rest) ? key
        : bucket == source.Bucket ? rest
        : throw SamplingErrors.OtherBucket(key, bucket, source.Bucket);

    private static IReadOnlyList<object?> Row(RowBatch batch, int row)
    {
        var values = new object?[batch.Columns.Length];
        for (var i = 0; i < values.Length; i++)
            values[i] = CellValue.From(batch.Columns[i], row);
        return values;
    }
}
