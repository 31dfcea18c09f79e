using PeakS3Feed.TestLake;
using PeakS3Feed.Testing;

namespace PeakS3Feed.Integration.ExactlyOnce;

/// <summary>
/// hyparquet and parquet-wasm find in the data files of a table the rows that DuckDB finds there, each row, each value. The tests compare DuckDB's
/// rows with the source.
/// </summary>
internal static class OtherParquetReaders
{
    private static readonly NpmParquetReaders Readers = new(Repository.PathOf("tests/servers/parquet"));

    /// <summary>Whether the readers are installed. Without them, nothing is compared, and a test that says so is skipped.</summary>
    public static bool AreInstalled => Readers.AreInstalled;

    /// <summary>Compares the rows of files.</summary>
    /// <param name="replay">DuckDB.</param>
    /// <param name="files">The files.</param>
    /// <param name="same">The files that DuckDB reads instead; null for the same.</param>
    public static async Task MustAgreeAsync(DeltaReplay replay, IReadOnlyList<string> files, IReadOnlyList<string>? same = null)
    {
        if (!AreInstalled || files.Count == 0)
            return;
        var expected = (same ?? files).Select(f => ReadRows(replay, f)).ToList();
        foreach (var reader in NpmParquetReaders.Names)
        {
            var found = await Readers.ReadAsync(reader, files);
            Assert.Equal(files.Count, found.Count);
            for (var file = 0; file < files.Count; file++)
                Assert.True(expected[file].SequenceEqual(found[file]), $"{reader} and DuckDB read different rows in {files[file]}.");
        }
    }

    // The values in the form of read.mjs, in the order of the file.
    private static IReadOnlyList<string> ReadRows(DeltaReplay replay, string file)
    {
        var read = $"read_parquet({DeltaReplay.Quote(file)}, hive_partitioning = false)";
        var columns = replay.Query($"DESCRIBE SELECT * FROM {read}").Select(c => Text((string)c[0]!, (string)c[1]!));
        return [.. replay.Query($"SELECT '[' || concat_ws(',', {string.Join(", ", columns)}) || ']' FROM {read}").Select(r => (string)r[0]!)];
    }

    private static string Text(string name, string type)
    {
        var column = $"\"{name.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";
        var text = type switch
        {
            "BIGINT" => $"CAST({column} AS VARCHAR)",
            "DATE" => $"CAST(date_diff('day', DATE '1970-01-01', {column}) AS VARCHAR)",
            "TIMESTAMP" or "TIMESTAMP WITH TIME ZONE" => $"CAST(epoch_us({column}) AS VARCHAR)",
            "VARCHAR" => $"hex(encode({column}))",
            _ when type.StartsWith("DECIMAL(", StringComparison.Ordinal)
                => $"CAST(CAST(replace(CAST({column} AS VARCHAR), '.', '') AS HUGEINT) AS VARCHAR)",
            _ => throw new NotSupportedException($"No test has a column of type {type}."),
        };
        return $"coalesce('\"' || {text} || '\"', 'null')";
    }
}
