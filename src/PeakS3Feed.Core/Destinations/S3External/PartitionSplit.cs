using System.Globalization;
using PeakS3Feed.Destinations.Loading;
using PeakS3Feed.Rows.Vectors;
using PeakS3Feed.Schemas;

namespace PeakS3Feed.Destinations.S3External;

/// <summary>Divides the rows of batches by the values of the partition columns. For one task at a time.</summary>
/// <param name="fields">The partition fields; may be empty.</param>
/// <param name="target">The feed and table.</param>
internal sealed class PartitionSplit(IReadOnlyList<PartitionField> fields, LoadTarget target)
{
    // Each partition of a load is at least one file, which every reader of the table opens.
    private const int MaxPartitions = 10_000;

    // Partitions whose rows were seen. Each has one instance of its values.
    private readonly Dictionary<string, PartitionValues> _known = new(StringComparer.Ordinal) { [""] = PartitionValues.None };
    private readonly string?[] _values = new string?[fields.Count];
    private readonly SelectedRows _selected = new();
    private readonly RowMask _mask = new();
    private int[] _sources = [];

    /// <summary>Uses other columns from now on.</summary>
    public void Use(IReadOnlyList<FeedColumn> columns) => _sources =
    [
        .. fields.Select(f => columns.Index().FirstOrDefault(c => string.Equals(c.Item.Name, f.Column, StringComparison.OrdinalIgnoreCase), (-1, null!)).Index),
    ];

    /// <summary>Returns the indexes of the columns that a data file has: all but those whose whole value is a partition's.</summary>
    public IReadOnlyList<int> FindWritten(int columns)
        => [.. Enumerable.Range(0, columns).Where(c => !fields.Index().Any(f => !f.Item.IsDerived && _sources[f.Index] == c))];

    /// <summary>Divides the rows of a batch.</summary>
    /// <returns>The partitions, and the rows of each in their order; each is valid until the next one.</returns>
    /// <exception cref="Errors.FeedException"><c>TooManyPartitions</c>.</exception>
    public IEnumerable<PartitionRows> Split(IReadOnlyList<ColumnVector> columns, int count)
    {
        if (fields.Count == 0)
            return [new PartitionRows(PartitionValues.None, columns, count, null)];
        var groups = new Dictionary<PartitionValues, List<int>>(ReferenceEqualityComparer.Instance);
        for (var row = 0; row < count; row++)
        {
            var partition = Find(columns, row);
            if (!groups.TryGetValue(partition, out var rows))
                groups.Add(partition, rows = []);
            rows.Add(row);
        }
        return groups.Select(g => g.Value.Count == count
            ? new PartitionRows(g.Key, columns, count, null)
            : Select(g.Key, g.Value));

        PartitionRows Select(PartitionValues partition, List<int> rows)
        {
            _mask.Reset(count, chosen: false);
            foreach (var row in rows)
                _mask[row] = true;
            return new(partition, _selected.Copy(columns, _mask), rows.Count, [.. rows]);
        }
    }

    private PartitionValues Find(IReadOnlyList<ColumnVector> columns, int row)
    {
        for (var i = 0; i < fields.Count; i++)
            _values[i] = _sources[i] < 0 ? null : PartitionText.Write(fields[i], columns[_sources[i]], row);
        // With their lengths, because a text may contain any separator.
        var name = string.Concat(_values.Select(v => v is null ? "-;" : string.Create(CultureInfo.InvariantCulture, $"{v.Length};{v}")));
        if (!_known.TryGetValue(name, out var values))
        {
            if (_known.Count > MaxPartitions)
                throw ExternalTableErrors.TooManyPartitions(target, [.. fields.Select(f => f.ToString())], MaxPartitions);
            _known.Add(name, values = new([.. fields.Zip(_values, (f, v) => KeyValuePair.Create(f.Name, v))]));
        }
        return values;
    }
}

/// <summary>Rows of one partition.</summary>
/// <param name="Partition">The partition.</param>
/// <param name="Columns">All columns of the rows, also those that are not written. They may hold more rows.</param>
/// <param name="Count">The number of rows.</param>
/// <param name="InBatch">The number of each row in the batch; null if the rows are the batch.</param>
internal sealed record PartitionRows(PartitionValues Partition, IReadOnlyList<ColumnVector> Columns, int Count, int[]? InBatch)
{
    /// <summary>Returns the number in the batch of one of the rows.</summary>
    public int RowInBatch(int row) => InBatch is null ? row : InBatch[row];

    /// <summary>Records the rows in the file that holds them.</summary>
    /// <param name="part">The file.</param>
    /// <param name="ordinal">The object's number in the load.</param>
    /// <param name="first">The number in the object of the batch's first row.</param>
    public void AddTo(TablePart part, long ordinal, long first)
    {
        if (InBatch is null)
        {
            part.Add(ordinal, first, Count);
            return;
        }
        for (int from = 0, to; from < InBatch.Length; from = to)
        {
            for (to = from + 1; to < InBatch.Length && InBatch[to] == InBatch[to - 1] + 1;)
                to++;
            part.Add(ordinal, first + InBatch[from], to - from);
        }
    }
}
