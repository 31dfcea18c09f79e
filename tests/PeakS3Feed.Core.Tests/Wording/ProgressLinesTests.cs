using Microsoft.Extensions.Time.Testing;
using PeakS3Feed.Feeds.Running;
using PeakS3Feed.Wording;

namespace PeakS3Feed.Tests.Wording;

public sealed class ProgressLinesTests
{
    private readonly FakeTimeProvider _time = new();
    private readonly List<(double Second, string Line)> _lines = [];

    [Fact]
    public void A_line_comes_when_loading_begins_then_more_and_more_seldom()
    {
        using var lines = Begin(announces: true);
        lines.Report(Planning);
        lines.Report(Loading(0, seconds: 0));
        for (var second = 1; second <= 480; second++)
        {
            _time.Advance(TimeSpan.FromSeconds(1));
            lines.Report(Loading(second, second));
        }
        Assert.Equal(
            [0, 10, 20, 30, 40, 50, 60, 90, 120, 150, 180, 210, 240, 270, 300, 360, 420, 480], _lines.Select(l => l.Second));
        Assert.Equal("orders: 0/500 objects, 0 B/500 MB (0%), 0 rows", _lines[0].Line);
        // Timers come before the report of the same second.
        Assert.Equal("orders: 119/500 objects, 119 MB/500 MB (23%), 1,190 rows, 992 kB/s, 6:24 left", _lines[8].Line);
    }

    [Fact]
    public void A_log_gets_no_line_of_a_short_run()
    {
        var lines = Begin(announces: false);
        lines.Report(Planning);
        lines.Report(Loading(0, seconds: 0));
        _time.Advance(TimeSpan.FromSeconds(9.9));
        lines.Dispose();
        _time.Advance(TimeSpan.FromHours(1));
        lines.Report(Loading(1, seconds: 3600));
        Assert.Empty(_lines);
    }

    [Fact]
    public void A_run_that_waits_writes_lines_too_and_its_rate_falls()
    {
        using var lines = Begin(announces: false);
        lines.Report(Loading(100, seconds: 10));
        _time.Advance(TimeSpan.FromSeconds(10));
        _time.Advance(TimeSpan.FromSeconds(10));
        lines.Report(Committing);
        _time.Advance(TimeSpan.FromSeconds(10));
        Assert.Equal(
            [
                (10, "orders: 100/500 objects, 100 MB/500 MB (20%), 1,000 rows, 5.0 MB/s, 1:20 left"),
                (20, "orders: 100/500 objects, 100 MB/500 MB (20%), 1,000 rows, 3.3 MB/s, 2:00 left"),
                (30, "orders: 5,000 rows, committing"),
            ],
            _lines);
    }

    [Fact]
    public void Nothing_is_written_before_the_run_reports()
    {
        using var lines = Begin(announces: true);
        _time.Advance(TimeSpan.FromSeconds(25));
        Assert.Empty(_lines);
        lines.Report(Planning with { ObjectsListed = 12_000 });
        _time.Advance(TimeSpan.FromSeconds(10));
        Assert.Equal("orders: 12,000 objects listed", Assert.Single(_lines).Line);
    }

    private static RunProgress Planning { get; } = new(RunPhase.Planning, 0, 0, 0, 0, 0, 0, 0, TimeSpan.Zero, null);

    private static RunProgress Committing { get; } = Loading(500, seconds: 20) with { Phase = RunPhase.Committing };

    private static RunProgress Loading(int objects, double seconds)
        => new(RunPhase.Loading, 0, objects, 500, objects * 1_000_000L, 500_000_000, objects * 10L, 0, TimeSpan.FromSeconds(seconds), null);

    private ProgressLines Begin(bool announces)
    {
        var start = _time.GetTimestamp();
        return new ProgressLines("orders", line => _lines.Add((Math.Round(_time.GetElapsedTime(start).TotalSeconds), line)), _time, announces);
    }
}
