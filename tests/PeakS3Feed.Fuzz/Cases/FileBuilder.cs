using System.Text;

namespace PeakS3Feed.Fuzz.Cases;

/// <summary>A file that is being written, and an account of what must be read from it.</summary>
internal sealed class FileBuilder(string lineEnd)
{
    private readonly List<byte> _bytes = [];
    private readonly List<Entry> _entries = [];
    private readonly byte[] _lineEnd = Encoding.UTF8.GetBytes(lineEnd);
    private long _line = 1;

    public byte[] Content => [.. _bytes];

    public IReadOnlyList<Entry> Entries => _entries;

    public long Line => _line;

    public int Length => _bytes.Count;

    public void Write(string text) => Write(Encoding.UTF8.GetBytes(text));

    /// <summary>Writes bytes; line ends in them count as lines.</summary>
    public void Write(byte[] bytes)
    {
        _bytes.AddRange(bytes);
        _line += bytes.AsSpan().Count(_lineEnd[^1]);
    }

    public void Row(byte[] raw, IReadOnlyList<Cell> cells) => Add(raw, cells, null);

    /// <summary>A row that is not one.</summary>
    /// <param name="raw">The row.</param>
    /// <param name="word">What the reason must hold.</param>
    public void Malformed(byte[] raw, string word) => Add(raw, [], word);

    private void Add(byte[] raw, IReadOnlyList<Cell> cells, string? word)
    {
        _entries.Add(new Entry(_line, _bytes.Count, raw, cells, word));
        Write(raw);
    }
}
