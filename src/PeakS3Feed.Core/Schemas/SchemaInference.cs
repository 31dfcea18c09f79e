using PeakS3Feed.Formats;

namespace PeakS3Feed.Schemas;

/// <summary>Finds the schema of a feed from rows of several files. Columns stand in the order their fields were first seen.</summary>
public sealed class SchemaInference
{
    private readonly List<(string Field, ColumnInference Values)> _columns = [];
    private readonly Dictionary<string, int> _byField = new(StringComparer.Ordinal);
    private readonly DateFormatSet _dates;
    private readonly ValueLimits _limits;
    private readonly List<int> _binding = [];
    private IReadOnlyList<string>? _boundFields;

    /// <summary>Begins with no rows.</summary>
    public SchemaInference(DateFormatSet dates, ValueLimits limits)
    {
        _dates = dates;
        _limits = limits;
    }

    /// <summary>How many rows were taken into account.</summary>
    public long RowsSeen { get; private set; }

    /// <summary>
    /// Takes a file's fields into account, also when it has no rows. Throws with id <c>TooManyColumns</c>.
    /// </summary>
    public void AddFields(IReadOnlyList<string> fields)
    {
        if (!ReferenceEquals(fields, _boundFields))
            _binding.Clear();
        _boundFields = fields;
        for (var field = _binding.Count; field < fields.Count; field++)
        {
            if (!_byField.TryGetValue(fields[field], out var column))
            {
                column = _columns.Count;
                if (column == Math.Min(_limits.MaxColumns, FeedSchema.MaxColumns))
                    throw SchemaErrors.TooManyColumns(column);
                _byField.Add(fields[field], column);
                _columns.Add((fields[field], new ColumnInference(_dates)));
            }

            _binding.Add(column);
        }
    }

    /// <summary>Takes the row a reader stands on into account.</summary>
    public void AddRow(RecordReader reader)
    {
        var fields = reader.Fields;
        if (!ReferenceEquals(fields, _boundFields) || fields.Count > _binding.Count)
            AddFields(fields);
        RowsSeen++;
        var row = reader.Current;
        for (var field = 0; field < row.Count; field++)
            _columns[_binding[field]].Values.Add(row.Value(field), row.Kind(field));
    }

    /// <summary>The schema by what was seen so far; empty when there were no fields.</summary>
    public FeedSchema ToSchema()
    {
        var names = new ColumnNames(_limits);
        return new FeedSchema(_columns.Select((column, index) =>
        {
            var (type, scale) = column.Values.Result;
            return new FeedColumn(names.Assign(column.Field, index + 1), column.Field, type, scale);
        }));
    }
}
