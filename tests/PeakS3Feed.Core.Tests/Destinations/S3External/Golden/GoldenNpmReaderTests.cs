using System.Globalization;
using System.Text;
using System.Text.Json;
using PeakS3Feed.TestLake;
using PeakS3Feed.Testing;
using PeakS3Feed.Tests.Destinations.Parquet;

namespace PeakS3Feed.Tests.Destinations.S3External.Golden;

/// <summary>Readers of Parquet files from npm find the rows of the golden tables in their active files.</summary>
public sealed class GoldenNpmReaderTests(GoldenNpmReaderTests.Reading reading) : IClassFixture<GoldenNpmReaderTests.Reading>
{
    public static TheoryData<string, string> Tables
    {
        get
        {
            var data = new TheoryData<string, string>();
            foreach (var name in GoldenTables.Names)
            {
                data.Add("hyparquet", name);
                data.Add("parquet-wasm", name);
            }
            return data;
        }
    }

    [SkippableTheory]
    [MemberData(nameof(Tables))]
    public async Task It_reads_the_rows_that_are_expected(string reader, string name)
    {
        NpmReaders.SkipIfMissing();
        var folder = Repository.PathOf("tests/GoldenTables/" + name);
        using var expected = JsonDocument.Parse(await File.ReadAllTextAsync(Path.Combine(folder, GoldenTableFolder.Expected)));
        var columns = GoldenTable.ColumnsOf(expected.RootElement.GetProperty("schema").GetRawText());
        var files = expected.RootElement.GetProperty("files").EnumerateArray().ToList();
        IReadOnlyList<string> paths = [.. files.Select(f => Path.Combine(folder, GoldenTableFolder.Table, f.GetProperty("path").GetString()!))];

        var rows = new List<string>();
        using var duck = new DuckDb();
        foreach (var (path, file) in paths.Zip(files))
        {
            IReadOnlyList<string> inFile =
                [.. duck.Query($"DESCRIBE SELECT * FROM read_parquet({Quote(path)}, hive_partitioning = false)").Select(c => (string)c[0]!)];
            var count = Convert.ToInt32(duck.Value($"SELECT num_rows FROM parquet_file_metadata({Quote(path)})"), CultureInfo.InvariantCulture);
            var lines = await reading.ReadAsync(reader, path);
            Assert.Equal(count, lines.Count);
            rows.AddRange(lines.Select(line => ReadRow(columns, inFile, line, file.GetProperty("partitionValues"))));
        }

        Assert.Equal(
            expected.RootElement.GetProperty("rows").EnumerateArray().Select(r => r.GetRawText()), rows.Order(StringComparer.Ordinal));
    }

    private static string ReadRow(
        IReadOnlyList<(string Name, string Type)> columns, IReadOnlyList<string> inFile, string line, JsonElement partition)
    {
        using var json = JsonDocument.Parse(line);
        var stored = inFile.Zip(json.RootElement.EnumerateArray()).ToDictionary(v => v.First, v => v.Second, StringComparer.Ordinal);
        return GoldenRow.Write(columns, [.. columns.Select(c => partition.TryGetProperty(c.Name, out var value)
            ? FromPartition(value.GetString(), c.Type)
            : stored.TryGetValue(c.Name, out var found) ? FromFile(found, c.Type) : null)]);
    }

    private static object? FromFile(JsonElement stored, string type) => (stored.ValueKind, type) switch
    {
        (JsonValueKind.Null, _) => null,
        (_, "boolean") => stored.GetBoolean(),
        (_, "double") => BitConverter.Int64BitsToDouble(long.Parse(stored.GetString()!, NumberStyles.HexNumber, CultureInfo.InvariantCulture)),
        (_, "string") => Encoding.UTF8.GetString(Convert.FromHexString(stored.GetString()!)),
        (_, ['d', 'e', 'c', ..]) => GoldenRow.Decimal(Int128.Parse(stored.GetString()!, CultureInfo.InvariantCulture), type),
        _ => long.Parse(stored.GetString()!, CultureInfo.InvariantCulture),
    };

    private static object? FromPartition(string? text, string type) => (text, type) switch
    {
        (null, _) => null,
        (_, "boolean") => bool.Parse(text),
        (_, "date") => (long)(DateTime.ParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture) - DateTime.UnixEpoch).TotalDays,
        (_, "string" or ['d', 'e', 'c', ..]) => text,
        _ => long.Parse(text, CultureInfo.InvariantCulture),
    };

    /// <summary>What each reader finds in the files of all golden tables. One process of a reader reads them all: its start takes the most time.</summary>
    public sealed class Reading
    {
        private readonly Lazy<Task<ILookup<string, string>>> _hyparquet = new(() => ReadAllAsync("hyparquet"));
        private readonly Lazy<Task<ILookup<string, string>>> _parquetWasm = new(() => ReadAllAsync("parquet-wasm"));

        /// <summary>The lines of one file.</summary>
        internal async Task<IReadOnlyList<string>> ReadAsync(string reader, string file)
            => [.. (await (reader == "hyparquet" ? _hyparquet : _parquetWasm).Value)[Path.GetFullPath(file)]];

        private static async Task<ILookup<string, string>> ReadAllAsync(string reader)
        {
            var folders = GoldenTables.Names.Select(n => Repository.PathOf($"tests/GoldenTables/{n}/{GoldenTableFolder.Table}"));
            IReadOnlyList<string> files =
            [
                .. folders.SelectMany(folder => Directory.EnumerateFiles(folder, "*.parquet", SearchOption.AllDirectories)
                    .Where(f => !Path.GetRelativePath(folder, f).StartsWith('_')).Select(Path.GetFullPath)),
            ];
            var lines = await NpmReaders.ReadAsync(reader, ["--names", .. files]);
            return lines.Select(l => l.Split('\t', 2)).ToLookup(p => p[0], p => p[1], StringComparer.Ordinal);
        }
    }

    private static string Quote(string path) => $"'{path.Replace("'", "''", StringComparison.Ordinal)}'";
}
