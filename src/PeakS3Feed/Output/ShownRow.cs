using System.Management.Automation;
using PeakS3Feed.Wording;

namespace PeakS3Feed.Cmdlets.Output;

/// <summary>
/// A row of a file or table. The columns are note properties of the emitted object. The members below serve only its default view; they are methods,
/// so that an export has the columns only.
/// </summary>
public abstract class ShownRow
{
    private readonly RowLayout _layout;
    private readonly int _number;
    private readonly IReadOnlyList<object?> _values;

    private protected ShownRow(RowLayout layout, int number, IReadOnlyList<object?> values)
        => (_layout, _number, _values) = (layout, number, values);

    /// <summary>Where the row is from.</summary>
    public string GetSource() => _layout.Source;

    /// <summary>The column headers, if they fit in a width.</summary>
    public string GetHeader(int width) => _layout.Header(width);

    /// <summary>The row's values in one line, if they fit in a width; otherwise one line per column.</summary>
    public string GetLine(int width) => _layout.Row(_number, [.. _values.Select(CellText.Format)], width);

    /// <summary>The row's values.</summary>
    public override string ToString() => string.Join(", ", _values.Select(CellText.Format));

    /// <summary>Returns the object to emit.</summary>
    /// <param name="properties">The names of the properties, which differ in more than case.</param>
    internal PSObject WithColumns(IReadOnlyList<string> properties)
    {
        var row = new PSObject(this);
        for (var i = 0; i < properties.Count; i++)
            row.Properties.Add(new PSNoteProperty(properties[i], _values[i]));
        return row;
    }
}
