using System.Buffers;
using System.Globalization;
using System.Text;
using PeakS3Feed.Connections.Diagnosis;

namespace PeakS3Feed.Aws;

/// <summary>
/// Scans an XML document in UTF-8: elements and text, in any namespace. Skips attributes, comments and instructions. Throws
/// <see cref="UnexpectedResponseException"/> if the document is not well-formed.
/// </summary>
internal ref struct XmlScanner(ReadOnlySpan<byte> document)
{
    private static readonly SearchValues<byte> NameEnds = SearchValues.Create("> /\t\r\n"u8);

    private readonly ReadOnlySpan<byte> _document = document;
    private ArrayBufferWriter<byte>? _scratch;
    private int _at;
    private bool _isEmpty;

    /// <summary>Moves to the next child, or leaves the element and returns false. The caller enters the child, reads its text, or skips it.</summary>
    public bool Child(out ReadOnlySpan<byte> name)
    {
        name = default;
        if (TakeEmpty())
            return false;
        for (SkipPast("<"u8); ; SkipPast("<"u8))
        {
            if (TryTake("!--"u8))
                SkipPast("-->"u8);
            else if (TryTake("?"u8))
                SkipPast("?>"u8);
            else
                break;
        }
        if (TryTake("/"u8))
        {
            SkipPast(">"u8);
            return false;
        }
        var rest = _document[_at..];
        var end = rest.IndexOfAny(NameEnds) is > 0 and var found ? found : throw new UnexpectedResponseException();
        name = rest[(rest[..end].IndexOf((byte)':') + 1)..end];
        _at += end;
        SkipAttributes();
        return true;
    }

    /// <summary>Returns the text of the current child. Valid until the next text is read.</summary>
    public ReadOnlySpan<byte> Text()
    {
        if (TakeEmpty())
            return default;
        var from = _at;
        var text = SkipPast("<"u8);
        if (text.Contains((byte)'&') || !TryTake("/"u8))
        {
            _at = from;
            return Assemble();
        }
        SkipPast(">"u8);
        return text;
    }

    /// <summary>Returns the text of the last grandchild with this name in the current child; empty if there is none.</summary>
    public ReadOnlySpan<byte> GrandchildText(ReadOnlySpan<byte> grandchild)
    {
        ReadOnlySpan<byte> text = default;
        while (Child(out var name))
        {
            if (name.SequenceEqual(grandchild))
                text = Text();
            else
                Skip();
        }
        return text;
    }

    /// <summary>Skips the current child and its content.</summary>
    public void Skip()
    {
        for (var depth = 1; depth > 0;)
            depth += Child(out _) ? 1 : -1;
    }

    // Reads text with entities, CDATA sections or comments.
    private ReadOnlySpan<byte> Assemble()
    {
        var text = _scratch ??= new();
        text.ResetWrittenCount();
        while (true)
        {
            var rest = _document[_at..];
            var end = rest.IndexOfAny((byte)'<', (byte)'&') is >= 0 and var found ? found : throw new UnexpectedResponseException();
            text.Write(rest[..end]);
            _at += end + 1;
            if (rest[end] == '&')
                text.Write(Entity(SkipPast(";"u8)));
            else if (TryTake("![CDATA["u8))
                text.Write(SkipPast("]]>"u8));
            else if (TryTake("!--"u8))
                SkipPast("-->"u8);
            else if (TryTake("/"u8))
                break;
            else
                throw new UnexpectedResponseException();
        }
        SkipPast(">"u8);
        return text.WrittenSpan;
    }

    private static ReadOnlySpan<byte> Entity(ReadOnlySpan<byte> name) => true switch
    {
        _ when name.SequenceEqual("quot"u8) => "\""u8, // twice in each entity tag
        _ when name.SequenceEqual("amp"u8) => "&"u8,
        _ when name.SequenceEqual("lt"u8) => "<"u8,
        _ when name.SequenceEqual("gt"u8) => ">"u8,
        _ when name.SequenceEqual("apos"u8) => "'"u8,
        _ when name.StartsWith("#x"u8) => Character(name[2..], NumberStyles.AllowHexSpecifier),
        _ when name.StartsWith("#"u8) => Character(name[1..], NumberStyles.None),
        _ => throw new UnexpectedResponseException(),
    };

    private static ReadOnlySpan<byte> Character(ReadOnlySpan<byte> code, NumberStyles style)
        => int.TryParse(code, style, CultureInfo.InvariantCulture, out var value) && Rune.IsValid(value)
            ? Encoding.UTF8.GetBytes(new Rune(value).ToString())
            : throw new UnexpectedResponseException();

    // Skips to the end of a start tag. A quoted value may contain a bracket.
    private void SkipAttributes()
    {
        while (true)
        {
            var rest = _document[_at..];
            var end = rest.IndexOfAny((byte)'>', (byte)'"', (byte)'\'') is >= 0 and var found ? found : throw new UnexpectedResponseException();
            _at += end + 1;
            if (rest[end] == '>')
            {
                _isEmpty = _document[_at - 2] == '/';
                return;
            }
            SkipPast(rest.Slice(end, 1));
        }
    }

    private bool TakeEmpty()
    {
        (var was, _isEmpty) = (_isEmpty, false);
        return was;
    }

    private bool TryTake(ReadOnlySpan<byte> token)
    {
        var starts = _document[_at..].StartsWith(token);
        _at += starts ? token.Length : 0;
        return starts;
    }

    // Skips to the end of the token, and returns the text before it.
    private ReadOnlySpan<byte> SkipPast(ReadOnlySpan<byte> token)
    {
        var rest = _document[_at..];
        var end = rest.IndexOf(token) is >= 0 and var found ? found : throw new UnexpectedResponseException();
        _at += end + token.Length;
        return rest[..end];
    }
}
