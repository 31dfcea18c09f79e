using System.Globalization;
using PeakS3Feed.Destinations.Loading;
using PeakS3Feed.Schemas;

namespace PeakS3Feed.Destinations.Staging;

/// <summary>
/// Stages the rows of one load as gzip CSV files. Each lane writes files of its own, one after the other; a file ends at about
/// <see cref="CsvStageOptions.PartBytes"/>, where the columns change, and around an object that may have to be undone.
/// </summary>
internal sealed class CsvStage(IStagingArea area, LoadName name, CsvStageOptions options) : IStage
{
    private readonly Lock _lock = new();
    private readonly List<WrittenPart> _parts = [];
    private readonly NullToken _token = NullToken.Create();
    private readonly List<int> _texts = [];
    private int _number;

    /// <summary>The text that stands for NULL in the files.</summary>
    public string NullText => _token.Text;

    /// <summary>The beginning of the names of all files of the stage.</summary>
    public string Prefix { get; } = options.Prefix;

    /// <summary>
    /// Returns the size of the longest text staged for a column, in bytes of UTF-8; 0 for other types, and for a column without values.
    /// </summary>
    /// <param name="column">The column's place in the schema.</param>
    public int LongestText(int column)
    {
        lock (_lock)
            return column < _texts.Count ? _texts[column] : 0;
    }

    public IRowSink OpenLane() => new CsvStageLane(this, _token);

    private CsvPartRewriter Rewriter => new(area, CreateName);

    public async Task<StagedLoad> FinishAsync(CancellationToken cancellationToken)
    {
        foreach (var columns in _parts.GroupBy(p => p.Staged.Schema.Columns.Count).Select(g => g.ToList()).ToList())
            await BalanceAsync(columns, cancellationToken);
        return Describe();
    }

    public async Task<StagedLoad> RemoveAsync(IReadOnlyList<RefusedStagedRow> rows, CancellationToken cancellationToken)
    {
        var gone = rows.Select(r => (r.Ordinal, r.Row)).ToHashSet();
        foreach (var part in _parts.Where(p => gone.Any(r => r.Ordinal >= p.FirstOrdinal && r.Ordinal <= p.LastOrdinal)).ToList())
        {
            if (await Rewriter.RemoveAsync(part, gone, cancellationToken) is not { } rewritten)
                continue;
            if (rewritten.Staged.Rows == 0)
                await area.DeleteAsync([rewritten.Name], cancellationToken);
            await ReplaceAsync(part, rewritten.Staged.Rows == 0 ? [] : [rewritten], cancellationToken);
        }
        return Describe();
    }

    /// <summary>Reads the place with which the text of a staged row begins; null if it does not.</summary>
    /// <param name="row">The beginning of the row.</param>
    public static (long Ordinal, long Row)? ReadPlace(string row)
        => row.Split(',', 3) is [var first, var second, ..]
            && long.TryParse(first, NumberStyles.None, CultureInfo.InvariantCulture, out var ordinal)
            && long.TryParse(second, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            ? (ordinal, number)
            : null;

    /// <summary>Returns the place of the row in a line of a file.</summary>
    /// <param name="uri">The file's address.</param>
    /// <param name="line">The line, from 1, as an engine reports it.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <returns>
    /// Null if the file is not of this stage, or if a text with a line break comes before: engines do not say whether they count such a row once.
    /// </returns>
    /// <exception cref="InvalidDataException">The file is not the one that was written.</exception>
    public async Task<(long Ordinal, long Row)?> FindRowAsync(string uri, long line, CancellationToken cancellationToken)
    {
        if (_parts.Find(p => p.Staged.Uri == uri) is not { } part)
            return null;
        (long, long)? found = null;
        long at = 0;
        var broken = false;
        await CsvPartReader.ReadAsync(
            area, part,
            row =>
            {
                if (++at == line && !broken)
                    found = (row.Ordinal, row.Row);
                broken |= row.Bytes.Span.Count((byte)'\n') > 1;
                return ValueTask.CompletedTask;
            },
            cancellationToken);
        return found;
    }

    public async Task CloseAsync(StageEnd end)
    {
        if (end == StageEnd.InDoubt)
            return;
        var names = await area.ListAsync(Prefix, CancellationToken.None).Select(f => f.Name).ToListAsync();
        await area.DeleteAsync(names, CancellationToken.None);
    }

    /// <summary>Begins the next file.</summary>
    internal CsvPart CreatePart(FeedSchema schema) => new(area, CreateName(), schema);

    /// <summary>Whether a file is large enough to end it.</summary>
    internal bool IsFull(CsvPart part) => part.Bytes >= options.PartBytes;

    /// <summary>Adds complete files to the load.</summary>
    internal void Add(IEnumerable<WrittenPart> parts)
    {
        lock (_lock)
            _parts.AddRange(parts);
    }

    /// <summary>Adds the sizes of the longest texts of a lane's columns.</summary>
    internal void AddTexts(IEnumerable<int> longest)
    {
        lock (_lock)
        {
            foreach (var (column, bytes) in longest.Index())
            {
                if (column == _texts.Count)
                    _texts.Add(0);
                _texts[column] = Math.Max(_texts[column], bytes);
            }
        }
    }

    /// <summary>Deletes complete files that are not part of the load.</summary>
    internal Task DeleteAsync(IEnumerable<WrittenPart> parts, CancellationToken cancellationToken)
        => area.DeleteAsync([.. parts.Select(p => p.Name)], cancellationToken);

    private async Task BalanceAsync(List<WrittenPart> parts, CancellationToken cancellationToken)
    {
        var pieces = PartBalance.Find(parts, options.Slices);
        for (var i = 0; i < parts.Count; i++)
        {
            if (pieces[i] > 1)
                await ReplaceAsync(parts[i], await Rewriter.SplitAsync(parts[i], pieces[i], cancellationToken), cancellationToken);
        }
    }

    private async Task ReplaceAsync(WrittenPart part, IReadOnlyList<WrittenPart> others, CancellationToken cancellationToken)
    {
        _parts.Remove(part);
        _parts.AddRange(others);
        await area.DeleteAsync([part.Name], cancellationToken);
    }

    private string CreateName()
        => string.Create(CultureInfo.InvariantCulture, $"{Prefix}part-{Interlocked.Increment(ref _number):D5}.csv.gz");

    private StagedLoad Describe()
    {
        lock (_lock)
            return new StagedLoad(name, [.. _parts.Select(p => p.Staged)]);
    }
}

/// <summary>How a load is staged.</summary>
/// <param name="Prefix">The beginning of the files' names. No two stages share one.</param>
/// <param name="PartBytes">The size at which a file ends, compressed.</param>
internal sealed record CsvStageOptions(string Prefix, long PartBytes = CsvStageOptions.DefaultPartBytes)
{
    /// <summary>The number of slices of the warehouse: the number of files is a multiple of it where each has 1 MiB. 1 for any number.</summary>
    public int Slices { get; init; } = 1;

    /// <summary>64 MiB.</summary>
    public const long DefaultPartBytes = 64 * 1024 * 1024;
}
