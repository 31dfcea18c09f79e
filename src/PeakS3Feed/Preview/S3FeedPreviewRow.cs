using System.Management.Automation;
using PeakS3Feed.Wording;

namespace PeakS3Feed.Cmdlets.Preview;

/// <summary>
/// A row of a preview. Its columns are note properties of the object that is emitted; what is here serves its default view alone, in methods, so
/// that nothing but the columns is exported.
/// </summary>
public sealed class S3FeedPreviewRow
{
    private readonly PreviewLayout _layout;
    private readonly int _number;
    private readonly IReadOnlyList<object?> _values;

    private S3FeedPreviewRow(PreviewLayout layout, int number, IReadOnlyList<object?> values) => (_layout, _number, _values) = (layout, number, values);

    /// <summary>The file that the row is from.</summary>
    public string GetSource() => _layout.Source;

    /// <summary>The heads of the columns, if all fit in so many characters.</summary>
    public string GetHeader(int width) => _layout.Header(width);

    /// <summary>The row's values in one line of so many characters, or in a line for each column.</summary>
    public string GetLine(int width) => _layout.Row(_number, [.. _values.Select(CellText.Format)], width);

    /// <summary>The row's values.</summary>
    public override string ToString() => string.Join(", ", _values.Select(CellText.Format));

    internal static PSObject Of(PreviewLayout layout, IReadOnlyList<string> columns, int number, IReadOnlyList<object?> values)
    {
        var row = new PSObject(new S3FeedPreviewRow(layout, number, values));
        for (var i = 0; i < columns.Count; i++)
            row.Properties.Add(new PSNoteProperty(columns[i], values[i]));
        return row;
    }
}
