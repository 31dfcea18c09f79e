using PeakS3Feed.Errors;
using PeakS3Feed.Formats;
using PeakS3Feed.Rows.Cells;
using PeakS3Feed.Rows.Vectors;
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

/// <summary>
/// A new field that has no column yet. Its values are kept as text, with the form in the file, until a batch of them determines a type.
/// </summary>
internal sealed class NewColumn
{
    private readonly FeedColumn _asText;
    private readonly RowAssemblerOptions _options;
    private readonly TextCellWriter _writer;
    private readonly List<FieldKind> _kinds = [];
    private readonly Utf8Vector _values;

    public NewColumn(string name, string field, int fieldIndex, RowAssemblerOptions options)
    {
        _asText = new FeedColumn(name, field, ColumnType.Text);
        _options = options;
        _writer = new TextCellWriter(_asText, isKey: false, options.Limits) { ShowsValues = options.KeepRawText };
        FieldIndex = fieldIndex;
        _values = new Utf8Vector(_asText);
        _writer.Bind(_values);
    }

    /// <summary>The position of the field in the file.</summary>
    public int FieldIndex { get; }

    /// <summary>The name of the field.</summary>
    public string Field => _asText.Field;

    /// <summary>Whether a loaded row has the field, even with NULL.</summary>
    public bool IsPresent { get; set; }

    /// <summary>Whether any value of the batch is not NULL.</summary>
    public bool HasValues
    {
        get
        {
            for (var row = 0; row < _values.Count; row++)
            {
                if (!_values.IsNull(row))
                    return true;
            }

            return false;
        }
    }

    /// <summary>Appends NULL for earlier rows, up to <paramref name="count"/> rows.</summary>
    public void AppendNulls(int count)
    {
        while (_values.Count < count)
        {
            _values.AppendNull();
            _kinds.Add(FieldKind.Missing);
        }
    }

    /// <summary>Appends a value. Returns the reason when no column could store it, otherwise null.</summary>
    public string? Append(ReadOnlySpan<byte> utf8, FieldKind kind)
    {
        var reason = _writer.Append(utf8, kind);
        if (reason is null)
            _kinds.Add(kind);
        return reason;
    }

    /// <summary>Removes all rows from <paramref name="count"/> on.</summary>
    public void Truncate(int count)
    {
        _values.Truncate(count);
        if (_kinds.Count > count)
            _kinds.RemoveRange(count, _kinds.Count - count);
    }

    /// <summary>Returns the values as a column of the inferred type.</summary>
    public ColumnVector ToColumn()
    {
        var values = _values;
        var inference = new ColumnInference(_options.ValueFormats);
        for (var row = 0; row < values.Count; row++)
            inference.Add(values[row], _kinds[row]);
        var (type, scale) = inference.Result;
        if (type == ColumnType.Text)
            return values;

        var column = _asText with { Type = type, Scale = scale };
        var vector = ColumnVector.Create(column);
        var writer = CellWriter.Create(column, isKey: false, _options.Limits, _options.ValueFormats);
        writer.Bind(vector);
        for (var row = 0; row < values.Count; row++)
        {
            // The inferred type accepts every value. If that ever fails, a text column keeps the values as they were read.
            if (writer.Append(values[row], _kinds[row]) is not null)
                return values;
        }

        return vector;
    }
}
