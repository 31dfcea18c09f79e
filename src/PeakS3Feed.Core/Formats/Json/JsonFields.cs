using System.Diagnostics.CodeAnalysis;
using System.Text;

namespace PeakS3Feed.Formats.Json;

/// <summary>The member names of a file's objects, each with its position in the order of first occurrence. Names are case-sensitive.</summary>
internal sealed class JsonFields
{
    /// <summary>The maximum number of names: the maximum number of CSV fields.</summary>
    public const int MaxFields = Csv.CsvReader.MaxFields;

    /// <summary>The maximum total size of the names, in bytes of UTF-8: 4 MiB.</summary>
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

    /// <summary>Whether there are more names than a file may have.</summary>
    public bool TooMany => _names.Count > MaxFields || _bytes > MaxNameBytes;

    /// <summary>Returns the position of a name, and adds a name that is new.</summary>
    /// <param name="name">The name, unescaped.</param>
    /// <param name="likely">The expected position. The objects of a file usually have their members in the same order.</param>
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

    /// <summary>Removes the names from position <paramref name="count"/> on.</summary>
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

/// <summary>Compares names by their bytes, so that a slice of a file can be looked up without creating a string.</summary>
internal sealed class Utf8Comparer : IEqualityComparer<byte[]>, IAlternateEqualityComparer<ReadOnlySpan<byte>, byte[]>
{
    public bool Equals(byte[]? x, byte[]? y) => x.AsSpan().SequenceEqual(y);

    public bool Equals(ReadOnlySpan<byte> alternate, byte[] other) => alternate.SequenceEqual(other);

    public int GetHashCode([DisallowNull] byte[] obj) => GetHashCode(obj.AsSpan());

    public int GetHashCode(ReadOnlySpan<byte> alternate)
    {
        // The hash has a random seed in each process, so nobody can choose names that collide.
        var hash = new HashCode();
        hash.AddBytes(alternate);
        return hash.ToHashCode();
    }

    public byte[] Create(ReadOnlySpan<byte> alternate) => alternate.ToArray();
}
