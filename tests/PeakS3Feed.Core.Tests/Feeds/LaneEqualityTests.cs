using System.Globalization;
using System.IO.Compression;
using System.Text;
using PeakS3Feed.Destinations.Loading;
using PeakS3Feed.Feeds;
using PeakS3Feed.Feeds.Running;
using PeakS3Feed.Formats;
using PeakS3Feed.Runs;
using PeakS3Feed.Testing;
using PeakS3Feed.Tests.Destinations;

namespace PeakS3Feed.Tests.Feeds;

/// <summary>A run gives the same rows, rejects, columns, warnings and errors whatever the number of its lanes.</summary>
public sealed class LaneEqualityTests
{
    private const int MoreThanABatch = 17_000;
    private static readonly DateTime Beginning = new(2026, 1, 1, 0, 0, 0, DateTimeKind.Utc);

    private const int SeedCount = 24;

    public static TheoryData<int> Seeds => [.. Enumerable.Range(1, SeedCount)];

    [Theory]
    [MemberData(nameof(Seeds))]
    public async Task Files_at_random_give_the_same_with_one_lane_and_with_several(int seed)
    {
        var one = await RunAsync(seed, 1);
        foreach (var parallelism in (int[])[2, 8])
            Assert.Equal(one, await RunAsync(seed, parallelism));
    }

    [Fact]
    public async Task The_seeds_meet_what_matters()
    {
        var results = new List<string>();
        for (var seed = 1; seed <= SeedCount; seed++)
            results.Add(await RunAsync(seed, 1));
        string[] wanted =
        [
            "Succeeded", "Failed: FailedRowThresholdExceeded", "Failed: CsvQuoteNotClosed", "ColumnAdded", "ColumnMissing", "FileSkipped", "BadFile", "reject ",
        ];
        foreach (var part in wanted)
            Assert.True(results.Exists(r => r.Contains(part, StringComparison.Ordinal)), part);
    }

    /// <summary>Makes files, runs the feed until nothing is left, and writes down all that a person could see of it.</summary>
    private static async Task<string> RunAsync(int seed, int parallelism)
    {
        var random = new Random(seed);
        var json = random.Next(4) == 0;
        var threshold = random.Next(3) switch { 0 => "3", 1 => "10%", _ => "100000" };
        var skip = random.Next(2) == 0 ? BadFileAction.Skip : BadFileAction.Fail;
        var every = random.Next(3) == 0 ? 5 : 0;
        using var loading = await Loading.BeginAsync(f => f with
        {
            FileType = json ? FileType.Ndjson : FileType.Csv,
            OnBadFile = skip,
            OnChangedObject = seed % 2 == 0 ? ChangedObjectAction.Replace : ChangedObjectAction.Append,
            FailedRowThreshold = FailedRowThreshold.Parse(threshold),
            CommitEveryObjects = every,
        });
        var files = new Files(loading, random, json);
        files.Write(random.Next(3, 25));
        var seen = new StringBuilder();
        await RunAsync(loading, parallelism, null, seen);
        files.Write(random.Next(1, 6));
        // Before the second run reads anything, files that are planned already change.
        await RunAsync(loading, parallelism, new AtStep(CommitStep.Planned, 1, files.ChangeSome), seen);
        await RunAsync(loading, parallelism, null, seen);
        return seen.ToString();
    }

