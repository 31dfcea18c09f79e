using System.Globalization;
using System.Text;
using PeakS3Feed.Sources;

namespace PeakS3Feed.Testing;

/// <summary>One row of a generated file. The id is there once in all versions of all files.</summary>
public sealed record DataRow(string RowId, long Customer, long Version, long Amount);

/// <summary>One version of one generated file.</summary>
public sealed record DataFile(string Key, string ETag, long Number, IReadOnlyList<DataRow> Rows);

/// <summary>
/// A folder of generated CSV files that knows the rows of every version it ever wrote. Later versions have later times, so that
/// their number is their place in the loading order.
/// </summary>
public sealed class DataFolder(string path, int rowsPerFile, int seed)
{
    private static readonly DateTime Beginning = new(2026, 1, 1, 0, 0, 0, DateTimeKind.Utc);
    private readonly Random _random = new(seed);
    private readonly Dictionary<(string Key, string ETag), DataFile> _all = [];
    private readonly SortedDictionary<string, DataFile> _current = new(StringComparer.Ordinal);
    private readonly List<string> _sets = [];
    private int _written;

    public string Path => path;

    public IReadOnlyCollection<DataFile> Current => _current.Values;

    public void Add(int files)
    {
        for (var i = 0; i < files; i++)
        {
            var number = _current.Count + 1;
            Write(string.Create(CultureInfo.InvariantCulture, $"{(char)('a' + (number % 3))}/orders {number:0000}.csv"), [.. Enumerable.Range(0, rowsPerFile).Select(_ => _random.NextInt64(1, rowsPerFile * 3L))]);
        }
        Remember();
    }

    /// <summary>Writes some files anew: other rows, the same customers.</summary>
    public void Rewrite(int files)
    {
        for (var i = 0; i < files; i++)
        {
            var old = _current.Values.ElementAt(_random.Next(_current.Count));
            Write(old.Key, [.. old.Rows.Select(r => r.Customer)]);
        }
        Remember();
    }

    /// <summary>The file of that version; the folder has written no other.</summary>
    public DataFile Find(string key, string etag)
        => _all.TryGetValue((key, etag), out var file) ? file : throw new InvalidOperationException($"The ledger has a version of {key} that was never written.");

    /// <summary>The place of a set of versions among the whole ones that the folder held, or -1 for a mixture.</summary>
    public int IndexOfWholeSet(IEnumerable<(string Key, string ETag)> files) => _sets.LastIndexOf(Describe(files));

    private void Remember() => _sets.Add(Describe(_current.Values.Select(f => (f.Key, f.ETag))));

    private static string Describe(IEnumerable<(string Key, string ETag)> files)
        => string.Join('\n', files.Select(f => $"{f.Key} {f.ETag}").Order(StringComparer.Ordinal));

    private void Write(string key, long[] customers)
    {
        var number = ++_written;
        var text = new StringBuilder("row_id,customer,version,amount,price,placed,note\n");
        var rows = new List<DataRow>();
        for (var i = 0; i < customers.Length; i++)
        {
            var row = new DataRow(string.Create(CultureInfo.InvariantCulture, $"{number}-{i}"), customers[i], number, _random.NextInt64(1_000_000));
            rows.Add(row);
            text.Append(CultureInfo.InvariantCulture, $"{row.RowId},{row.Customer},{row.Version},{row.Amount},{row.Amount / 100m:0.00},");
            text.Append(CultureInfo.InvariantCulture, $"{Beginning.AddMinutes(row.Amount):yyyy-MM-ddTHH:mm:ss}Z,");
            text.Append((i % 5) switch { 0 => "\"one, \"\"two\"\"\nthree\"", 1 => "", 2 => "\"\"", _ => "plain" }).Append('\n');
        }

        var full = System.IO.Path.Combine(path, key);
        Directory.CreateDirectory(System.IO.Path.GetDirectoryName(full)!);
        File.WriteAllText(full + ".part", text.ToString());
        File.SetLastWriteTimeUtc(full + ".part", Beginning.AddSeconds(number));
        File.Move(full + ".part", full, overwrite: true);
        var file = new DataFile(key, FileVersion.From(new FileInfo(full)).ETag, number, rows);
        _all[(key, file.ETag)] = file;
        _current[key] = file;
    }
}
