using System.Text;
using FsCheck;
using FsCheck.Fluent;
using PeakS3Feed.Errors;
using PeakS3Feed.Formats;
using PeakS3Feed.Formats.Json;
using PeakS3Feed.Testing;

namespace PeakS3Feed.Tests.Formats.Json;

/// <summary>Files whose rows are written alike, or nearly: what is read must not depend on whether each row is parsed.</summary>
public class JsonLikeRowsTests
{
    private static readonly string[] Names =
        ["\"id\"", "\"name\"", "\"Name\"", "\"\\u0069d\"", "\"\"", "\"é\"", "\"a name that is longer than a vector of bytes\"", "\"x\\\"y\"", "\"\\ud800\""];

    private static readonly string[] Values =
    [
        "1", "0", "-12.50", "1e5", "2E-3", "12345678901234567890123", "01", "1.", "-", ".5", "+1", "1e", "-0", "NaN",
        "\"\"", "\"a\"", "\"2024-02-29\"", "\"a longer text, without anything odd in it, of some vectors\"", "\"€ 😀\"", "\"\\\"\\\\\\n\"", "\"\\u00e9\\ud83d\\ude00\"",
        "\"\\ud83d\"", "\"\\x\"", "\"\t\"", "\"open", "'a'", "true", "false", "null", "nul", "trueish", "", "[]", "{}",
        "[1, {\"a\":\"]}\"}]", "{\"id\":[null]}", "[1,]", "[[", "{\"a\"}", "\"\n\"", "[1,\n2]", "[\r\n]", "// no",
    ];

    private static readonly string[] Tokens = ["{", "}", "[", "]", ",", ":", "\"", "\\", " ", "\t", "\r", "\n", "\0", "0", "-", "e", "\uFEFF", "é"];

    [Trait(Category.Name, Category.Slow)]
    [Fact]
    public void Lines_are_read_as_if_each_were_parsed() => Compare(FileType.Ndjson);

    [Trait(Category.Name, Category.Slow)]
    [Fact]
    public void Elements_are_read_as_if_each_were_parsed() => Compare(FileType.Json);

    private static void Compare(FileType type) => Check.One(
        Config.QuickThrowOnFailure.WithMaxTest(4_000),
        Prop.ForAll(Arb.From(Gen.Choose(0, int.MaxValue)), seed =>
        {
            var random = new Random(seed);
            var file = Write(type, random);
            int[] chunks = [.. Enumerable.Range(0, random.Next(1, 5)).Select(_ => random.Next(1, random.Next(2) == 0 ? 8 : 300))];
            var buffer = random.Next(2) == 0 ? 16 : InputBuffer.DefaultBytes;
            Assert.Equal(Read(type, file, [], InputBuffer.DefaultBytes, parsesAll: true), Read(type, file, chunks, buffer, parsesAll: false));
            return true;
        }));

    private static List<string> Read(FileType type, byte[] file, int[] chunks, int buffer, bool parsesAll)
    {
        var rows = new List<string>();
        var input = new InputBuffer(new ChunkedStream(file, chunks), buffer);
        JsonReader reader = type == FileType.Json
            ? new JsonArrayReader(input, JsonRows.Uri) { ParsesAll = parsesAll }
            : new NdjsonReader(input, JsonRows.Uri) { ParsesAll = parsesAll };
        try
        {
            for (var result = reader.Read(); result != ReadResult.End; result = reader.Read())
            {
                if (result == ReadResult.NeedsData)
                    reader.FillAsync(CancellationToken.None).AsTask().GetAwaiter().GetResult();
                else
                    rows.Add(Shown(reader, result));
            }
        }
        catch (FeedException e)
        {
            rows.Add($"{e.Id} {e.Position} {e.Message}");
        }

        rows.Add(string.Join(' ', reader.Fields));
        return rows;
    }