    private static async Task RunAsync(Loading loading, int parallelism, ICommitObserver? observer, StringBuilder seen)
    {
        var progress = new ProgressRecorder();
        var result = await loading.Store.Engine(observer).RunAsync(TestStore.FeedName, new RunOptions { MaxParallelism = parallelism }, null, progress, default);
        var run = result.Run;
        seen.AppendLine(CultureInfo.InvariantCulture, $"{run.Status}: {run.ErrorId} {run.Error}");
        seen.AppendLine(CultureInfo.InvariantCulture, $"{run.Commits} {run.RowsRead} {run.RowsLoaded} {run.RowsRejected} {run.ObjectsLoaded} {run.ObjectsFailed} {run.ObjectsSkipped} {run.BytesRead}");
        if (run.Status is RunStatus.Succeeded or RunStatus.SucceededWithRejects)
        {
            var last = progress.Seen.LastOrDefault(p => p.Phase == RunPhase.Committing);
            seen.AppendLine(CultureInfo.InvariantCulture, $"read {last?.Bytes ?? 0} of {last?.BytesTotal ?? 0}");
        }
        foreach (var warning in run.Warnings)
            seen.AppendLine(CultureInfo.InvariantCulture, $"{warning.Id} {warning.Text} {warning.Count}");
        foreach (var file in result.FailedFiles)
            seen.AppendLine(CultureInfo.InvariantCulture, $"{file.Uri} {file.Reason}");
        await foreach (var reject in loading.Store.History.ListRejectsAsync(run.Id))
            seen.AppendLine(CultureInfo.InvariantCulture, $"reject {reject.Position} {reject.Reason} {reject.RawText}");
        seen.AppendJoin('\n', (await loading.Store.FeedAsync()).Schema?.Columns.Select(c => c.ToString()) ?? []).AppendLine();
        if (loading.Query("SELECT name FROM sqlite_schema WHERE name = 'orders'").Count == 0)
            return;
        var columns = loading.Query("SELECT name FROM pragma_table_info('orders')");
        seen.AppendJoin('\n', loading.Query($"SELECT {string.Join(", ", columns.Where(IsKept).Select(c => $"\"{c}\""))} FROM orders ORDER BY rowid")).AppendLine();
        seen.AppendJoin('\n', loading.Query("SELECT object_key, generation, size FROM peaks3feed_file ORDER BY object_key, generation")).AppendLine();
    }

    // Of the audit columns only the file's name is the same from run to run.
    private static bool IsKept(string column) => !column.StartsWith("peakaudit", StringComparison.Ordinal) || column == "peakauditfilename";

    private sealed class Files(Loading loading, Random random, bool json)
    {
        private static readonly string[] Extra = ["extra", "more", "More ", "amount"];
        private int _written;

        public void Write(int count)
        {
            for (var i = 0; i < count; i++)
                Write($"f{random.Next(1_000_000):D6}-{_written}.{(json ? "json" : "csv")}{(random.Next(4) == 0 ? ".gz" : "")}");
        }

        public void ChangeSome()
        {
            foreach (var path in Directory.GetFiles(Path.GetDirectoryName(loading.PathOf("x"))!).Order(StringComparer.Ordinal).Where(_ => random.Next(6) == 0).ToList())
                Write(Path.GetFileName(path));
        }

        private void Write(string name)
        {
            var bytes = Encoding.UTF8.GetBytes(json ? Json() : Csv());
            if (name.EndsWith(".gz", StringComparison.Ordinal))
            {
                using var packed = new MemoryStream();
                using (var gzip = new GZipStream(packed, CompressionLevel.Fastest))
                    gzip.Write(bytes);
                bytes = packed.ToArray();
                if (random.Next(10) == 0 && bytes.Length > 30)
                    bytes = bytes[..^5];
            }
            File.WriteAllBytes(loading.PathOf(name), bytes);
            File.SetLastWriteTimeUtc(loading.PathOf(name), Beginning.AddSeconds(++_written));
        }

        // Files that grow the schema come in bunches, so that some that are read at the same time bring the same column.
        private string[] Fields()
        {
            string[] fields = ["id", "note"];
            if (random.Next(12) == 0)
                return [];
            if (random.Next(8) == 0)
                fields = ["ID", "note"];
            if (_written > 2 && random.Next(8) == 0)
                fields = ["id"];
            var brings = _written > 4 && random.Next(3) > 0 ? Extra[.. Math.Min(Extra.Length, 1 + (_written / 6))] : [];
            return [.. fields, .. brings.Where(_ => random.Next(3) > 0)];
        }

        private int Rows() => random.Next(8) switch { 0 => 0, 1 => MoreThanABatch + random.Next(3000), 2 => random.Next(4000), _ => random.Next(1, 40) };

        private string Csv()
        {
            var fields = Fields();
            if (fields.Length == 0)
                return random.Next(2) == 0 ? "" : "id,note\n";
            var rejects = random.Next(4) == 0 ? random.Next(1, 200) : int.MaxValue;
            var text = new StringBuilder(string.Join(',', fields)).Append('\n');
            var rows = Rows();
            var from = random.Next(rows + 1); // values of further fields come late in some files
            for (var row = 0; row < rows; row++)
            {
                text.Append(row % rejects == rejects - 1 ? "five" : (row + 1).ToString(CultureInfo.InvariantCulture));
                foreach (var field in fields.Skip(1))
                    text.Append(',').Append(field == "note" ? $"row {row}" : row < from ? "" : field == "amount" ? $"{row}.5" : $"v{row}");
                text.Append('\n');
            }
            return random.Next(12) == 0 ? text.Append("\"never closed").ToString() : text.ToString();
        }

        private string Json()
        {
            var fields = Fields();
            var text = new StringBuilder();
            var rows = Rows();
            var from = random.Next(rows + 1);
            for (var row = 0; row < rows; row++)
            {
                text.Append(CultureInfo.InvariantCulture, $$"""{"id":{{(random.Next(500) == 0 ? "\"five\"" : row)}}""");
                if (fields.Contains("note"))
                    text.Append(CultureInfo.InvariantCulture, $",\"note\":\"row {row}\"");
                foreach (var field in fields.Where(f => row >= from && Extra.Contains(f)))
                    text.Append(CultureInfo.InvariantCulture, $",\"{field}\":{(random.Next(3) == 0 ? "null" : row)}");
                text.Append("}\n");
            }
            return text.ToString();
        }
    }
}
