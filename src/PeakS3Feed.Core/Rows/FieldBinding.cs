using PeakS3Feed.Errors;
using PeakS3Feed.Schemas;

namespace PeakS3Feed.Rows;

/// <summary>
/// Maps the fields of one file to columns. There is one binding for each file, and it grows with the file's fields. CSV headers are known at once and
/// are matched by <see cref="HeaderMatch"/>; JSON names must be equal.
/// </summary>
internal sealed class FieldBinding(FeedSchema schema, bool folds)
{
    private readonly int[] _fieldOfColumn = NoFields(schema.Columns.Count);
    private readonly List<int> _newFields = [];
    private readonly Dictionary<string, int> _columnOfField = folds ? [] : ColumnsByField(schema);

    /// <summary>The number of the file's fields that are bound or known to be new.</summary>
    public int FieldsSeen { get; private set; }

    /// <summary>The field of each column, or -1.</summary>
    public ReadOnlySpan<int> FieldOfColumn => _fieldOfColumn;

    /// <summary>The fields without a column, in the order of the file.</summary>
    public IReadOnlyList<int> NewFields => _newFields;

    /// <summary>Binds the fields that were added since the last call.</summary>
    public void Extend(IReadOnlyList<string> fields)
    {
        var found = folds && FieldsSeen < fields.Count ? HeaderMatch.Find(fields, [.. schema.Columns.Select(c => c.Field)]) : [];
        for (; FieldsSeen < fields.Count; FieldsSeen++)
        {
            var column = folds ? found[FieldsSeen] : _columnOfField.GetValueOrDefault(fields[FieldsSeen], -1);
            if (column >= 0)
                _fieldOfColumn[column] = FieldsSeen;
            else
                _newFields.Add(FieldsSeen);
        }
    }

    /// <summary>
    /// Returns the warnings about a CSV file's headers: headers that match their field only approximately, and columns for another spelling of a
    /// header.
    /// </summary>
    public IEnumerable<FeedWarning> FindHeaderWarnings(IReadOnlyList<string> headers, string objectUri)
    {
        var columnOfFolded = new Dictionary<string, int>(StringComparer.Ordinal);
        var hasAll = true;
        for (var column = 0; column < _fieldOfColumn.Length; column++)
        {
            hasAll &= _fieldOfColumn[column] >= 0;
            if (_fieldOfColumn[column] >= 0 && schema.Columns[column] is var fed && headers[_fieldOfColumn[column]] is var header
                && !string.Equals(header, fed.Field, StringComparison.Ordinal))
                yield return SchemaWarnings.HeaderSpelling(header, fed.Field, fed.Name, objectUri);
        }

        if (hasAll)
            yield break;
        for (var column = 0; column < _fieldOfColumn.Length; column++)
        {
            if (_fieldOfColumn[column] >= 0)
                columnOfFolded.TryAdd(FieldNames.Fold(schema.Columns[column].Field), column);
        }

        for (var column = 0; column < _fieldOfColumn.Length; column++)
        {
            if (_fieldOfColumn[column] < 0 && columnOfFolded.TryGetValue(FieldNames.Fold(schema.Columns[column].Field), out var fed))
                yield return SchemaWarnings.OneSpellingMissing(headers[_fieldOfColumn[fed]], schema.Columns[fed], schema.Columns[column], objectUri);
        }
    }

    private static int[] NoFields(int count)
    {
        var fields = new int[count];
        Array.Fill(fields, -1);
        return fields;
    }

    private static Dictionary<string, int> ColumnsByField(FeedSchema schema)
    {
        var columns = new Dictionary<string, int>(StringComparer.Ordinal);
        for (var column = 0; column < schema.Columns.Count; column++)
            columns.TryAdd(schema.Columns[column].Field, column);
        return columns;
    }
}
