using System.Globalization;
using System.Text;
using FsCheck;
using FsCheck.Fluent;

namespace PeakS3Feed.Tests.Formats.Json;

/// <summary>Generates JSON rows together with what a reader must make of them, in every way that the grammar allows to write them.</summary>
internal static class JsonWriting
{
    private static readonly string[] Pieces =
        ["a", "Z9", " ", "\"", "\\", "/", "\b", "\f", "\n", "\r", "\t", "\0", "\u001f", "\u007f", "é", "€", "\u2028", "😀", "\uFEFF", "\uFFFF", "{", "}", "[", "]", ",", ":", "u0041", "null"];

    private static readonly Gen<string> Blank = Gen.Frequency((6, Gen.Constant("")), (2, Gen.Constant(" ")), (1, Gen.Elements("\t", "  \t ")));

    private static readonly Gen<string> Number = Gen.Elements(
        "0", "-0", "7", "-1", "12345678901234567890123", "9223372036854775807", "1.50", "-0.001", "1e5", "2E-3", "1.0e+400", "0.10000000000000000000001");

    /// <summary>A text and one of the ways to write it.</summary>
    public static readonly Gen<(string Text, string Written)> Text = Gen.Frequency(
        (1, Gen.Elements("id", "name", "€ 1,50", "a longer text without any escape in it").Select(t => (t, $"\"{t}\""))),
        (2, Hostile()));

    /// <summary>A value as written, and as a reader shows it.</summary>
    public static Gen<(string Shown, string Written)> Value(int depth) => Gen.Frequency(
        (4, Text.Select(t => ($"\"{t.Text}\"", t.Written))),
        (3, Number.Select(n => (n, n))),
        (2, Gen.Elements("true", "false").Select(b => (b, b))),
        (1, Gen.Constant(("∅", "null"))),
        (2, depth == 0 ? Gen.Constant(("[]", "[]")) : Nested(depth).Select(n => (n, n))));

    /// <summary>An object without a name twice: what a reader shows of its members, and as written.</summary>
    public static readonly Gen<(IReadOnlyList<(string Name, string Shown)> Members, string Written)> Row =
        from names in Text.ListOf()
        let different = names.DistinctBy(n => n.Text, StringComparer.Ordinal).Take(6).ToArray()
        from values in Value(3).ArrayOf(different.Length)
        from blanks in Blank.ArrayOf((different.Length * 4) + 1)
        select Put(different, values, blanks);

    private static Gen<(string Text, string Written)> Hostile() =>
        from pieces in Gen.Elements(Pieces).ListOf()
        let text = string.Concat(pieces.Take(8))
        from ways in Gen.Choose(0, 3).ArrayOf(text.Length)
        select (text, Quoted(text, ways));

    private static Gen<string> Nested(int depth)
    {
        var inner = Value(depth - 1).Select(v => v.Written);
        return Gen.OneOf(
            from items in inner.ListOf()
            from blank in Blank
            select $"[{blank}{string.Join("," + blank, items.Take(3))}{blank}]",
            from names in Text.ListOf()
            from values in inner.ArrayOf(Math.Min(3, names.Count))
            from blank in Blank
            select $"{{{string.Join(',', values.Select((v, i) => $"{names[i].Written}{blank}:{v}"))}}}");
    }

    private static (IReadOnlyList<(string Name, string Shown)> Members, string Written) Put(
        (string Text, string Written)[] names, (string Shown, string Written)[] values, string[] blanks)
    {
        var written = new StringBuilder("{").Append(blanks[^1]);
        for (var i = 0; i < names.Length; i++)
        {
            var at = i * 4;
            written.Append(i > 0 ? "," : "").Append(blanks[at]).Append(names[i].Written).Append(blanks[at + 1])
                .Append(':').Append(blanks[at + 2]).Append(values[i].Written).Append(blanks[at + 3]);
        }

        return ([.. names.Select((n, i) => (n.Text, values[i].Shown))], written.Append('}').ToString());
    }

    private static string Quoted(string text, int[] ways)
    {
        var written = new StringBuilder("\"");
        for (var i = 0; i < text.Length; i++)
        {
            var pair = char.IsHighSurrogate(text[i]);
            written.Append(Escaped(text.Substring(i, pair ? 2 : 1), ways[i]));
            i += pair ? 1 : 0;
        }

        return written.Append('"').ToString();
    }

    private static string Escaped(string character, int way)
    {
        const string Short = "\"\\/\b\f\n\r\t";
        var known = Short.IndexOf(character, StringComparison.Ordinal);
        if (known >= 0 && way > 0)
            return "\\" + "\"\\/bfnrt"[known];
        var mustEscape = character[0] < ' ' || character is "\"" or "\\";
        if (way is 1 or 2 && !mustEscape)
            return character;
        var format = way == 3 ? "X4" : "x4";
        return string.Concat(character.Select(c => "\\u" + ((int)c).ToString(format, CultureInfo.InvariantCulture)));
    }
}
