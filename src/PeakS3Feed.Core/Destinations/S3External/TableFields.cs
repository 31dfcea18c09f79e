using PeakS3Feed.Destinations.Delta;
using PeakS3Feed.Destinations.Loading;
using PeakS3Feed.Destinations.Parquet;
using PeakS3Feed.Schemas;

namespace PeakS3Feed.Destinations.S3External;

/// <summary>
/// The columns of a table's files: the name that each has in the table, and its field id, which never changes. A column that the table lacks gets the
/// next id when it is seen first. Safe for concurrent use.
/// </summary>
/// <param name="existing">The table's columns and their ids. Names are unique regardless of case.</param>
/// <param name="target">The feed and table.</param>
internal sealed class TableFields(IEnumerable<(string Name, int Id)> existing, LoadTarget target)
{
    private readonly Dictionary<string, (string Name, int Id)> _fields = existing.ToDictionary(f => f.Name, f => f, StringComparer.OrdinalIgnoreCase);

    /// <summary>Returns the field for a column of a feed.</summary>
    public ParquetField GetField(FeedColumn column)
    {
        lock (_fields)
        {
            if (!_fields.TryGetValue(column.Name, out var field))
            {
                if (!DeltaSchema.IsName(column.Name))
                    throw ExternalTableErrors.ColumnNameInvalid(target, column.Name);
                _fields.Add(column.Name, field = (column.Name, _fields.Values.Select(f => f.Id).DefaultIfEmpty().Max() + 1));
            }
            return new ParquetField(column with { Name = field.Name }, field.Id);
        }
    }
}
