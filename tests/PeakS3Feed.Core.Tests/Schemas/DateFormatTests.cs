using System.Text;
using PeakS3Feed.Errors;
using PeakS3Feed.Schemas;

namespace PeakS3Feed.Tests.Schemas;

public class DateFormatTests
{
    [Theory]
    [InlineData("dd/MM/yyyy", "01/02/2026", "date 2026-02-01")]
    [InlineData("dd/MM/yyyy", "2026-02-01", "date 2026-02-01")]
    [InlineData("dd/MM/yyyy", "1/2/2026", null)]
    [InlineData("d MMM yyyy", "1 Feb 2026", "date 2026-02-01")]
    [InlineData("yyyyMMdd HH:mm:ss", "20260201 13:14:15", "timestamp 2026-02-01T13:14:15")]
    [InlineData("MM/dd/yyyy h:mm tt", "02/01/2026 1:14 PM", "timestamp 2026-02-01T13:14:00")]
    [InlineData("dd.MM.yyyy HH:mm zzz", "01.02.2026 13:14 +02:00", "timestamptz 2026-02-01T11:14:00")]
    [InlineData("yyyyMMddTHHmmssZ", "20260201T131415Z", "timestamptz 2026-02-01T13:14:15")]
    [InlineData("yyyyMMddHHmmssK", "20260201131415Z", "timestamptz 2026-02-01T13:14:15")]
    [InlineData("yyyyMMddHHmmssK", "20260201131415", null)]
    [InlineData("yyyyMMddHHmmss.fffffff", "20260201131415.1234560", "timestamp 2026-02-01T13:14:15.123456")]
    [InlineData("yyyyMMddHHmmss.fffffff", "20260201131415.1234567", null)]
    [InlineData("dd/MM/yyyy|MM/dd/yyyy", "13/02/2026", "date 2026-02-13")]
    [InlineData("dd/MM/yyyy|MM/dd/yyyy", "02/02/2026", "date 2026-02-02")]
    [InlineData("dd/MM/yyyy|MM/dd/yyyy", "01/02/2026", null)]
    [InlineData("yyyy-dd-MM", "2026-01-02", "date 2026-02-01")]               // the feed's own formats go before ISO 8601
    [InlineData("yyyy-dd-MM", "2026-01-13", "date 2026-01-13")]
    [InlineData("yyyy-dd-MM|yyyy-MM-dd", "2026-01-02", null)]
    [InlineData("yyyy-dd-MM HH:mm|yyyy-MM-dd HH:mm", "2026-01-02 10:00", null)]
    [InlineData("yyyy-dd-MM HH:mmzzz|yyyy-MM-dd HH:mmzzz", "2026-01-02 10:00+00:00", null)]
    [InlineData("yyyyMMdd'T'HHmmss'Z'", "20260201T131415Z", "timestamptz 2026-02-01T13:14:15")]
    [InlineData("yyyyMMdd\\THHmmss\\Z", "20260201T131415Z", "timestamptz 2026-02-01T13:14:15")]
    [InlineData("ddd, dd MMM yyyy HH:mm:ss 'GMT'", "Sun, 01 Feb 2026 13:14:15 GMT", "timestamptz 2026-02-01T13:14:15")]
    [InlineData("ddd, dd MMM yyyy HH:mm:ss 'GMT'", "Mon, 01 Feb 2026 13:14:15 GMT", null)]
    [InlineData("dd.MM.yyyy HH:mm 'Uhr'", "01.02.2026 13:14 Uhr", "timestamp 2026-02-01T13:14:00")]
    [InlineData("dd/MM/yy", "01/02/49", "date 2049-02-01")]
    [InlineData("dd/MM/yy", "01/02/50", "date 1950-02-01")]
    [InlineData("hh:mm tt dd/MM/yyyy", "12:30 AM 01/02/2026", "timestamp 2026-02-01T00:30:00")]
    [InlineData("dd/MM/yyyy", "29/02/2026", null)]
    [InlineData("dd/MM/yyyy", "29/02/2024", "date 2024-02-29")]
    [InlineData("dd/MM/yyyy", " 01/02/2026", null)]
    [InlineData("dd/MM/yyyy", "01/02/0000", null)]
    public void A_feeds_own_formats_are_read(string formats, string text, string? expected)
    {
        var set = new DateFormatSet(formats.Split('|'));
        var utf8 = Encoding.UTF8.GetBytes(text);
        var read = set.TryParseDate(utf8, out var days) ? $"date {DateOnly.FromDateTime(DateTime.UnixEpoch).AddDays(days):yyyy-MM-dd}"
            : set.TryParseTimestamp(utf8, out var local) ? "timestamp " + Iso(local)
            : set.TryParseTimestampTz(utf8, out var instant) ? "timestamptz " + Iso(instant)
            : null;
        Assert.Equal(expected, read);
    }

    [Theory]
    [InlineData("")]
    [InlineData("d")]
    [InlineData("HH:mm")]
    [InlineData("MM/yyyy")]
    [InlineData("'yyyy'MMdd")]
    [InlineData("yyyyMMdd'")]
    [InlineData("ddd MM yyyy")]
    [InlineData("dd/MM/yyyy hh:mm")]
    [InlineData("yyyy-MM 'd'")]
    public void What_is_no_format_of_dates_is_refused(string format)
        => Assert.Equal("DateFormatInvalid", Assert.Throws<FeedException>(() => new DateFormatSet([format])).Id);

    private static string Iso(long micros) => DateTime.UnixEpoch.AddTicks(micros * 10).ToString("yyyy-MM-ddTHH:mm:ss.FFFFFF", System.Globalization.CultureInfo.InvariantCulture);
}
