using PeakS3Feed.Errors;
using PeakS3Feed.Formats;

namespace PeakS3Feed.Schemas;

/// <summary>Infers the schema of a feed from rows of several files. The columns are in the order in which their fields first occur.</summary>
public sealed class SchemaInference
{
    private readonly List<(string Field, ColumnInference Values, int File, string? ObjectUri)> _columns = [];
    private readonly Dictionary<string, int> _byField = new(StringComparer.Ordinal);
    private readonly ValueFormats _formats;
    private readonly ValueLimits _limits;
    private readonly List<int> _binding = [];
    private readonly bool _leavesOut;
    private readonly WarningList _spellings = new();
    private int _file;
    private readonly IReadOnlyList<string> _keys;
    private readonly NumberTexts.Budget _budget = new();
    private IReadOnlyList<string>? _boundFields;
    private (int Columns, bool HasSeen) _known = (-1, false);

    /// <summary>Creates an inference without rows.</summary>
    /// <param name="formats">The accepted forms of values.</param>
    /// <param name="limits">The destination's limits.</param>
    /// <param name="leavesOut">Whether to omit fields beyond the maximum number of columns. If not, such a field is an error.</param>
    /// <param name="keys">The columns of the primary key, by name or field; null for none.</param>
    public SchemaInference(ValueFormats formats, ValueLimits limits, bool leavesOut = false, IReadOnlyList<string>? keys = null)
    {
        _keys = keys ?? [];
        _leavesOut = leavesOut;
        _formats = formats;
        _limits = limits;
    }

    /// <summary>The number of rows added.</summary>
    public long RowsSeen { get; private set; }

    /// <summary>Adds the fields of a file, including a file without rows. Throws with id <c>TooManyColumns</c>.</summary>
    /// <param name="fields">The names of the fields.</param>
    /// <param name="position">The position of the row with the fields, for the error.</param>
    /// <param name="folds">Whether the fields are headers of a CSV file, which <see cref="HeaderMatch"/> matches.</param>
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
                _columns.Add((fields[field], new ColumnInference(_formats, _budget), _file, position?.ObjectUri));
            }
            else if (position is not null && !string.Equals(fields[field], _columns[column].Field, StringComparison.Ordinal))
            {
                _spellings.Add(SchemaWarnings.HeaderSpelling(fields[field], _columns[column].Field, null, position.ObjectUri));
            }

            _binding.Add(column);
        }
    }

    /// <summary>Adds the current row of a reader.</summary>
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
    /// Returns the warnings about the schema: headers that match their field only approximately, and columns from a later file whose field resembles
    /// a field of an earlier file.
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

    /// <summary>Whether all these columns occurred, by name or field in any case. Every call must pass the same columns.</summary>
    public bool HasSeen(IReadOnlyList<string> columns)
    {
        ArgumentNullException.ThrowIfNull(columns);
        if (columns.Count > 0 && _known.Columns != _columns.Count)
            _known = (_columns.Count, ToSchema() is var schema && columns.All(schema.HasColumnOrField));
        return columns.Count == 0 || _known.HasSeen;
    }

    /// <summary>Returns the schema of the rows so far; empty when there were no fields.</summary>
    public FeedSchema ToSchema()
    {
        var names = new ColumnNames(_limits);
        return new FeedSchema(_columns.Select((column, index) =>
        {
            var name = names.Assign(column.Field, index + 1);
            var isKey = _keys.Contains(name, StringComparer.OrdinalIgnoreCase) || _keys.Contains(column.Field, StringComparer.Ordinal);
            var (type, scale) = isKey ? column.Values.KeyResult : column.Values.Result;
            return new FeedColumn(name, column.Field, type, scale);
        }));
    }
}
