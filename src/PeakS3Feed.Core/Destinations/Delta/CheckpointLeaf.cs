using System.Text;
using Native = ParquetSharp;

namespace PeakS3Feed.Destinations.Delta;

/// <summary>
/// A leaf of a checkpoint's schema with the values that are not written yet. Parquet has a definition level for each value: how many of the optional
/// and repeated groups around it, and of itself, are there; and a repetition level: 0 for the first value of a row.
/// </summary>
internal abstract class CheckpointLeaf
{
    private readonly List<short> _definitions = [];
    private readonly List<short> _repetitions = [];

    /// <summary>About how much memory the values take.</summary>
    public abstract long Bytes { get; }

    /// <summary>Adds that there is no value.</summary>
    /// <param name="level">How many of the groups around it are there.</param>
    public void AddMissing(int level) => Add(level, repetition: 0);

    /// <summary>Writes the values, and forgets them.</summary>
    public void Write(Native.ColumnWriter output)
    {
        WriteValues(output, _definitions, _repetitions);
        _definitions.Clear();
        _repetitions.Clear();
    }

    protected void Add(int definition, int repetition)
    {
        _definitions.Add((short)definition);
        _repetitions.Add((short)repetition);
    }

    protected abstract void WriteValues(Native.ColumnWriter output, List<short> definitions, List<short> repetitions);

    /// <summary>The repetition levels as the library takes them: none for a leaf that does not repeat.</summary>
    protected static ReadOnlySpan<short> Repetitions(Native.ColumnWriter output, List<short> repetitions)
        => output.ColumnDescriptor.MaxRepetitionLevel == 0 ? default : Span(repetitions);

    protected static ReadOnlySpan<T> Span<T>(List<T> values) => System.Runtime.InteropServices.CollectionsMarshal.AsSpan(values);
}

/// <summary>A leaf of numbers or booleans.</summary>
internal sealed class CheckpointNumbers<T> : CheckpointLeaf
    where T : unmanaged
{
    private readonly List<T> _values = [];

    public override unsafe long Bytes => (long)_values.Count * sizeof(T);

    /// <summary>Adds the value of a row.</summary>
    /// <param name="value">The value, or null.</param>
    /// <param name="level">How many groups are around it; all are there.</param>
    public void Append(T? value, int level)
    {
        Add(value is null ? level : level + 1, 0);
        if (value is { } some)
            _values.Add(some);
    }

    protected override void WriteValues(Native.ColumnWriter output, List<short> definitions, List<short> repetitions)
    {
        ((Native.ColumnWriter<T>)output).WriteBatch(definitions.Count, Span(definitions), Repetitions(output, repetitions), Span(_values));
        _values.Clear();
    }
}

/// <summary>A leaf of texts.</summary>
internal sealed class CheckpointTexts : CheckpointLeaf
{
    private readonly List<int> _lengths = [];
    private byte[] _utf8 = new byte[4096];
    private int _length;

    public override long Bytes => _length;

    /// <summary>Adds the text of a row.</summary>
    /// <param name="value">The text, or null.</param>
    /// <param name="level">How many groups are around it; all are there.</param>
    /// <param name="repetition">0 for the first one of its row, otherwise 1.</param>
    public void Append(string? value, int level, int repetition = 0)
    {
        Add(value is null ? level : level + 1, repetition);
        AddValue(value);
    }

    /// <summary>Adds a text that cannot be missing.</summary>
    public void AppendRequired(string value, int level, int repetition)
    {
        Add(level, repetition);
        AddValue(value);
    }

    protected override unsafe void WriteValues(Native.ColumnWriter output, List<short> definitions, List<short> repetitions)
    {
        fixed (byte* start = _utf8)
        {
            var values = new Native.ByteArray[_lengths.Count];
            var at = 0;
            for (var i = 0; i < values.Length; i++)
            {
                values[i] = new((nint)(start + at), _lengths[i]);
                at += _lengths[i];
            }
            ((Native.ColumnWriter<Native.ByteArray>)output).WriteBatch(
                definitions.Count, Span(definitions), Repetitions(output, repetitions), values);
        }
        _lengths.Clear();
        _length = 0;
    }

    private void AddValue(string? value)
    {
        if (value is null)
            return;
        var size = Encoding.UTF8.GetByteCount(value);
        if (_length + size > _utf8.Length)
            Array.Resize(ref _utf8, Math.Max(_utf8.Length * 2, _length + size));
        Encoding.UTF8.GetBytes(value, _utf8.AsSpan(_length));
        _lengths.Add(size);
        _length += size;
    }
}

/// <summary>The two leaves of a map from texts to texts.</summary>
internal sealed class CheckpointMap
{
    public CheckpointTexts Keys { get; } = new();

    public CheckpointTexts Values { get; } = new();

    /// <summary>Adds the map of a row.</summary>
    /// <param name="map">The map, or null.</param>
    /// <param name="level">How many groups are around it; all are there.</param>
    public void Append(IReadOnlyDictionary<string, string?>? map, int level)
    {
        if (map is null or { Count: 0 })
        {
            AddMissing(map is null ? level : level + 1);
            return;
        }
        var repetition = 0;
        foreach (var (key, value) in map)
        {
            Keys.AppendRequired(key, level + 2, repetition);
            Values.Append(value, level + 2, repetition);
            repetition = 1;
        }
    }

    public void AddMissing(int level)
    {
        Keys.AddMissing(level);
        Values.AddMissing(level);
    }
}

/// <summary>The leaf of a list of texts.</summary>
internal sealed class CheckpointList
{
    public CheckpointTexts Elements { get; } = new();

    /// <summary>Adds the list of a row.</summary>
    /// <param name="list">The list, or null.</param>
    /// <param name="level">How many groups are around it; all are there.</param>
    public void Append(IReadOnlyList<string>? list, int level)
    {
        if (list is null or { Count: 0 })
        {
            Elements.AddMissing(list is null ? level : level + 1);
            return;
        }
        for (var i = 0; i < list.Count; i++)
            Elements.Append(list[i], level + 2, i == 0 ? 0 : 1);
    }
}
