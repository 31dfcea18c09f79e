using PeakS3Feed.Errors;
using PeakS3Feed.Formats;
using PeakS3Feed.Schemas;

namespace PeakS3Feed.Rows;

/// <summary>
/// The fields of the current file that have no column yet. A field becomes a column with the first batch in which it has a value. If all its values
/// are NULL, it becomes one at the end of the file, because NULL alone determines no type.
/// </summary>
internal sealed class NewColumns(RowAssemblerOptions options)
{
    private readonly List<NewColumn> _columns = [];
    private readonly Dictionary<string, string> _namesGiven = new(StringComparer.Ordinal);

    /// <summary>Whether no field is collected.</summary>
    public bool IsEmpty => _columns.Count == 0;

    /// <summary>Removes the fields. They keep the names that were assigned to them.</summary>
    public void Forget() => _columns.Clear();

    /// <summary>Starts collecting a field, if it is not collected already. The rows of the batch so far have NULL.</summary>
    public void Add(FeedSchema schema, string field, int fieldIndex, int rowsSoFar, SourcePosition position)
    {
        if (_columns.Exists(c => c.FieldIndex == fieldIndex))
            return;
        var limit = Math.Min(options.Limits.MaxColumns, FeedSchema.MaxColumns);
        if (schema.Columns.Count + _columns.Count >= limit)
            throw SchemaErrors.TooManyColumns(limit, position);
        if (!_namesGiven.TryGetValue(field, out var name))
        {
            var names = new ColumnNames(options.Limits, schema.Columns.Select(c => c.Name).Concat(_namesGiven.Values));
            name = names.Assign(field, schema.Columns.Count + _columns.Count + 1);
            _namesGiven.Add(field, name);
        }

        var column = new NewColumn(name, field, fieldIndex, options);
        column.AppendNulls(rowsSoFar);
        _columns.Add(column);
    }

    /// <summary>Appends the values of a row. When the row is a reject, it appends nothing and returns the reason and the field.</summary>
    public string? Append(Record record, int rowsSoFar, out string? field)
    {
        field = null;
        foreach (var column in _columns)
        {
            var index = column.FieldIndex;
            var reason = index < record.Count ? column.Append(record.Value(index), record.Kind(index)) : column.Append([], FieldKind.Missing);
            if (reason is null)
                continue;
            field = column.Field;
            _columns.ForEach(c => c.Truncate(rowsSoFar));
            return reason;
        }

        foreach (var column in _columns)
            column.IsPresent |= column.FieldIndex < record.Count && record.Kind(column.FieldIndex) != FieldKind.Missing;
        return null;
    }

    /// <summary>
    /// Removes the fields that are ready and returns them as columns with the values of the batch. The other fields start the next batch empty.
    /// </summary>
    public IReadOnlyList<ColumnVector> TakeReady(bool all, int rows)
    {
        if (_columns.Count == 0)
            return [];
        _columns.ForEach(c => c.Truncate(rows));
        var ready = _columns.Where(c => c.HasValues || (all && c.IsPresent)).ToList();
        _columns.RemoveAll(ready.Contains);
        _columns.ForEach(c => c.Truncate(0));
        return [.. ready.Select(c => c.ToColumn())];
    }
}
