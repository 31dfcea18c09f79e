using System.Buffers;
using System.Globalization;
using System.Text;
using PeakS3Feed.Connections.Diagnosis;

namespace PeakS3Feed.Aws;

/// <summary>
/// Walks through an XML document in UTF-8, of the kind that services send: elements and text, whatever the namespace. Attributes,
/// comments and instructions are passed over. What is not well-formed where it is looked at is a <see cref="StrangeAnswerException"/>.
/// </summary>
internal ref struct XmlScanner(ReadOnlySpan<byte> document)
{
    private static readonly SearchValues<byte> NameEnds = SearchValues.Create("> /\t\r\n"u8);

    private readonly ReadOnlySpan<byte> _document = document;
    private byte[] _scratch = [];
    private int _at;
    private bool _isEmpty;

    /// <summary>
    /// Goes to the next child of the element that was entered last; without one, leaves that element. A child that was found must be
    /// entered (by the next call), or read as text, or skipped.
    /// </summary>
    public bool Child(out ReadOnlySpan<byte> name)
    {
        name = default;
        if (_isEmpty)
        {
            _isEmpty = false;
            return false;
        }
        while (true)
        {
            Pass("<"u8);
            if (TryTake("!--"u8))
                Pass("-->"u8);
            else if (TryTake("?"u8))
                Pass("?>"u8);
            else
                break;
        }
        if (TryTake("/"u8))
        {
            Pass(">"u8);
            return false;
        }
        var rest = _document[_at..];
        var end = rest.IndexOfAny(NameEnds);
        if (end <= 0)
            throw new StrangeAnswerException();
        name = rest[(rest[..end].IndexOf((byte)':') + 1)..end];
        _at += end;
        PassAttributes();
        return true;
    }

    /// <summary>The text of the child that was found. Good until the next text.</summary>
    public ReadOnlySpan<byte> Text()
    {
        if (_isEmpty)
        {
            _isEmpty = false;
            return default;
        }
        var from = _at;
        var end = Find("<"u8);
        var text = _document[from..end];
        if (!text.Contains((byte)'&') && _document[end..].StartsWith("</"u8))
        {
            _at = end;
            Pass(">"u8);
            return text;
        }
        return Assemble();
    }

    /// <summary>Passes over the child that was found and all that is in it.</summary>
    public void Skip()
    {
        for (var depth = 1; depth > 0;)
            depth += Child(out _) ? 1 : -1;
    }

    // Text with characters that are written as entities, or in sections.
    private ReadOnlySpan<byte> Assemble()
    {
        var length = 0;
        while (true)
        {
            var rest = _document[_at..];
            var end = rest.IndexOfAny((byte)'<', (byte)'&');
            if (end < 0)
                throw new StrangeAnswerException();
            length = Append(length, rest[..end]);
            _at += end + 1;
            if (rest[end] == '&')
                length = Append(length, Entity());
            else if (TryTake("![CDATA["u8))
                length = Append(length, Pass("]]>"u8));
            else if (TryTake("!--"u8))
                Pass("-->"u8);
            else if (TryTake("/"u8))
                break;
            else
                throw new StrangeAnswerException();
        }
        Pass(">"u8);
        return _scratch.AsSpan(0, length);
    }

    private ReadOnlySpan<byte> Entity()
    {
        var name = Pass(";"u8);
        if (name.SequenceEqual("amp"u8))
            return "&"u8;
        if (name.SequenceEqual("lt"u8))
            return "<"u8;
        if (name.SequenceEqual("gt"u8))
            return ">"u8;
        if (name.SequenceEqual("quot"u8))
            return "\""u8;
        if (name.SequenceEqual("apos"u8))
            return "'"u8;
        var isHex = name.StartsWith("#x"u8);
        return name.StartsWith("#"u8)
            && int.TryParse(name[(isHex ? 2 : 1)..], isHex ? NumberStyles.AllowHexSpecifier : NumberStyles.None, CultureInfo.InvariantCulture, out var code)
            && Rune.IsValid(code)
                ? Encoding.UTF8.GetBytes(new Rune(code).ToString())
                : throw new StrangeAnswerException();
    }

    private int Append(int length, ReadOnlySpan<byte> bytes)
    {
        if (_scratch.Length < length + bytes.Length)
            Array.Resize(ref _scratch, Math.Max(2 * _scratch.Length, length + bytes.Length));
        bytes.CopyTo(_scratch.AsSpan(length));
        return length + bytes.Length;
    }

    // To the end of a start tag. A value may hold its bracket.
    private void PassAttributes()
    {
        while (true)
        {
            var rest = _document[_at..];
            var end = rest.IndexOfAny((byte)'>', (byte)'"', (byte)'\'');
            if (end < 0)
                throw new StrangeAnswerException();
            _at += end + 1;
            if (rest[end] == '>')
            {
                _isEmpty = _document[_at - 2] == '/';
                return;
            }
            Pass(rest.Slice(end, 1));
        }
    }

    private bool TryTake(ReadOnlySpan<byte> token)
    {
        if (!_document[_at..].StartsWith(token))
            return false;
        _at += token.Length;
        return true;
    }

    private readonly int Find(ReadOnlySpan<byte> token)
    {
        var found = _document[_at..].IndexOf(token);
        return found < 0 ? throw new StrangeAnswerException() : _at + found;
    }

    // Goes behind the token; gives what stands before it.
    private ReadOnlySpan<byte> Pass(ReadOnlySpan<byte> token)
    {
        var (from, end) = (_at, Find(token));
        _at = end + token.Length;
        return _document[from..end];
    }
}
