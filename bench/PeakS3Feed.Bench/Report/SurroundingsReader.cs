using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Text.RegularExpressions;
using PeakS3Feed.Bench.Suite;

namespace PeakS3Feed.Bench.Report;

/// <summary>Reads the environment from the machine, the programs and the server.</summary>
internal sealed partial class SurroundingsReader(BenchContext context)
{
    private static readonly string[] Flags = ["sse4_2", "avx2", "avx512f", "avx512bw", "avx512vbmi", "bmi2", "pclmulqdq", "vpclmulqdq", "sha_ni", "asimd", "sve"];

    private static readonly string[] Settings =
    [
        "server_version", "shared_buffers", "wal_level", "fsync", "synchronous_commit", "full_page_writes", "wal_compression", "wal_buffers",
        "max_wal_size", "checkpoint_timeout", "maintenance_work_mem", "autovacuum", "track_counts", "server_encoding", "lc_collate",
    ];

    public async Task<Surroundings> ReadAsync() => new(Machine(), await VersionsAsync(), await SettingsAsync());

    private static Dictionary<string, string> Machine()
    {
        var cpu = File.ReadAllLines("/proc/cpuinfo");
        var flags = (Value(cpu, "flags") ?? Value(cpu, "Features") ?? "").Split(' ');
        var memory = long.Parse(Digits().Match(File.ReadLines("/proc/meminfo").First()).Value, CultureInfo.InvariantCulture);
        return new(StringComparer.Ordinal)
        {
            ["processor"] = Value(cpu, "model name") ?? RuntimeInformation.ProcessArchitecture.ToString(),
            ["cores"] = Environment.ProcessorCount.ToString(CultureInfo.InvariantCulture),
            ["memory"] = string.Create(CultureInfo.InvariantCulture, $"{memory / 1024.0 / 1024.0:0.0} GiB"),
            ["flags"] = string.Join(' ', Flags.Intersect(flags)),
            ["system"] = $"{RuntimeInformation.OSDescription}, Linux {File.ReadAllText("/proc/sys/kernel/osrelease").Trim()}",
        };
    }

    private async Task<Dictionary<string, string>> VersionsAsync()
    {
        var duckdb = Path.Combine(context.Sources, "duckdb", "node_modules", "@duckdb", "node-api", "package.json");
        return new(StringComparer.Ordinal)
        {
            ["PeakS3Feed"] = await FirstLineAsync("git", "-C", context.Sources, "describe", "--always", "--dirty"),
            [".NET"] = Environment.Version.ToString(),
            ["psql"] = await FirstLineAsync("psql", "--version"),
            ["sqlite3"] = await FirstLineAsync("sqlite3", "--version"),
            ["pgloader"] = await FirstLineAsync("pgloader", "--version"),
            ["gzip"] = await FirstLineAsync("gzip", "--version"),
            ["@duckdb/node-api"] = Version().Match(await File.ReadAllTextAsync(duckdb)).Groups["version"].Value,
            ["node"] = await FirstLineAsync("node", "--version"),
            ["CsvHelper"] = VersionOf(typeof(CsvHelper.CsvReader)),
            ["Npgsql"] = VersionOf(typeof(Npgsql.NpgsqlConnection)),
            ["AWSSDK.S3"] = VersionOf(typeof(Amazon.S3.AmazonS3Client)),
            ["Ceph"] = await FirstLineAsync("radosgw", "--version"),
        };
    }

    private async Task<Dictionary<string, string>> SettingsAsync()
    {
        var settings = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var name in Settings)
            settings[name] = await context.Postgres.ReadAsync($"SELECT current_setting('{name}')");
        return settings;
    }

    private static string? Value(string[] lines, string name)
        => lines.FirstOrDefault(l => l.StartsWith(name, StringComparison.Ordinal))?.Split(':', 2)[1].Trim();

    private static string VersionOf(Type type) => FileVersionInfo.GetVersionInfo(type.Assembly.Location).FileVersion ?? "";

    private static async Task<string> FirstLineAsync(string program, params string[] arguments)
    {
        try
        {
            return (await ProcessRunner.RunAsync(new(program, arguments))).Split('\n')[0].Trim();
        }
        catch (Exception e)
        {
            return "unknown: " + e.Message;
        }
    }

    [GeneratedRegex("[0-9]+", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Digits();

    [GeneratedRegex("\"version\": \"(?<version>[^\"]+)\"", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Version();
}
