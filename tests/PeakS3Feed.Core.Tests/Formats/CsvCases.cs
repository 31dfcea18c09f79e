using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using PeakS3Feed.Formats.Csv;
using PeakS3Feed.Schemas;

namespace PeakS3Feed.Tests.Formats;

/// <summary>Reads CsvCases.txt, which says itself how it is written.</summary>
internal static partial class CsvCases
{
    public static IReadOnlyDictionary<string, Case> All { get; } = Parse();

    /// <summary>Control characters as the cases write them.</summary>
    public static string Escaped(string text)
    {
        var escaped = new StringBuilder();
        foreach (var c in text)
        {
            escaped.Append(c switch
            {
                '\n' => "\\n",
                '\r' => "\\r",
                '\t' => "\\t",
                '\0' => "\\0",
                '\\' => "\\\\",
                '\uFEFF' or '\uFFFD' or < ' ' => string.Create(CultureInfo.InvariantCulture, $"\\u{(int)c:X4}"),
                _ => c.ToString(),
            });
        }

        return escaped.ToString();
    }

    private static Dictionary<string, Case> Parse()
    {
        using var stream = typeof(CsvCases).Assembly.GetManifestResourceStream("CsvCases.txt")!;
        using var lines = new StreamReader(stream);
        var cases = new Dictionary<string, Case>(StringComparer.Ordinal);
        Case? @case = null;
        while (lines.ReadLine() is { } line)
        {
            if (line.StartsWith("= ", StringComparison.Ordinal))
                cases.Add(line[2..], @case = new Case());
            else if (line.StartsWith("@ ", StringComparison.Ordinal))
                @case?.Set(line[2..]);
            else if (line.StartsWith("> ", StringComparison.Ordinal))
                @case?.Content.AddRange(Unescaped(line[2..]));
            else if (line.Length > 0 && line[0] is ':' or '|' or '!' or 'E' && line.AsSpan(1).StartsWith(" "))
                @case?.Expected.Add(line);
        }

        return cases;
    }

    private static List<byte> Unescaped(string text)
    {
        var bytes = new List<byte>();
        for (var at = 0; at < text.Length; at++)
        {
            if (text[at] != '\\')
            {
                var rune = Rune.GetRuneAt(text, at);
                bytes.AddRange(Encoding.UTF8.GetBytes(rune.ToString()));
                at += rune.Utf16SequenceLength - 1;
                continue;
            }

            at++;
            var digits = text[at] switch { 'x' => 2, 'u' => 4, _ => 0 };
            var value = digits > 0 ? int.Parse(text.AsSpan(at + 1, digits), NumberStyles.HexNumber, CultureInfo.InvariantCulture) : 0;
            bytes.AddRange(text[at] switch
            {
                'x' => [(byte)value],
                'u' => Encoding.UTF8.GetBytes(((char)value).ToString()),
                'n' => "\n"u8.ToArray(),
                'r' => "\r"u8.ToArray(),
                't' => "\t"u8.ToArray(),
                '0' => "\0"u8.ToArray(),
                _ => "\\"u8.ToArray(),
            });
            at += digits;
        }

        return bytes;
    }

    internal sealed partial class Case
    {
        public CsvOptions Options { get; private set; } = new();

        public string[] DateFormats { get; private set; } = [];

        public FeedSchema Schema { get; private set; } = new([]);

        public List<byte> Content { get; } = [];

        public byte[] Bytes => [.. Content];

        public List<string> Expected { get; } = [];

        public void Set(string settings)
        {
            foreach (var setting in settings.Split(' '))
            {
                var key = setting[..setting.IndexOf('=', StringComparison.Ordinal)];
                var value = Encoding.UTF8.GetString([.. Unescaped(setting[(key.Length + 1)..])]);
                Set(key, value);
            }
        }

        private void Set(string key, string value)
        {
            switch (key)
            {
                case "separator":
                    Options = Options with { Separator = CsvSeparator.Parse(value) };
                    break;
                case "quote":
                    Options = Options with { Quote = value == "None" ? null : value[0] };
                    break;
                case "escape":
                    Options = Options with { Escape = value[0] };
                    break;
                case "header":
                    Options = Options with { HasHeader = false };
                    break;
                case "names":
                    Options = Options with { ColumnNames = value.Split(',') };
                    break;
                case "skip":
                    Options = Options with { SkipRows = int.Parse(value, CultureInfo.InvariantCulture) };
                    break;
                case "lineEnd":
                    Options = Options with { LineEnd = Enum.Parse<CsvLineEndRule>(value) };
                    break;
                case "null":
                    Options = Options with { NullValues = value.Split(',') };
                    break;
                case "comment":
                    Options = Options with { CommentPrefix = value };
                    break;
                case "trim":
                    Options = Options with { TrimValues = true };
                    break;
                case "last":
                    Options = Options with { SkipLastRows = int.Parse(value, CultureInfo.InvariantCulture) };
                    break;
                case "boolean":
                    Options = Options with { BooleanValues = value.Split(',') };
                    break;
                case "decimal":
                    Options = Options with { DecimalSeparator = value[0] };
                    break;
                case "group":
                    Options = Options with { GroupSeparator = value[0] };
                    break;
                case "date":
                    DateFormats = value.Split('|');
                    break;
                case "schema":
                    Schema = new FeedSchema(ColumnPattern().Matches(value).Select(m => Column(m.Groups["name"].Value, m.Groups["type"].Value)));
                    break;
                default:
                    throw new ArgumentException($"No setting is called {key}.", nameof(key));
            }
        }

        private static FeedColumn Column(string name, string typeName)
        {
            var (type, scale) = ColumnTypes.Parse(typeName);
            return new FeedColumn(name, name, type, scale);
        }

        [GeneratedRegex(@"(?<name>\w+):(?<type>[a-z]+(\(38,\d+\))?)", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
        private static partial Regex ColumnPattern();
    }
}
