using System.Text;
using PeakS3Feed.Formats;

namespace PeakS3Feed.Tests.Rows;

/// <summary>Gives rows of fields whose names can grow from row to row, as JSON's do.</summary>
internal sealed class FakeReader(params (string Field, string Value, FieldKind Kind)[][] rows) : RecordReader
{
    private readonly List<string> _fields = [];
    private int _next;

    public override IReadOnlyList<string> Fields => _fields;

    public override bool FieldsGrow => true;

    public override ReadResult Read()
    {
        if (_next == rows.Length)
            return ReadResult.End;
        Current.Clear();
        var buffer = new List<byte>();
        foreach (var (field, value, kind) in rows[_next])
        {
            if (!_fields.Contains(field, StringComparer.Ordinal))
                _fields.Add(field);
            var utf8 = Encoding.UTF8.GetBytes(value);
            Current.Set(_fields.IndexOf(field), new FieldSlice(buffer.Count, utf8.Length, kind));
            buffer.AddRange(utf8);
        }

        Current.Buffer = [.. buffer];
        Current.RawRange = (0, buffer.Count);
        Current.Line = ++_next;
        Current.ByteOffset = _next * 100;
        return ReadResult.Row;
    }

    public override ValueTask FillAsync(CancellationToken cancellationToken) => ValueTask.CompletedTask;

    public override ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
