using PeakS3Feed.Errors;
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
    private readonly bool _leavesOut;
    private IReadOnlyList<string>? _boundFields;

    /// <summary>Begins with no rows.</summary>
    /// <param name="dates">How dates may be written.</param>
    /// <param name="limits">What the destination takes.</param>
    /// <param name="leavesOut">Whether fields beyond the most columns are left out; else they are an error.</param>
    public SchemaInference(DateFormatSet dates, ValueLimits limits, bool leavesOut = false)
    {
        _leavesOut = leavesOut;
        _dates = dates;
        _limits = limits;
    }

    /// <summary>How many rows were taken into account.</summary>
    public long RowsSeen { get; private set; }

    /// <summary>
    /// Takes a file's fields into account, also when it has no rows. Throws with id <c>TooManyColumns</c>.
    /// </summary>
    /// <param name="fields">The fields.</param>
    /// <param name="position">The row that brought them, for the error.</param>
    public void AddFields(IReadOnlyList<string> fields, SourcePosition? position = null)
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
                {
                    if (!_leavesOut)
                        throw SchemaErrors.TooManyColumns(column, position);
                    _binding.Add(-1);
                    continue;
                }

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
        {
            if (_binding[field] >= 0)
                _columns[_binding[field]].Values.Add(row.Value(field), row.Kind(field));
        }
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
