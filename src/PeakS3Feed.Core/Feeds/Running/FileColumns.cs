using PeakS3Feed.Errors;
using PeakS3Feed.Schemas;

namespace PeakS3Feed.Feeds.Running;

/// <summary>
/// Records which files of a load have which fields. Warns of columns that the run adds, and of a field when the first file lacks it. At the end it
/// knows which fields every file had. Files without rows and files that are undone do not count.
/// </summary>
internal sealed class FileColumns
{
    private readonly IReadOnlyList<FeedColumn> _planned;
    private readonly List<Column> _columns;
    private bool _isFirstFile;

    /// <param name="planned">The columns as the run found them.</param>
    /// <param name="schema">The columns as they are before the load; those of <paramref name="planned"/> come first.</param>
    /// <param name="loadedBefore">Whether the table has loads of this feed from before the run.</param>
    public FileColumns(FeedSchema planned, FeedSchema schema, bool loadedBefore)
    {
        _planned = planned.Columns;
        _columns = [.. schema.Columns.Select(c => new Column { InEveryFile = c.InEveryFile })];
        _isFirstFile = !loadedBefore && _columns.TrueForAll(c => c.InEveryFile is null);
    }

    /// <summary>Adds a file with rows that was read to its end.</summary>
    /// <param name="schema">The columns, with those that the file brought.</param>
    /// <param name="has">For each column whether the file has its field.</param>
    /// <param name="objectUri">The file.</param>
    public IReadOnlyList<FeedWarning> EndFile(FeedSchema schema, IReadOnlyList<bool> has, string objectUri)
    {
        List<FeedWarning> warnings = [];
        for (var at = 0; at < schema.Columns.Count; at++)
        {
            var column = schema.Columns[at];
            if (at == _columns.Count)
                _columns.Add(new() { InEveryFile = _isFirstFile ? null : false });
            if (at >= _planned.Count && has[at])
                warnings.Add(SchemaWarnings.ColumnAdded(column, objectUri));
            if (!has[at] && (_columns[at].InEveryFile == true || (at < _planned.Count && _planned[at].InEveryFile == true)))
                warnings.Add(SchemaWarnings.ColumnMissing(column, objectUri));
            if (!has[at])
                _columns[at].InEveryFile = false;
            else if (_isFirstFile)
                _columns[at].InEveryFile = true;
        }

        _isFirstFile = false;
        return warnings;
    }

    /// <summary>The schema, in which each column records whether every file so far had its field.</summary>
    public FeedSchema Describe(FeedSchema schema)
        => new(schema.Columns.Select((c, at) => at < _columns.Count ? c with { InEveryFile = _columns[at].InEveryFile } : c));

    private sealed class Column
    {
        public bool? InEveryFile { get; set; }
    }
}
