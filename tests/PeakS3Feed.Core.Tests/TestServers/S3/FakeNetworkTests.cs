using System.Diagnostics;
using System.Globalization;
using PeakS3Feed.TestServers.S3;
using PeakS3Feed.Testing;

namespace PeakS3Feed.Tests.TestServers.S3;

/// <summary>
/// The network of the fake server, by a stopwatch of its client. What both measure has to agree. Nothing is asserted of how late a loaded machine
/// is: it is measured again until the machine has a moment for it.
/// </summary>
[Collection(nameof(Alone))]
public sealed class FakeNetworkTests : IAsyncLifetime
{
    private const double Few = 0.05;

    private readonly HttpClient _client = new();
    private FakeS3 _s3 = null!;

    public async Task InitializeAsync()
    {
        _s3 = await FakeS3.StartAsync();
        _s3.CreateBucket("acme");
    }

    public async Task DisposeAsync()
    {
        _client.Dispose();
        await _s3.DisposeAsync();
    }

    [Theory]
    [InlineData(60)]
    [InlineData(100)]
    public async Task The_first_byte_comes_after_the_delay(int milliseconds)
    {
        _s3.Put("acme", "a.csv", new byte[10_000]);
        _s3.Network = new() { Delay = TimeSpan.FromMilliseconds(milliseconds) };
        await GetAsync("a.csv"); // compiles
        await TestLimits.UntilAsync(
            async () =>
            {
                await ForgetAsync();
                var seen = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => TimesAsync(12)));
                var measured = await MeasuredAsync();
                Assert.Equal((96, 96 * 10_000L, 8), (measured.Requests, measured.Bytes, measured.AtOnce));
                Assert.InRange(measured.DelayMedian, milliseconds, double.MaxValue);
                Assert.InRange(measured.DelayP95, measured.DelayMedian, double.MaxValue);
                return Agree(measured.DelayMedian, milliseconds) && Agree(Median(seen.SelectMany(s => s)), measured.DelayMedian);
            },
            "delays that agree");

        async Task<List<double>> TimesAsync(int count)
        {
            var times = new List<double>();
            for (var i = 0; i < count; i++)
            {
                var began = Stopwatch.GetTimestamp();
                await GetAsync("a.csv");
                times.Add(Stopwatch.GetElapsedTime(began).TotalMilliseconds);
            }
            return times;
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(4)]
    public async Task A_connection_has_its_rate_however_many_there_are(int connections)
    {
        const int Size = 12_000_000;
        const double Rate = 40e6;
        _s3.Put("acme", "a.csv", new byte[Size]);
        _s3.Network = new() { BytesPerSecond = (long)Rate };
        await GetAsync("a.csv");
        await TestLimits.UntilAsync(
            async () =>
            {
                await ForgetAsync();
                var seen = await Task.WhenAll(Enumerable.Range(0, connections).Select(async _ =>
                {
                    using var response = await _client.GetAsync(new Uri(_s3.Url + "/acme/a.csv"), HttpCompletionOption.ResponseHeadersRead);
                    var began = Stopwatch.GetTimestamp();
                    await response.Content.CopyToAsync(Stream.Null);
                    return Size / Stopwatch.GetElapsedTime(began).TotalSeconds;
                }));
                var measured = await MeasuredAsync();
                Assert.Equal(connections * (long)Size, measured.Bytes);
                Assert.InRange(measured.RateMedian, 0, Rate * (1 + Few));
                return Agree(measured.RateMedian, Rate) && Agree(Median(seen), measured.RateMedian);
            },
            "rates that agree");
    }

    [Fact]
    public async Task Requests_beyond_the_limit_of_a_second_are_refused()
    {
        _s3.Put("acme", "a.csv", new byte[10]);
        _s3.Network = new() { MostPerSecond = 5 };
        await TestLimits.UntilAsync(
            async () =>
            {
                await ForgetAsync();
                var statuses = new List<int>();
                for (var i = 0; i < 12; i++)
                {
                    using var response = await _client.GetAsync(new Uri(_s3.Url + "/acme/a.csv"));
                    statuses.Add((int)response.StatusCode);
                }
                Assert.Equal(statuses.Count(s => s == 503), (await MeasuredAsync()).Refused);
                return statuses.Count(s => s == 503) == 7 && statuses.Count(s => s == 200) == 5; // unless they were in two seconds
            },
            "a second in which all requests were");
    }

    [Fact]
    public async Task A_large_object_is_read_in_ranges()
    {
        var content = new RepeatedContent("h\n"u8.ToArray(), "row\n"u8.ToArray(), RepeatedContent.LengthOf(2, 4, 1_000_000_000));
        _s3.Put("acme", new FakeObject("large.csv", content.Length, "e", DateTimeOffset.UnixEpoch, () => default) { Large = content });
        Assert.Equal("h\nrow\nr", await RangeAsync(0, 6));
        Assert.Equal("w\nrow\n", await RangeAsync(3_999_999_996, 4_000_000_001));
        using var request = Range(0, 1);
        request.Headers.TryAddWithoutValidation("If-Match", "\"other\"");
        using var refused = await _client.SendAsync(request);
        Assert.Equal(412, (int)refused.StatusCode);

        async Task<string> RangeAsync(long from, long to)
        {
            using var ranged = Range(from, to);
            ranged.Headers.TryAddWithoutValidation("If-Match", "\"e\"");
            using var response = await _client.SendAsync(ranged);
            Assert.Equal(206, (int)response.StatusCode);
            return await response.Content.ReadAsStringAsync();
        }

        HttpRequestMessage Range(long from, long to)
        {
            var ranged = new HttpRequestMessage(HttpMethod.Get, new Uri(_s3.Url + "/acme/large.csv"));
            ranged.Headers.TryAddWithoutValidation("Range", string.Create(CultureInfo.InvariantCulture, $"bytes={from}-{to}"));
            return ranged;
        }
    }

    private async Task<FakeFigures> MeasuredAsync()
    {
        await EndAsync();
        return _s3.Traffic.Read();
    }

    // The server counts a request when it has ended there, which may be later than here.
    private async Task ForgetAsync()
    {
        await EndAsync();
        _s3.Traffic.Clear();
    }

    private Task EndAsync() => TestLimits.UntilAsync(() => _s3.Traffic.Active == 0, "end of all requests");

    private async Task GetAsync(string key) => await _client.GetByteArrayAsync(new Uri($"{_s3.Url}/acme/{key}"));

    private static bool Agree(double found, double expected) => Math.Abs(found - expected) <= Few * expected;

    private static double Median(IEnumerable<double> values) => values.Order().ToArray() is var sorted ? sorted[sorted.Length / 2] : 0;
}
