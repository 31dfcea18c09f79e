using System.Text;

namespace PeakS3Feed.Formats.Json;

/// <summary>The member names of a file's objects, each with its position in the order they were first seen. Names differ by case.</summary>
internal sealed class JsonFields
{
    /// <summary>The most names: as many as CSV can have fields.</summary>
    public const int MaxFields = Csv.CsvReader.MaxFields;

    /// <summary>The most that all names together can take, in bytes of UTF-8.</summary>
    public const int MaxNameBytes = 4 * 1024 * 1024;

    private readonly List<byte[]> _utf8 = [];
    private readonly List<string> _names = [];
    private readonly Dictionary<byte[], int> _positions;
    private readonly Dictionary<byte[], int>.AlternateLookup<ReadOnlySpan<byte>> _lookup;
    private long _bytes;

    public JsonFields()
    {
        _positions = new Dictionary<byte[], int>(new Utf8Comparer());
        _lookup = _positions.GetAlternateLookup<ReadOnlySpan<byte>>();
    }

    /// <summary>The names.</summary>
    public IReadOnlyList<string> Names => _names;

    /// <summary>Whether there are more than a file may have.</summary>
    public bool TooMany => _names.Count > MaxFields || _bytes > MaxNameBytes;

    /// <summary>The position of a name, which is added if it is new.</summary>
    /// <param name="name">The name, unescaped.</param>
    /// <param name="likely">Where it probably stands: objects of one file mostly have their members in the same order.</param>
    public int PositionOf(ReadOnlySpan<byte> name, int likely)
    {
        if (likely < _utf8.Count && name.SequenceEqual(_utf8[likely]))
            return likely;
        if (_lookup.TryGetValue(name, out var position))
            return position;
        var added = name.ToArray();
        _positions.Add(added, _utf8.Count);
        _utf8.Add(added);
        _names.Add(Encoding.UTF8.GetString(name));
        _bytes += added.Length;
        return _utf8.Count - 1;
    }

    /// <summary>Forgets the names from a position on.</summary>
    public void Truncate(int count)
    {
        for (var position = _utf8.Count - 1; position >= count; position--)
        {
            _bytes -= _utf8[position].Length;
            _positions.Remove(_utf8[position]);
            _utf8.RemoveAt(position);
            _names.RemoveAt(position);
        }
    }
}