    // Slices are told from the row's start, for the buffer may be another one. Of a row that cannot be read only its place counts.
    private static string Shown(JsonReader reader, ReadResult result)
    {
        var record = reader.Current;
        var fields = Enumerable.Range(0, result == ReadResult.Row ? record.Count : 0)
            .Select(f => (Slice: record.Slice(f), Value: record.Kind(f) == FieldKind.Missing ? "" : Convert.ToHexString(record.Value(f))))
            .Select(f => $"{f.Slice.Kind} {f.Slice.Scratch} {(f.Slice.Scratch || f.Slice.Kind == FieldKind.Missing ? f.Slice.Start : f.Slice.Start - record.RawRange.Start)} {f.Value}");
        return $"{result} {record.Line} {record.ByteOffset} {Convert.ToHexString(record.Raw)} {reader.MalformedReason} {reader.MalformedField} {reader.Fields.Count} {string.Join('|', fields)}";
    }

    internal static byte[] Write(FileType type, Random random, int maxRows = 11)
    {
        var isArray = type == FileType.Json;
        var lineEnd = Pick(random, "\n", "\n", "\r\n", "\r");
        var odd = Pick(random, 0, 0, 30, 8);
        string[] names = [.. Enumerable.Range(0, random.Next(0, 6)).Select(_ => Pick(random, odd > 0 ? Names : Names[..^1])).Distinct(StringComparer.Ordinal)];
        string[] blanks = [.. Enumerable.Range(0, 6).Select(_ => Pick(random, "", "", "", " ", isArray ? lineEnd + "\t" : "\t "))];
        var file = new StringBuilder(random.Next(10) == 0 ? "\uFEFF" : "").Append(isArray ? "[" : "");
        var rows = random.Next(1, maxRows + 1);
        for (var row = 0; row < rows; row++)
        {
            var text = Row(names, blanks, odd, random);
            if (odd > 0 && random.Next(odd) == 0)
                text = Damaged(text, random);
            file.Append(row == 0 ? "" : isArray ? blanks[4] + "," + lineEnd : Pick(random, "", blanks[4].TrimEnd()) + lineEnd).Append(text);
        }

        file.Append(isArray && random.Next(12) > 0 ? "]" : Pick(random, "", lineEnd));
        var bytes = Encoding.UTF8.GetBytes(file.ToString());
        if (odd > 0 && bytes.Length > 0 && random.Next(odd) == 0)
            bytes[random.Next(bytes.Length)] = (byte)random.Next(256);
        return bytes;
    }

    private static string Row(string[] names, string[] blanks, int odd, Random random)
    {
        var members = new List<string>();
        var written = names.Where(_ => random.Next(6) > 0).ToList();
        if (written.Count > 1 && random.Next(12) == 0)
            written.Reverse();
        if (written.Count > 0 && odd > 0 && random.Next(odd) == 0)
            written.Add(Pick(random, written.ToArray()));
        if (random.Next(15) == 0)
            written.Insert(random.Next(written.Count + 1), $"\"new{random.Next(20)}\"");
        foreach (var name in written)
        {
            var value = Pick(random, odd > 0 && random.Next(odd) == 0 ? Values : ["1", "-0.25", "\"a text\"", "\"\\\"\"", "null", "true", "[1, {}]", "\"€\""]);
            members.Add($"{blanks[0]}{name}{blanks[1]}:{blanks[2]}{value}");
        }

        return "{" + string.Join(blanks[3] + ",", members) + blanks[5] + "}";
    }

    private static string Damaged(string row, Random random)
    {
        var at = random.Next(row.Length + 1);
        return random.Next(3) switch
        {
            0 => row.Insert(at, Pick(random, Tokens)),
            1 => row[..at],
            _ => row[..at] + row[Math.Min(row.Length, at + random.Next(1, 4))..],
        };
    }

    private static T Pick<T>(Random random, params T[] choices) => choices[random.Next(choices.Length)];
}
