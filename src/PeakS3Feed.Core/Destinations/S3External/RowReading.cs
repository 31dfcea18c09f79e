using System.Text;
using PeakS3Feed.Destinations.Delta;
using PeakS3Feed.Destinations.Loading;
using PeakS3Feed.Rows;
using PeakS3Feed.Rows.Vectors;
using PeakS3Feed.Schemas;

namespace PeakS3Feed.Destinations.S3External;

/// <summary>What a reading of rows takes of each file.</summary>
internal sealed class RowReading
{
    private readonly IReadOnlyList<(int Index, byte[] Value)> _wanted;
    private readonly int _object;
    private (byte[] Utf8, string Name) _last = ([], ""); // rows of one object follow each other

    /// <param name="selected">The columns of the table.</param>
    /// <param name="shown">The same columns with their types, in any order.</param>
    /// <param name="selection">The rows.</param>
    public RowReading(SelectedColumns selected, IReadOnlyList<FeedColumn> shown, RowSelection selection)
    {
        Names = selected.Names;
        Columns = [.. selected.Names.Select(n => shown.First(s => s.Name == n))];
        _object = Find(selected.Object);
        var wanted = new List<(int, byte[])>();
        if (selected.Run is not null)
            wanted.Add((Find(selected.Run), Encoding.UTF8.GetBytes(selection.RunId!.Value.ToString("D"))));
        if (selection.ObjectUri is { } uri)
            wanted.Add((_object, Encoding.UTF8.GetBytes(uri)));
        _wanted = wanted;
        IsOrdered = selection is { RunId: not null, ObjectUri: null } && _object >= 0;
    }

    /// <summary>The names of the columns.</summary>
    public IReadOnlyList<string> Names { get; }

    /// <summary>The columns.</summary>
    public IReadOnlyList<FeedColumn> Columns { get; }

    /// <summary>The columns that say whether a row is taken, none if all are; and the one that orders the rows.</summary>
    public IReadOnlyList<FeedColumn> Keys =>
    [
        .. _wanted.Select(w => Columns[w.Index]), .. IsOrdered ? [Columns[_object]] : Array.Empty<FeedColumn>(),
    ];

    /// <summary>Whether rows are ordered by the name of their object.</summary>
    public bool IsOrdered { get; }

    /// <summary>Whether a file may have rows that are taken, as far as the log says.</summary>
    public bool Meets(DeltaAdd file) => _wanted.All(w =>
    {
        var range = new TextRange();
        range.Add(w.Value);
        return range.For(Columns[w.Index]).Meets(file);
    });

    /// <summary>Whether a row is taken.</summary>
    /// <param name="columns">The values of <see cref="Columns"/>.</param>
    /// <param name="row">The row.</param>
    public bool Takes(IReadOnlyList<ColumnVector> columns, int row)
    {
        foreach (var (index, value) in _wanted)
        {
            if (!Has(columns[index], row, value))
                return false;
        }
        return true;
    }

    /// <summary>Whether a row is taken.</summary>
    /// <param name="keys">The values of <see cref="Keys"/>.</param>
    /// <param name="row">The row.</param>
    public bool TakesByKeys(IReadOnlyList<ColumnVector> keys, int row)
    {
        for (var i = 0; i < _wanted.Count; i++)
        {
            if (!Has(keys[i], row, _wanted[i].Value))
                return false;
        }
        return true;
    }

    /// <summary>The name of the object that a row came from; empty if it has none, or if rows are not ordered by it.</summary>
    /// <param name="keys">The values of <see cref="Keys"/>.</param>
    /// <param name="row">The row.</param>
    public string ObjectOf(IReadOnlyList<ColumnVector> keys, int row)
    {
        if (!IsOrdered || keys[^1] is not Utf8Vector names || names.IsNull(row))
            return "";
        if (!names[row].SequenceEqual(_last.Utf8))
            _last = (names[row].ToArray(), Encoding.UTF8.GetString(names[row]));
        return _last.Name;
    }

    /// <summary>Returns what reads the values of a row: those of partition columns are in the log, and not in the file.</summary>
    public Func<IReadOnlyList<ColumnVector>, int, IReadOnlyList<object?>> ValuesOf(DeltaAdd file)
    {
        var partitions = new Dictionary<int, object?>();
        foreach (var (name, text) in file.PartitionValues ?? new Dictionary<string, string?>(StringComparer.Ordinal))
        {
            if (Columns.Index().FirstOrDefault(c => string.Equals(c.Item.Name, name, StringComparison.OrdinalIgnoreCase)) is { Item: { } column } at)
                partitions[at.Index] = text is null ? null : CellValue.Parse(text, column.Type);
        }
        return (columns, row) => [.. columns.Select((c, i) => partitions.TryGetValue(i, out var value) ? value : CellValue.From(c, row))];
    }

    private int Find(TableColumn? column) => column is null ? -1 : Names.Index().First(n => n.Item == column.Name).Index;

    private static bool Has(ColumnVector column, int row, byte[] value)
        => column is Utf8Vector texts && !texts.IsNull(row) && texts[row].SequenceEqual(value);
}
