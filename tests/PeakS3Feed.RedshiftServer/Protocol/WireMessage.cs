using System.Buffers.Binary;
using System.Text;

namespace PeakS3Feed.RedshiftServer.Protocol;

/// <summary>A message of PostgreSQL's protocol.</summary>
/// <param name="Type">Its letter.</param>
/// <param name="Body">What follows its length.</param>
internal sealed record WireMessage(char Type, ReadOnlyMemory<byte> Body)
{
    /// <summary>The texts with which an error or a notice describes itself, by their letters.</summary>
    public IReadOnlyDictionary<char, string> Fields()
    {
        var fields = new Dictionary<char, string>();
        var reader = new WireReader(Body);
        while (reader.Byte() is var letter && letter != 0)
            fields[(char)letter] = reader.Text();
        return fields;
    }

    /// <summary>The command's tag, of a CommandComplete.</summary>
    public string Tag() => new WireReader(Body).Text();

    /// <summary>The values of a DataRow in text form.</summary>
    public IReadOnlyList<string?> Values()
    {
        var reader = new WireReader(Body);
        var values = new string?[reader.Short()];
        for (var i = 0; i < values.Length; i++)
            values[i] = reader.Int() is var length and >= 0 ? Encoding.UTF8.GetString(reader.Bytes(length).Span) : null;
        return values;
    }

    /// <summary>A message from texts, each with its terminating zero.</summary>
    public static WireMessage FromTexts(char type, params ReadOnlySpan<string> texts)
    {
        var body = new MemoryStream();
        foreach (var text in texts)
        {
            body.Write(Encoding.UTF8.GetBytes(text));
            body.WriteByte(0);
        }
        return new WireMessage(type, body.ToArray());
    }

    /// <summary>A message without content.</summary>
    public static WireMessage Empty(char type) => new(type, ReadOnlyMemory<byte>.Empty);

    /// <summary>An error.</summary>
    public static WireMessage Error(string state, string message, string? detail = null)
    {
        List<string> texts = ["SERROR", "VERROR", "C" + state, "M" + message];
        if (detail is not null)
            texts.Add("D" + detail);
        texts.Add("");
        return FromTexts('E', [.. texts]);
    }

    /// <summary>That the server waits for a query.</summary>
    /// <param name="status">I: no transaction; T: in one; E: in one that failed.</param>
    public static WireMessage Ready(char status) => new('Z', new[] { (byte)status });
}

/// <summary>Reads the parts of a message's body.</summary>
internal struct WireReader(ReadOnlyMemory<byte> body)
{
    private ReadOnlyMemory<byte> _rest = body;

    public readonly ReadOnlyMemory<byte> Rest => _rest;

    public byte Byte() => Bytes(1).Span[0];

    public int Int() => BinaryPrimitives.ReadInt32BigEndian(Bytes(4).Span);

    public short Short() => BinaryPrimitives.ReadInt16BigEndian(Bytes(2).Span);

    public string Text()
    {
        var text = Encoding.UTF8.GetString(Bytes(_rest.Span.IndexOf((byte)0)).Span);
        Bytes(1);
        return text;
    }

    public ReadOnlyMemory<byte> Bytes(int count)
    {
        var bytes = _rest[..count];
        _rest = _rest[count..];
        return bytes;
    }
}
