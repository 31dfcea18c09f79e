using System.Globalization;
using PeakS3Feed.Bench.Checks;
using PeakS3Feed.Bench.Data;
using PeakS3Feed.TestServers.S3;

namespace PeakS3Feed.Bench.S3;

/// <summary>Many small CSV files with the same number of rows, generated from their numbers.</summary>
internal sealed class SmallObjects(int count, int rowsEach)
{
    private readonly RowMaker _maker = new();
    private readonly BenchRow _row = new();
    private readonly CsvText _text = new();
    private readonly TextBuffer _file = new();

    /// <summary>10,000 objects of about 10 KB, for a real S3 server.</summary>
    public static SmallObjects TenKilobytes => new(10_000, 75);

    /// <summary>100,000 objects of about 300 bytes.</summary>
    public static SmallObjects Tiny => new(100_000, 2);

    public int Count => count;

    public static string Key(int number) => string.Create(CultureInfo.InvariantCulture, $"in/{number:D7}.csv");

    /// <summary>Returns the file with this number. Not thread-safe.</summary>
    public byte[] Content(int number)
    {
        _file.Clear();
        _text.Begin(_file);
        for (var i = 0; i < rowsEach; i++)
        {
            _maker.Make(((long)number * rowsEach) + i, _row);
            _text.Add(_file, _row, first: i == 0);
        }

        return _file.Span.ToArray();
    }

    /// <summary>Returns a function that returns the object with a number, and generates it once. Safe for concurrent use.</summary>
    public Func<int, FakeObject> Generate()
    {
        var made = new FakeObject?[count];
        return number =>
        {
            lock (made)
                return made[number] ??= FakeObject.Create(Key(number), Content(number), FakeServer.Written);
        };
    }

    /// <summary>Returns the hash of all rows.</summary>
    public string Hash()
    {
        var projection = new Projection();
        var hash = new RowHash();
        for (var i = 0L; i < (long)count * rowsEach; i++)
        {
            _maker.Make(i, _row);
            hash.Add(projection.Of(_row));
        }

        return hash.ToString();
    }
}
