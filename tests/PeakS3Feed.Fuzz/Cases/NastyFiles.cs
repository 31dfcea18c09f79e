using System.Text;
using PeakS3Feed.Formats;

namespace PeakS3Feed.Fuzz.Cases;

/// <summary>Files written by hand, to be damaged further.</summary>
internal static class NastyFiles
{
    private static readonly string[] Csv =
    [
        "", "\n", "\r", "\uFEFF", "a", "a,b\n1,2", "a,b\r\n1,2\r\n\r\n3,4\r\n", "a\rb\rc\n\rd", "a,b\n\"x\ny\",2\n\"\",\n", "a\n\"", "a,b\n\"x\"y,2\n", "a,b\n1\r,2\n",
        "id;name\n1;\"a;b\"\n", "a|b|c\n1|2|3\n", "a,,a,a_2\n1,2,3,4\n", "sep=;\na;b\n1;2\n", "a,b\n\\N,NULL\n", "a,b\n\"a\\\"b\",c\\,d\n", "\"a\"\r\n\"b\r\nc\"\r\n",
        "a,b\n1,2\n\u001a", "\"a\",\"b\"\n\"\"\"\",\"\"\"\"\"\"\n",
    ];

    private static readonly string[] Json =
    [
        "[]", "[ ]", " [\n]\n", "[{}]", "[{},{}]", "{}", "", "[{\"a\":1},{\"a\":1.0,\"b\":null}]", "[1,\"a\",null,[],{}]", "[{\"a\":1,\"a\":2}]", "[{\"a\":[[[[[]]]]]}]",
        "[{\"a\":\"\\ud83d\\ude00\"},{\"a\":\"\\ud83d\"}]", "[{\"a\":1}", "[{\"a\":1},]", "[{\"a\":1}]x", "[{\"a\":1}\r\n,\r{\"b\":2}\n]", "[[{\"a\":1}]]", "[{\"\":\"\"}]", "[-", "[{\"a\":tru",
    ];

    private static readonly string[] Ndjson =
    [
        "", "\n\n", "{}\n{}\n", "{\"a\":1}\r\n{\"a\":2}", "{\"a\":1}\r{\"a\":2}\r", "{\"a\":1}\r\r\n{\"b\":2}", "{\"a\":1} {\"a\":2}\n", "[{\"a\":1}]\n", "1\n-\ntrue\ntru\n\"x\"\n",
        " {\"a\":\"x\"} \n\t\n{\"a\":\"x\n\"}\n", "\r{\"a\":1}\n", "{\"a\":1}\n{\"a\":1", "{\"a\":{\"b\":[1,2,{\"c\":null}]}}\n",
    ];

    public static byte[] Any(FileType type, Dice dice)
        => Encoding.UTF8.GetBytes(dice.Pick(type switch { FileType.Csv => Csv, FileType.Json => Json, _ => Ndjson }));
}
