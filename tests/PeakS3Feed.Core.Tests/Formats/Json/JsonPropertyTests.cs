using System.Text;
using FsCheck;
using FsCheck.Fluent;
using PeakS3Feed.Formats;
using PeakS3Feed.Testing;

namespace PeakS3Feed.Tests.Formats.Json;

public class JsonPropertyTests
{
    // What no row is, and what a reader says of it on a line of its own.
    private static readonly (string Written, string Said)[] NoRows =
    [
        ("[{\"a\":1}]", "the row is an array, not an object"),
        ("-1.5", "the row is a number, not an object"),
        ("\"{\"", "the row is a string, not an object"),
        ("null", "the row is null, not an object"),
        ("{\"x\":1,\"\\u0078\":2}", "the row has this field twice"),
        ("{\"x\":\"\\udfff\"}", "the text contains an escaped lone surrogate, which is not a character"),
    ];

    private static readonly (string Written, string Said)[] NotJson =
    [
        ("{\"a\":1", "the line ends before its object does"),
        ("{\"a\":}", "the line is not valid JSON at its byte 6"),
        ("{\"a\":1} {", "text follows the object of this line"),
        ("a,b,c", "the line is not valid JSON at its byte 1"),
    ];

    private static readonly Gen<int[]> Chunks = Gen.Choose(1, 60).NonEmptyListOf().Select(c => c.ToArray());

    [Trait(Category.Name, Category.Slow)]
    [Fact]
    public void Lines_read_back_equal_in_any_chunks()
        => Check.One(Config.QuickThrowOnFailure.WithMaxTest(1_500), Prop.ForAll(Arb.From(Files(NoRows.Concat(NotJson), isArray: false)), ReadsBack));

    [Trait(Category.Name, Category.Slow)]
    [Fact]
    public void Arrays_read_back_equal_in_any_chunks()
        => Check.One(Config.QuickThrowOnFailure.WithMaxTest(1_500), Prop.ForAll(Arb.From(Files(NoRows, isArray: true)), ReadsBack));

    private static Gen<Sample> Files(IEnumerable<(string Written, string Said)> misfits, bool isArray)
    {
        var row = JsonWriting.Row.Select(r => (Text: (string?)null, r.Members, r.Written));
        var misfit = Gen.Elements(misfits).Select(m => (Text: (string?)("!" + m.Said), Members: (IReadOnlyList<(string, string)>)[], m.Written));
        return from rows in Gen.Frequency((5, row), (1, misfit)).ListOf()
               from lineEnd in Gen.Elements("\n", "\r\n", "\r")
               from between in Gen.Elements("", " ", "\t", "  ").ArrayOf((rows.Count * 2) + 1)
               from breaks in Gen.Elements(0, 0, 0, 1, 2).ArrayOf(rows.Count + 1)
               from mark in Gen.Elements("", "", "\uFEFF")
               from chunks in Chunks
               select isArray ? Sample.Array(rows, lineEnd, between, breaks, mark, chunks) : Sample.Lines(rows, lineEnd, between, breaks, mark, chunks);
    }

    private static bool ReadsBack(Sample sample)
    {
        var read = JsonRows.Read(sample.Type, Encoding.UTF8.GetBytes(sample.Written), sample.Chunks, buffer: 16);
        Assert.Equal(sample.Rows, read.Select(r => new Expected(r.Text, r.Line, r.ByteOffset, r.Raw)));
        return true;
    }

    public sealed record Expected(string Text, long Line, long ByteOffset, string Raw);

    /// <summary>A file and its rows, with the places that its writer counted.</summary>
    public sealed record Sample(FileType Type, string Written, IReadOnlyList<Expected> Rows, int[] Chunks)
    {
        public override string ToString() => $"{Type} {string.Join(',', Chunks)}: {Written}";

        internal static Sample Lines(
            IEnumerable<(string? Text, IReadOnlyList<(string Name, string Shown)> Members, string Written)> rows,
            string lineEnd, string[] between, int[] breaks, string mark, int[] chunks)
        {
            var file = new Counting(mark);
            var number = 0;
            foreach (var row in rows)
            {
                for (var blank = 0; blank < breaks[number]; blank++)
                    file.Write(between[number] + lineEnd);
                // Blanks that follow a row belong to its line; those that follow what is not JSON would move the byte at fault.
                var line = row.Text is null ? between[number * 2] + row.Written + between[(number * 2) + 1] : row.Written;
                file.Row(row.Text, row.Members, line);
                file.Write(lineEnd);
                number++;
            }

            return new(FileType.Ndjson, file.Text, file.Rows, chunks);
        }

        internal static Sample Array(
            IEnumerable<(string? Text, IReadOnlyList<(string Name, string Shown)> Members, string Written)> rows,
            string lineEnd, string[] between, int[] breaks, string mark, int[] chunks)
        {
            var file = new Counting(mark + between[0] + "[");
            var number = 0;
            foreach (var row in rows)
            {
                file.Write((number > 0 ? "," : "") + string.Concat(Enumerable.Repeat(lineEnd, breaks[number])) + between[number * 2]);
                file.Row(row.Text, row.Members, row.Written);
                file.Write(between[(number * 2) + 1]);
                number++;
            }

            file.Write(lineEnd + "]" + between[^1]);
            return new(FileType.Json, file.Text, file.Rows, chunks);
        }
    }

    private sealed class Counting(string start)
    {
        private readonly StringBuilder _text = new(start);
        private readonly List<string> _fields = [];
        private readonly List<Expected> _rows = [];

        public string Text => _text.ToString();

        public IReadOnlyList<Expected> Rows => _rows;

        public void Write(string text) => _text.Append(text);

        public void Row(string? text, IReadOnlyList<(string Name, string Shown)> members, string written)
        {
            var before = Text;
            _fields.AddRange(members.Select(m => m.Name).Except(_fields, StringComparer.Ordinal));
            text ??= string.Join(' ', members.OrderBy(m => _fields.IndexOf(m.Name)).Select(m => $"{m.Name}={m.Shown}"));
            var line = before.Replace("\r\n", "\n", StringComparison.Ordinal).Count(c => c is '\n' or '\r') + 1;
            _rows.Add(new(text, line, Encoding.UTF8.GetByteCount(before), written));
            Write(written);
        }
    }
}
