using PeakS3Feed.Schemas;

namespace PeakS3Feed.Rows;

/// <summary>Which field of the file at hand feeds which column. Made anew for each file; grows with its fields.</summary>
internal sealed class FieldBinding(FeedSchema schema)
{
    private readonly int[] _fieldOfColumn = NoFields(schema.Columns.Count);
    private readonly List<int> _newFields = [];
    private readonly Dictionary<string, int> _columnOfField = ColumnsByField(schema);

    /// <summary>How many of the file's fields were looked at.</summary>
    public int FieldsSeen { get; private set; }

    /// <summary>The field of each column, or -1.</summary>
    public ReadOnlySpan<int> FieldOfColumn => _fieldOfColumn;

    /// <summary>The fields without a column, in the file's order.</summary>
    public IReadOnlyList<int> NewFields => _newFields;

    /// <summary>Binds the fields that were not there the last time.</summary>
    public void Extend(IReadOnlyList<string> fields)
    {
        for (; FieldsSeen < fields.Count; FieldsSeen++)
        {
            if (_columnOfField.TryGetValue(fields[FieldsSeen], out var column))
                _fieldOfColumn[column] = FieldsSeen;
            else
                _newFields.Add(FieldsSeen);
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
