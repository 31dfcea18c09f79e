using PeakS3Feed.Errors;
using PeakS3Feed.Formats;

namespace PeakS3Feed.Schemas;

/// <summary>Finds the schema of a feed from rows of several files. Columns stand in the order their fields were first seen.</summary>
public sealed class SchemaInference
{
    private readonly List<(string Field, ColumnInference Values, int File, string? ObjectUri)> _columns = [];
    private readonly Dictionary<string, int> _byField = new(StringComparer.Ordinal);
    private readonly DateFormatSet _dates;
    private readonly ValueLimits _limits;
    private readonly List<int> _binding = [];
    private readonly bool _leavesOut;
    private readonly WarningList _spellings = new();
    private int _file;
    private readonly IReadOnlyList<string> _keys;
    private readonly NumberTexts.Budget _budget = new();
    private IReadOnlyList<string>? _boundFields;
    private (int Columns, bool HasSeen) _known = (-1, false);

    /// <summary>Begins with no rows.</summary>
    /// <param name="dates">How dates may be written.</param>
    /// <param name="limits">What the destination takes.</param>
    /// <param name="leavesOut">Whether fields beyond the most columns are left out; else they are an error.</param>
    /// <param name="keys">The columns of the primary key, by name or field; null for none.</param>
    public SchemaInference(DateFormatSet dates, ValueLimits limits, bool leavesOut = false, IReadOnlyList<string>? keys = null)
    {
        _keys = keys ?? [];
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
    /// <param name="folds">Whether they are the headers of a CSV file, which stand for a field as <see cref="HeaderMatch"/> finds it.</param>
    public void AddFields(IReadOnlyList<string> fields, SourcePosition? position = null, bool folds = false)
    {
        if (!ReferenceEquals(fields, _boundFields))
        {
            _binding.Clear();
            _file++;
        }

        _boundFields = fields;
        var headers = folds && _binding.Count < fields.Count ? HeaderMatch.Find(fields, [.. _columns.Select(c => c.Field)]) : null;
        for (var field = _binding.Count; field < fields.Count; field++)
        {
            var column = headers?[field] ?? _byField.GetValueOrDefault(fields[field], -1);
            if (column < 0)
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
                _columns.Add((fields[field], new ColumnInference(_dates, _budget), _file, position?.ObjectUri));
            }
            else if (position is not null && !string.Equals(fields[field], _columns[column].Field, StringComparison.Ordinal))
            {
                _spellings.Add(SchemaWarnings.HeaderSpelling(fields[field], _columns[column].Field, null, position.ObjectUri));
            }

            _binding.Add(column);
        }
    }

    /// <summary>Takes the row a reader stands on into account.</summary>
    public void AddRow(RecordReader reader)
    {
        var fields = reader.Fields;
        if (!ReferenceEquals(fields, _boundFields) || fields.Count > _binding.Count)
            AddFields(fields, folds: !reader.FieldsGrow);
        RowsSeen++;
        var row = reader.Current;
        for (var field = 0; field < row.Count; field++)
        {
            if (_binding[field] >= 0)
                _columns[_binding[field]].Values.Add(row.Value(field), row.Kind(field));
        }
    }

    /// <summary>
    /// What is to be told of the schema: headers that were taken for a field which they do not equal exactly, and columns that a later file
    /// brought for a field which is similar to one of an earlier file.
    /// </summary>
    public IReadOnlyList<FeedWarning> FindWarnings(FeedSchema schema)
    {
        ArgumentNullException.ThrowIfNull(schema);
        List<FeedWarning> warnings = [.. _spellings.Items];
        var known = new SimilarFields();
        for (var column = 0; column < _columns.Count; column++)
        {
            if (known.Find(schema.Columns[column]) is { } similar && _columns[column] is { ObjectUri: { } uri, File: var file }
                && _columns.Exists(c => c.File != file && string.Equals(c.Field, similar.Field, StringComparison.Ordinal)))
                warnings.Add(SchemaWarnings.SimilarField(schema.Columns[column], similar, uri));
            known.Add(schema.Columns[column]);
        }

        return warnings;
    }

    /// <summary>Whether all these columns were seen, by name or field in any case. Asked again, always for the same ones.</summary>
    public bool HasSeen(IReadOnlyList<string> columns)
    {
        ArgumentNullException.ThrowIfNull(columns);
        if (columns.Count > 0 && _known.Columns != _columns.Count)
            _known = (_columns.Count, ToSchema() is var schema && columns.All(schema.HasColumnOrField));
        return columns.Count == 0 || _known.HasSeen;
    }

    /// <summary>The schema by what was seen so far; empty when there were no fields.</summary>
    public FeedSchema ToSchema()
    {
        var names = new ColumnNames(_limits);
        return new FeedSchema(_columns.Select((column, index) =>
        {
            var name = names.Assign(column.Field, index + 1);
            var isKey = _keys.Contains(name, StringComparer.Ordinal) || _keys.Contains(column.Field, StringComparer.Ordinal);
            var (type, scale) = isKey ? column.Values.KeyResult : column.Values.Result;
            return new FeedColumn(name, column.Field, type, scale);
        }));
    }
}
