using PeakS3Feed.Formats;
using PeakS3Feed.Rows.Cells;
using PeakS3Feed.Schemas;

namespace PeakS3Feed.Rows;

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
        var inference = new ColumnInference(_options.DateFormats);
        for (var row = 0; row < values.Count; row++)
            inference.Add(values[row], _kinds[row]);
        var (type, scale) = inference.Result;
        if (type == ColumnType.Text)
            return values;

        var column = _asText with { Type = type, Scale = scale };
        var vector = ColumnVector.Create(column);
        var writer = CellWriter.Create(column, isKey: false, _options.Limits, _options.DateFormats);
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
