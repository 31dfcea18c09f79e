using PeakS3Feed.Destinations.Loading;
using PeakS3Feed.Errors;
using PeakS3Feed.Formats.Opening;
using PeakS3Feed.Rows;
using PeakS3Feed.Schemas;
using PeakS3Feed.Sources;

namespace PeakS3Feed.Feeds.Running;

/// <summary>
/// Finds the lines of rows in an object that was staged before, by reading the object again. Staged rows have their number but not their line, so
/// staging has no cost unless an engine refuses a row.
/// </summary>
internal sealed class RowLocator(IObjectSource source, S3Feed feed, RowAssemblerOptions options)
{
    /// <summary>Creates the rejects for rows of one object. If the object has changed since then, their positions have no line.</summary>
    /// <param name="item">The object.</param>
    /// <param name="schema">The columns after the load.</param>
    /// <param name="refused">The rows; their numbers count the object's loaded rows.</param>
    /// <param name="cancellationToken">Stops reading.</param>
    public async Task<IReadOnlyList<Reject>> LocateAsync(
        SourceObject item, FeedSchema schema, IEnumerable<RefusedStagedRow> refused, CancellationToken cancellationToken)
    {
        var rows = refused.OrderBy(r => r.Row).ToList();
        var positions = new Dictionary<long, (long Line, long ByteOffset)>();
        try
        {
            await ReadAsync(item, schema, rows, positions, cancellationToken);
        }
        catch (FeedException e) when (BadFile.ConcernsOneFile(e))
        {
            positions.Clear();
        }
        return [.. rows.Select(r => new Reject(Position(item, positions, r.Row), r.Reason, null))];
    }

    private static SourcePosition Position(SourceObject item, Dictionary<long, (long Line, long ByteOffset)> positions, long row)
        => positions.TryGetValue(row, out var at) ? new SourcePosition(item.Uri, at.Line, at.ByteOffset) : new SourcePosition(item.Uri);

    private async Task ReadAsync(
        SourceObject item, FeedSchema schema, List<RefusedStagedRow> rows, Dictionary<long, (long Line, long ByteOffset)> positions,
        CancellationToken cancellationToken)
    {
        await using var stored = await source.OpenAsync(item, cancellationToken);
        await using var content = await ContentStream.OpenAsync(stored, item.Uri, cancellationToken);
        await using var reader = await RecordReaders.OpenAsync(feed.Format, content, item.Uri, cancellationToken);
        var assembler = new RowAssembler(schema, options with { KeepPositions = true });
        var (before, next) = (0L, 0);
        for (AssembledBatch? batch = null; batch is not { EndOfFile: true } && next < rows.Count; before += batch.Rows.Count)
        {
            batch = await assembler.ReadAsync(reader, item, batch?.Rows, long.MaxValue, cancellationToken);
            for (; next < rows.Count && rows[next].Row < before + batch.Rows.Count; next++)
                positions[rows[next].Row] = batch.Rows.Positions[(int)(rows[next].Row - before)];
        }
    }
}
