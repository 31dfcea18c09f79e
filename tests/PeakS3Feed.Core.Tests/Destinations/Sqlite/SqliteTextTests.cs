using System.Globalization;
using System.Text;
using PeakS3Feed.Destinations.Sqlite;
using PeakS3Feed.Testing;

namespace PeakS3Feed.Tests.Destinations.Sqlite;

/// <summary>SQLite's texts are those that .NET writes.</summary>
public sealed class SqliteTextTests
{
    private const long MicrosecondsPerDay = 86_400_000_000;
    private static readonly int FirstDay = -DateOnly.FromDateTime(DateTime.UnixEpoch).DayNumber;

    [Trait(Category.Name, Category.Slow)]
    [Fact]
    public void Every_day_of_the_calendar()
    {
        for (var number = 0; number <= DateOnly.MaxValue.DayNumber; number++)
        {
            var expected = DateOnly.FromDayNumber(number).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
            var written = Text(buffer => SqliteText.Date(FirstDay + number, buffer));
            if (expected != written)
                Assert.Fail($"{expected} was written as {written}");
        }
    }

    [Fact]
    public void Timestamps_from_the_first_to_the_last_microsecond()
    {
        var last = (DateOnly.MaxValue.DayNumber + FirstDay + 1) * MicrosecondsPerDay;
        var random = new Random(20261123);
        long[] edges = [FirstDay * MicrosecondsPerDay, last - 1, 0, -1, 1, MicrosecondsPerDay - 1, -MicrosecondsPerDay, -MicrosecondsPerDay - 1];
        foreach (var value in edges.Concat(Enumerable.Range(0, 100_000).Select(_ => random.NextInt64(FirstDay * MicrosecondsPerDay, last))))
        {
            var expected = DateTime.UnixEpoch.AddTicks(value * TimeSpan.TicksPerMicrosecond).ToString("yyyy-MM-ddTHH:mm:ss.ffffff", CultureInfo.InvariantCulture);
            Assert.Equal(expected, Text(buffer => SqliteText.Timestamp(value, zoned: false, buffer)));
            Assert.Equal(expected + "Z", Text(buffer => SqliteText.Timestamp(value, zoned: true, buffer)));
        }
    }

    [Fact]
    public void Decimals_of_every_length_and_scale()
    {
        var random = new Random(20261123);
        foreach (var value in Numbers(random))
        {
            for (var scale = 0; scale <= 38; scale++)
                Assert.Equal(Plain(value, scale), Text(buffer => SqliteText.Decimal(value, scale, buffer)));
        }
    }

    private static IEnumerable<Int128> Numbers(Random random)
    {
        Int128[] edges = [0, 1, 9, 10, 99, 100, 101, long.MaxValue, ulong.MaxValue, (Int128)ulong.MaxValue + 1, Int128.MaxValue];
        var random128 = Enumerable.Range(0, 3_000).Select(i => new Int128((ulong)random.NextInt64(), (ulong)random.NextInt64()) >> (i % 127));
        var powers = Enumerable.Range(0, 38).Select(i => Int128.Parse("1" + new string('0', i), CultureInfo.InvariantCulture));
        return edges.Concat(random128).Concat(powers).SelectMany(n => new[] { n, -n });
    }

    private static string Plain(Int128 value, int scale)
    {
        var digits = value.ToString(CultureInfo.InvariantCulture).TrimStart('-').PadLeft(scale + 1, '0');
        return (value < 0 ? "-" : "") + digits[..^scale] + (scale == 0 ? "" : "." + digits[^scale..]);
    }

    private static string Text(Func<byte[], int> write)
    {
        var buffer = new byte[SqliteText.MaxBytes];
        return Encoding.ASCII.GetString(buffer, 0, write(buffer));
    }
}
