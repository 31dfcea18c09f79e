using System.IO.Compression;
using System.Text;
using PeakS3Feed.Formats;

namespace PeakS3Feed.Fuzz.Memory;

/// <summary>A file that would fill the memory if the reader let it.</summary>
/// <param name="Name">What it is.</param>
/// <param name="Type">Its type.</param>
/// <param name="Beginning">What it begins with.</param>
/// <param name="Block">What is repeated.</param>
/// <param name="Times">How often.</param>
/// <param name="End">What it ends with.</param>
/// <param name="Rows">Rows and rejects before the end or the error.</param>
/// <param name="Error">The error's id, or null.</param>
internal sealed record LargeFile(string Name, FileType Type, byte[] Beginning, byte[] Block, long Times, byte[] End, long Rows, string? Error)
{
    private const int MiB = 1024 * 1024;
    private const int LongValue = RecordReader.MaxRowBytes - 64;

    public static IEnumerable<LargeFile> All()
    {
        yield return Plain("many rows", FileType.Csv, "a,b\n", "1,2\n", 8 * MiB, "", 8 * MiB, null);
        yield return Plain("many rejects", FileType.Csv, "a,b\n", "1,2,3\n", 4 * MiB, "", 4 * MiB, null);
        yield return Plain("a quote never closed", FileType.Csv, "a,b\n\"", "line\n", 16 * MiB, "", 0, "CsvRowTooLong");
        yield return Plain("long values of nothing but quotes", FileType.Csv, "a,b\n", $"\"{new string('"', LongValue)}\",1\n", 4, "", 4, null);
        yield return Plain("blank lines", FileType.Csv, "a,b\n", "\n", 64 * MiB, "1,2", 1, null);
        yield return Plain("lines to pass over without end", FileType.Json, " \n", "\n", 64 * MiB, "[]", 0, null);
        yield return Plain("many elements", FileType.Json, "[", "{\"a\":1},", 4 * MiB, "{}]", (4 * MiB) + 1, null);
        yield return Plain("depth without end", FileType.Json, "", "[", 64 * MiB, "", 0, "JsonRowTooLong");
        yield return Plain("long values of nothing but escapes", FileType.Ndjson, "", $"{{\"a\":\"{new string('\\', LongValue)}\"}}\n", 4, "", 4, null);
        yield return Plain("a line without end", FileType.Ndjson, "", " ", 64 * MiB, "", 0, "JsonRowTooLong");
        yield return Plain("names without end", FileType.Ndjson, string.Concat(Enumerable.Range(0, 20_000).Select(n => $"{{\"{n}\":1}}\n")), "\n", 1, "", 16_384, "JsonTooManyFields");
        yield return Plain("names without end in one row", FileType.Json, "[{\"id\":1},{" + string.Join(',', Enumerable.Range(0, 1_200_000).Select(n => $"\"{n}\":1")), "}]", 1, "", 0, "JsonTooManyFields");
        yield return Packed("gzip of a line without end", "a,b\n", new string('x', MiB), 256, 0, "CsvRowTooLong");
        yield return Packed("gzip of many rows", "a,b\n", string.Concat(Enumerable.Repeat("1,2\n", MiB)), 16, 16 * MiB, null);
        yield return new("empty gzip members", FileType.Csv, Gzip("a,b\n", "1,2\n", 1), Gzip("", "", 0), MiB, [], 1, null);
        yield return new("zeros behind gzip", FileType.Csv, Gzip("a,b\n", "1,2\n", 1), new byte[MiB], 64, [], 1, null);
    }

    private static LargeFile Plain(string name, FileType type, string beginning, string block, long times, string end, long rows, string? error)
        => new(name, type, Encoding.UTF8.GetBytes(beginning), Encoding.UTF8.GetBytes(block), times, Encoding.UTF8.GetBytes(end), rows, error);

    private static LargeFile Packed(string name, string beginning, string block, int times, long rows, string? error)
        => new(name, FileType.Csv, Gzip(beginning, block, times), [], 0, [], rows, error);

    private static byte[] Gzip(string beginning, string block, int times)
    {
        using var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.Fastest, leaveOpen: true))
        {
            gzip.Write(Encoding.UTF8.GetBytes(beginning));
            var bytes = Encoding.UTF8.GetBytes(block);
            for (; times > 0; times--)
                gzip.Write(bytes);
        }

        return packed.Length > 0 ? packed.ToArray() : [0x1F, 0x8B, 8, 0, 0, 0, 0, 0, 0, 0, 3, 0, 0, 0, 0, 0, 0, 0, 0, 0];
    }
}
