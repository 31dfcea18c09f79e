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
    private const int MaxRecent = 32 * 1024;

    // Partitions whose rows were seen. Each has one instance of its values.
    private readonly Dictionary<string, PartitionValues> _known = new(StringComparer.Ordinal) { [""] = PartitionValues.None };
    // Finds partitions by the hashes of their values, because text takes long to make.
    private readonly Dictionary<UInt128, PartitionValues> _recent = [];
    private readonly KeyHasher _hasher = new();
    private readonly string?[] _values = new string?[fields.Count];
    private readonly SelectedRows _selected = new();
    private readonly RowMask _mask = new();
    private int[] _sources = [];

    /// <summary>Uses other columns from now on.</summary>
    public void Use(IReadOnlyList<FeedColumn> columns) => _sources =
    [
        .. fields.Select(f => columns.Index()
            .FirstOrDefault(c => string.Equals(c.Item.Name, f.Column, StringComparison.OrdinalIgnoreCase), (-1, null!)).Index),
    ];

    /// <summary>Returns the indexes of the columns that a data file has: all but those whose whole value is a partition's.</summary>
    public IReadOnlyList<int> FindWritten(int columns)
        => [.. Enumerable.Range(0, columns).Where(c => !fields.Index().Any(f => !f.Item.IsDerived && _sources[f.Index] == c))];

    /// <summary>Divides the rows of a batch.</summary>
    /// <param name="columns">The columns.</param>
    /// <param name="count">The number of rows.</param>
    /// <param name="first">The first of the rows; the others follow it in its object.</param>
    /// <returns>The partitions, and the rows of each in their order; each is valid until the next one.</returns>
    /// <exception cref="Errors.FeedException"><c>TooManyPartitions</c>.</exception>
    public IEnumerable<PartitionRows> Split(IReadOnlyList<ColumnVector> columns, int count, RowOrigin first)
    {
        if (fields.Count == 0)
            return [new PartitionRows(PartitionValues.None, columns, count, first, null)];
        var values = FindValues(columns, count);
        var groups = new Dictionary<PartitionValues, List<int>>(ReferenceEqualityComparer.Instance);
        for (var row = 0; row < count; row++)
        {
            var partition = Find(values, row);
            if (!groups.TryGetValue(partition, out var rows))
                groups.Add(partition, rows = []);
            rows.Add(row);
        }
        return groups.Select(g => g.Value.Count == count
            ? new PartitionRows(g.Key, columns, count, first, null)
            : Select(g.Key, g.Value));

        PartitionRows Select(PartitionValues partition, List<int> rows)
        {
            _mask.Reset(count, chosen: false);
            foreach (var row in rows)
                _mask[row] = true;
            return new(partition, _selected.Copy(columns, _mask), rows.Count, first, [.. rows.Select(r => first with { Row = first.Row + r })]);
        }
    }

    // The column of each field, or its days where only they matter; null where the batch lacks the column.
    private ColumnVector?[] FindValues(IReadOnlyList<ColumnVector> columns, int count) =>
    [
        .. fields.Select((f, i) => _sources[i] < 0 ? null
            : f.Part != PartitionPart.Value && columns[_sources[i]] is FixedVector<long> times ? PartitionText.ToDays(times, count)
            : columns[_sources[i]]),
    ];

    private PartitionValues Find(ColumnVector?[] values, int row)
    {
        var hash = _hasher.HashWithNulls(values, row);
        if (_recent.TryGetValue(hash, out var partition))
            return partition;
        if (_recent.Count == MaxRecent)
            _recent.Clear();
        return _recent[hash] = FindByText(values, row);
    }

    private PartitionValues FindByText(ColumnVector?[] values, int row)
    {
        for (var i = 0; i < fields.Count; i++)
            _values[i] = values[i] is { } vector ? PartitionText.Write(fields[i], vector, row) : null;
        // With their lengths, because a text may contain any separator.
        var name = string.Concat(_values.Select(v => v is null ? "-;" : string.Create(CultureInfo.InvariantCulture, $"{v.Length};{v}")));
        if (!_known.TryGetValue(name, out var known))
        {
            if (_known.Count > MaxPartitions)
                throw ExternalTableErrors.TooManyPartitions(target, [.. fields.Select(f => f.ToString())], MaxPartitions);
            _known.Add(name, known = new([.. fields.Zip(_values, (f, v) => KeyValuePair.Create(f.Name, v))]));
        }
        return known;
    }
}

/// <summary>Rows of one partition.</summary>
/// <param name="Partition">The partition.</param>
/// <param name="Columns">All columns of the rows, also those that are not written. They may hold more rows.</param>
/// <param name="Count">The number of rows.</param>
/// <param name="First">The first row, where the others follow it in its object.</param>
/// <param name="Origins">Which rows they are; null if they follow <paramref name="First"/>.</param>
internal sealed record PartitionRows(
    PartitionValues Partition, IReadOnlyList<ColumnVector> Columns, int Count, RowOrigin First, RowOrigin[]? Origins)
{
    /// <summary>Returns which row of which object one of the rows is.</summary>
    public RowOrigin OriginOf(int row) => Origins is null ? First with { Row = First.Row + row } : Origins[row];

    /// <summary>Records the rows in the file that holds them.</summary>
    public void AddTo(TablePart part)
    {
        if (Origins is null)
        {
            part.Add(First, Count);
            return;
        }
        foreach (var origin in Origins)
            part.Add(origin, 1);
    }
}
