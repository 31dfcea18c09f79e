using System.Text;
using Native = ParquetSharp;

namespace PeakS3Feed.Destinations.Delta;

/// <summary>
/// A leaf of a checkpoint's schema while its values are read, one row after the other. See <see cref="CheckpointLeaf"/> for the levels.
/// </summary>
internal abstract class CheckpointColumn(int index, Native.ColumnDescriptor leaf) : IDisposable
{
    /// <summary>The number of the leaf in the file.</summary>
    public int Index => index;

    /// <summary>The definition level of a value that is there.</summary>
    protected short MaxLevel { get; } = leaf.MaxDefinitionLevel;

    /// <summary>Whether a row may have several values.</summary>
    protected bool Repeats { get; } = leaf.MaxRepetitionLevel > 0;

    /// <summary>The definition level from which on a value of a repeated group is there.</summary>
    protected int EntryLevel { get; } = FindEntryLevel(leaf);

    /// <summary>Begins the chunk of a row group, which the library reads as a whole.</summary>
    public abstract void Begin(Native.RowGroupReader group);

    /// <summary>Ends the chunk.</summary>
    public abstract void Dispose();

    // Each node that is optional or repeated counts one.
    private static int FindEntryLevel(Native.ColumnDescriptor leaf)
    {
        int after = 0; // of the nodes below the repeated one
        var node = leaf.SchemaNode;
        while (node is not null)
        {
            using var current = node;
            if (current.Repetition == Native.Repetition.Repeated)
                return leaf.MaxDefinitionLevel - after;
            after += current.Repetition == Native.Repetition.Optional ? 1 : 0;
            node = current.Parent;
        }
        return 0;
    }
}

/// <summary>A leaf with values of a physical type.</summary>
internal class CheckpointColumn<T>(int index, Native.ColumnDescriptor leaf) : CheckpointColumn(index, leaf)
    where T : unmanaged
{
    private const int BatchValues = 1024;

    private readonly short[] _definitions = new short[BatchValues];
    private readonly short[] _repetitions = new short[BatchValues];
    private readonly T[] _values = new T[BatchValues];
    private Native.ColumnReader<T>? _reader;
    private int _at;
    private int _count;
    private int _next;

    public override void Begin(Native.RowGroupReader group)
    {
        Dispose();
        _reader = (Native.ColumnReader<T>)group.Column(Index);
        (_at, _count, _next) = (0, 0, 0);
    }

    public override void Dispose()
    {
        _reader?.Dispose();
        _reader = null;
    }

    /// <summary>Reads the value of the next row; null if there is none. The leaf does not repeat.</summary>
    public T? Read()
    {
        if (!HasNext())
            throw new InvalidDataException("A column has fewer values than the file has rows.");
        return _definitions[_at++] == MaxLevel ? _values[_next++] : null;
    }

    /// <summary>Reads the values of the next row. The leaf repeats. Returns false if the list or the map around them is missing.</summary>
    /// <param name="take">Takes each value, or null for one that is missing.</param>
    protected bool Read(Action<T?> take)
    {
        if (!HasNext())
            throw new InvalidDataException("A column has fewer values than the file has rows.");
        var level = _definitions[_at];
        if (level < EntryLevel)
        {
            _at++;
            return level == EntryLevel - 1;
        }
        do
            take(_definitions[_at++] == MaxLevel ? _values[_next++] : null);
        while (HasNext() && _repetitions[_at] > 0);
        return true;
    }

    private bool HasNext()
    {
        if (_at < _count)
            return true;
        // One call reads from one page at most. Pointers to texts are valid until the next call.
        _count = (int)_reader!.ReadBatch(BatchValues, _definitions, Repeats ? _repetitions : default, _values, out _);
        (_at, _next) = (0, 0);
        return _count > 0;
    }
}

/// <summary>A leaf of texts.</summary>
internal sealed class CheckpointTextColumn(int index, Native.ColumnDescriptor leaf) : CheckpointColumn<Native.ByteArray>(index, leaf)
{
    /// <summary>Reads the text of the next row; null if there is none. The leaf does not repeat.</summary>
    public string? ReadText() => Decode(Read());

    /// <summary>Reads the texts of the next row; null if the list is missing. The leaf repeats.</summary>
    public IReadOnlyList<string?>? ReadTexts()
    {
        List<string?>? texts = null;
        return Read(t => (texts ??= []).Add(Decode(t))) ? texts ?? (IReadOnlyList<string?>)[] : null;
    }

    private static unsafe string? Decode(Native.ByteArray? text)
        => text is { } some ? Encoding.UTF8.GetString(new ReadOnlySpan<byte>((void*)some.Pointer, some.Length)) : null;
}
