using System.Management.Automation;
using PeakS3Feed.Wording;

namespace PeakS3Feed.Cmdlets.Preview;

/// <summary>
/// A row of a preview. The columns are note properties of the emitted object. The members below serve only its default view; they are methods, so
/// that an export has the columns only.
/// </summary>
public sealed class S3FeedPreviewRow
{
    private readonly PreviewLayout _layout;
    private readonly int _number;
    private readonly IReadOnlyList<object?> _values;

    private S3FeedPreviewRow(PreviewLayout layout, int number, IReadOnlyList<object?> values)
        => (_layout, _number, _values) = (layout, number, values);

    /// <summary>The file that the row is from.</summary>
    public string GetSource() => _layout.Source;

    /// <summary>The column headers, if they fit in a width.</summary>
    public string GetHeader(int width) => _layout.Header(width);

    /// <summary>The row's values in one line, if they fit in a width; otherwise one line per column.</summary>
    public string GetLine(int width) => _layout.Row(_number, [.. _values.Select(CellText.Format)], width);

    /// <summary>The row's values.</summary>
    public override string ToString() => string.Join(", ", _values.Select(CellText.Format));

    internal static PSObject Create(PreviewLayout layout, IReadOnlyList<string> columns, int number, IReadOnlyList<object?> values)
    {
        var row = new PSObject(new S3FeedPreviewRow(layout, number, values));
        for (var i = 0; i < columns.Count; i++)
            row.Properties.Add(new PSNoteProperty(columns[i], values[i]));
        return row;
    }
}
