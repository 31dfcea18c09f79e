using System.Globalization;
using System.Text;
using PeakS3Feed.Formats;

namespace PeakS3Feed.Fuzz.Cases;

/// <summary>Writes a JSON array or NDJSON, row by row, knowing what each must be read as.</summary>
internal sealed class JsonCases
{
    private static readonly string[] Names = ["id", "Id", "name", "price", "born", "tags", "vip", "", "é", "a\"b", "😀", "x.y", "\0"];

    private readonly Dice _dice;
    private readonly bool _isArray;
    private readonly string _lineEnd;
    private readonly FileBuilder _file;
    private readonly List<string> _fields = [];
    private readonly int[] _kinds;

    private JsonCases(bool isArray, Dice dice)
    {
        _dice = dice;
        _isArray = isArray;
        _lineEnd = dice.Pick("\n", "\n", "\r\n", "\r");
        _file = new FileBuilder(_lineEnd);
        _kinds = [.. Names.Select(_ => dice.Between(0, 9))];
    }

    public static (byte[] Content, Expectation Expected) Write(bool isArray, Dice dice) => new JsonCases(isArray, dice).Write();

    private (byte[] Content, Expectation Expected) Write()
    {
        if (_dice.OneIn(6))
            _file.Write("\uFEFF");
        if (_isArray)
            _file.Write(Between() + "[" + Between());
        var rows = _dice.Few(_dice.OneIn(20) ? 2_000 : 60);
        for (var row = 0; row < rows; row++)
        {
            if (row > 0)
                _file.Write(_isArray ? Between() + "," + Between() : _lineEnd);
            while (!_isArray && _dice.OneIn(8))
                _file.Write(_dice.Pick("", " ", "\t") + _lineEnd);
            if (_dice.OneIn(6))
                Malformed();
            else
                Row();
        }

        _file.Write(_isArray ? Between() + "]" + Between() : _dice.Pick("", _lineEnd));
        return (_file.Content, new Expectation(_file.Entries, _fields));
    }

    private string Between() => _dice.Pick("", "", " ", "\t", _lineEnd, _lineEnd + "  ");

    private string Blank() => _dice.OneIn(6) ? _dice.Pick(" ", "\t", _isArray ? _lineEnd : "  ") : "";

    private void Row()
    {
        var count = _dice.Between(0, 6);
        var names = new HashSet<string>(StringComparer.Ordinal);
        while (names.Count < count)
            names.Add(_dice.OneIn(40) ? Values.Text(_dice) : _dice.Pick(Names));
        var cells = new List<Cell>();
        var members = new List<string>();
        foreach (var name in names)
        {
            if (!_fields.Contains(name, StringComparer.Ordinal))
                _fields.Add(name);
            var (text, kind, value) = Value(_kinds[Math.Max(0, Array.IndexOf(Names, name))]);
            cells.Add(new Cell(_fields.IndexOf(name), kind, Encoding.UTF8.GetBytes(value)));
            members.Add($"{Blank()}{Text(name)}{Blank()}:{Blank()}{text}{Blank()}");
        }

        // Blanks before and behind an object belong to its line, not to an array's element.
        var raw = "{" + string.Join(',', members) + "}";
        _file.Row(Encoding.UTF8.GetBytes(_isArray ? raw : Blank() + raw + Blank()), [.. cells.OrderBy(c => c.Field)]);
    }

    private void Malformed()
    {
        var (raw, word) = _dice.Between(0, _isArray ? 5 : 8) switch
        {
            0 => (_dice.Pick("[1]", "[]", "[{\"a\":1}]"), "an array"),
            1 => (_dice.Pick("1", "-1.5e3", "null", "true", "\"{}\"", "\"\\ud800\""), "not an object"),
            2 => ($"{{\"x\":1,{Text("y")}:2,\"\\u0078\":3}}", "twice"),
            3 => (_dice.Pick("{\"a\":\"\\ud83d\"}", "{\"a\":\"\\ude00\\ud83d\"}", "{\"\\udfff\":1}"), "surrogate"),
            4 => ("{\"a\":" + new string('[', 1000) + new string(']', 1000) + "}", "1,000"),
            5 => ("{\"a\":\"bad\"}", "UTF-8"),
            6 => (_dice.Pick("{\"a\":1", "{", "[1,", "{\"a\":\"b"), ""),
            7 => (_dice.Pick("{\"a\":1} x", "{}{}", "{\"a\":1},", "1 2"), ""),
            _ => (_dice.Pick("a,b", "{'a':1}", "{\"a\":01}", "{\"a\":1,}", "{\"a\":NaN}", "{\"a\":\"\u0001\"}", "// no", "x\uFEFF", "tru"), ""),
        };
        var bytes = Encoding.UTF8.GetBytes(raw);
        if (word == "UTF-8")
            bytes[Array.IndexOf(bytes, (byte)'b')] = _dice.Pick<byte>(0xFF, 0xC2, 0xE0, 0xF5);
        _file.Malformed(bytes, word);
    }

    private (string Text, FieldKind Kind, string Value) Value(int columnKind)
    {
        var kind = _dice.OneIn(20) ? _dice.Between(0, 9) : columnKind;
        switch (kind)
        {
            case 0:
                var number = Values.JsonNumber(_dice);
                return (number, FieldKind.JsonNumber, number);
            case 1:
                var count = _dice.Between(-5, 99_999).ToString(CultureInfo.InvariantCulture);
                return (count, FieldKind.JsonNumber, count);
            case 2:
                var truth = _dice.Pick("true", "false");
                return (truth, FieldKind.JsonBoolean, truth);
            case 3:
                return ("null", FieldKind.Null, "null");
            case 4:
                var nested = _dice.Pick("[]", "{}", "[1, {\"a\":\"]}\\\"\"}]", "{\"a\":{\"a\":[null,1e5,\"\\ud800\"]},\"a\":2}", "[[[[[]]]]]");
                return (nested, FieldKind.JsonNested, nested);
            default:
                var text = Values.Create(kind - 3, _dice);
                return (Text(text), FieldKind.JsonString, text);
        }
    }

    // A string with some of its characters escaped.
    private string Text(string value)
    {
        var text = new StringBuilder("\"");
        foreach (var c in value)
        {
            var mustEscape = c is '"' or '\\' or < ' ';
            if (mustEscape || _dice.OneIn(15) || (char.IsSurrogate(c) && text[^1] == '!'))
                text.Append(c switch { '"' when _dice.OneIn(2) => "\\\"", '\\' => "\\\\", '\n' => "\\n", '\t' => "\\t", '/' => "\\/", _ => $"\\u{(int)c:x4}" });
            else
                text.Append(c);
        }

        return WholePairs(text.Append('"').ToString(), value);
    }

    // An escaped half beside a bare one is no character: then none is escaped.
    private static string WholePairs(string text, string value)
        => value.Any(char.IsSurrogate) ? "\"" + string.Concat(value.Select(c => c is '"' or '\\' or < ' ' ? $"\\u{(int)c:X4}" : c.ToString())) + "\"" : text;
}
