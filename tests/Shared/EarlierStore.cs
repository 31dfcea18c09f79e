using System.Data.Common;
using System.Globalization;
using Microsoft.Extensions.Logging.Abstractions;
using PeakS3Feed.Aws;
using PeakS3Feed.Sources;
using PeakS3Feed.Store;

namespace PeakS3Feed.Testing;

/// <summary>
/// A copy of what version 0.1 left behind after its first runs: definitions, history and a SQLite database, with the files that it had read.
/// A second wave of files can be added; what that version made of it is in <c>…-after</c>.
/// </summary>
public sealed class EarlierStore : IDisposable
{
    private static readonly DateTime Beginning = new(2026, 1, 1, 0, 0, 0, DateTimeKind.Utc);
    private readonly TestFolder _folder = new();
    private int _written;

    public EarlierStore()
    {
        Home = _folder.Sub("store");
        foreach (var file in Directory.EnumerateFiles(Path.Combine(Fixture, "store")))
            File.Copy(file, Path.Combine(Home, Path.GetFileName(file)));
        Bucket = _folder.Sub("bucket");
        Replace("file:///BUCKET", new Uri(Bucket).AbsoluteUri);
        Add(wave: 1);
    }

    /// <summary>The fixture's folder.</summary>
    public static string Fixture { get; } = Repository.PathOf("tests/Fixtures/made-by-0.1");

    /// <summary>The copied store.</summary>
    public string Home { get; }

    /// <summary>The folder that stands in for the bucket.</summary>
    public string Bucket { get; }

    public StorePaths Paths => StorePaths.Resolve(Home);

    /// <summary>Changes the text of the definitions.</summary>
    public void Replace(string old, string text)
    {
        var path = Path.Combine(Home, "definitions.json");
        File.WriteAllText(path, File.ReadAllText(path).Replace(old, text, StringComparison.Ordinal));
    }

    /// <summary>Adds a wave of files, each newer than the one before.</summary>
    public void Add(int wave)
    {
        var from = Path.Combine(Fixture, "bucket", wave.ToString(CultureInfo.InvariantCulture));
        foreach (var name in Directory.EnumerateFiles(from, "*", SearchOption.AllDirectories).Select(f => Path.GetRelativePath(from, f)).Order(StringComparer.Ordinal))
        {
            var to = Path.Combine(Bucket, name);
            Directory.CreateDirectory(Path.GetDirectoryName(to)!);
            File.Delete(to);
            File.Copy(Path.Combine(from, name), to);
            File.SetLastWriteTimeUtc(to, Beginning.AddDays(wave - 1).AddSeconds(++_written));
        }
    }

    /// <summary>Gives the ledger the versions that the copied files have: a folder's version counts the file's identity in.</summary>
    /// <param name="ledger">The destination.</param>
    /// <param name="table">The ledger's table of files.</param>
    public async Task AlignLedgerAsync(DbConnection ledger, string table = "peaks3feed_file")
    {
        var connection = (await new DefinitionStore(Paths).ReadAsync()).FindConnection("shop")!;
        await using var source = SourceFactory.Open(connection, new SourceIdentity("test", Guid.NewGuid()), null, NullLoggerFactory.Instance, TimeProvider.System);
        await foreach (var item in source.ListAsync("", CancellationToken.None))
        {
            await using var update = ledger.CreateCommand();
            update.CommandText = $"UPDATE {table} SET etag = @etag WHERE object_key = @key";
            foreach (var (name, value) in new[] { ("@etag", item.ETag), ("@key", item.Key) })
            {
                var parameter = update.CreateParameter();
                (parameter.ParameterName, parameter.Value) = (name, value);
                update.Parameters.Add(parameter);
            }
            await update.ExecuteNonQueryAsync();
        }
    }

    /// <summary>The rows of a table as sorted text, with the file they came from and without times and run ids.</summary>
    public static async Task<List<string>> RowsAsync(DbConnection database, string table)
    {
        await using var select = database.CreateCommand();
        select.CommandText = $"SELECT * FROM {table}";
        await using var row = await select.ExecuteReaderAsync();
        var rows = new List<string>();
        while (await row.ReadAsync())
        {
            rows.Add(string.Join(", ", Enumerable.Range(0, row.FieldCount)
                .Where(i => !row.GetName(i).StartsWith("peakaudit", StringComparison.Ordinal) || row.GetName(i) == "peakauditfilename")
                .Select(i => string.Create(CultureInfo.InvariantCulture, $"{row.GetName(i)}={(row.IsDBNull(i) ? "NULL" : $"'{row.GetValue(i)}'")}"))));
        }
        rows.Sort(StringComparer.Ordinal);
        return rows;
    }

    public void Dispose() => _folder.Dispose();
}
