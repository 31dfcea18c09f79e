using System.Globalization;

namespace PeakS3Feed.Bench.Suite;

/// <summary>
/// Measures a PostgreSQL server on this machine through /proc. Its processor time is that of the processes that the postmaster has reaped (its cutime
/// and cstime, so that a run's backend counts to its last moment) and of its living children (checkpointer, writers). Peak memory is that of the
/// children that started during the run, sampled every 50 ms.
/// </summary>
internal sealed class PostgresMeter(int postmaster) : IServerMeter
{
    /// <summary>Reads the postmaster's process id from its data folder.</summary>
    public static PostgresMeter Of(string dataFolder)
        => new(int.Parse(File.ReadLines(Path.Combine(dataFolder, "postmaster.pid")).First(), CultureInfo.InvariantCulture));

    public IServerWatch Begin() => new Watch(this);

    private double Cpu()
    {
        var reaped = Stat(postmaster);
        return (reaped[15] + reaped[16] + Children().Sum(Used)) / Machine.TicksPerSecond;
    }

    private static double Used(int process)
    {
        try
        {
            var stat = Stat(process);
            return stat[13] + stat[14] + stat[15] + stat[16];
        }
        catch (IOException)
        {
            return 0; // just ended; the postmaster has its time, or will have it
        }
    }

    private int[] Children()
        => [.. File.ReadAllText($"/proc/{postmaster}/task/{postmaster}/children").Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(int.Parse)];

    // Fields by their numbers in proc(5), from 0. The program's name, which may contain blanks, is before the last parenthesis.
    private static long[] Stat(int process)
    {
        var text = File.ReadAllText($"/proc/{process}/stat");
        var fields = text[(text.LastIndexOf(')') + 2)..].Split(' ');
        return [0, 0, .. fields.Select(f => long.TryParse(f, CultureInfo.InvariantCulture, out var n) ? n : 0)];
    }

    private static long PeakKiB(int process)
    {
        try
        {
            var line = File.ReadLines($"/proc/{process}/status").FirstOrDefault(l => l.StartsWith("VmHWM:", StringComparison.Ordinal));
            return line is null ? 0 : long.Parse(line.AsSpan(6).Trim().TrimEnd(" kB"), CultureInfo.InvariantCulture);
        }
        catch (IOException)
        {
            return 0;
        }
    }

    /// <summary>The measurement of one run.</summary>
    private sealed class Watch : IServerWatch
    {
        private readonly PostgresMeter _meter;
        private readonly HashSet<int> _before;
        private readonly double _cpuBefore;
        private readonly CancellationTokenSource _stop = new();
        private readonly Task<long> _looking;

        public Watch(PostgresMeter meter)
        {
            _meter = meter;
            _before = [.. meter.Children()];
            _cpuBefore = meter.Cpu();
            _looking = LookAsync();
        }

        /// <summary>Waits until the run's backends have ended, for at most two seconds, and returns the cost.</summary>
        public async Task<ServerCost> EndAsync()
        {
            for (var i = 0; i < 40 && _meter.Children().Any(c => !_before.Contains(c)); i++)
                await Task.Delay(50);
            await _stop.CancelAsync();
            return new(_meter.Cpu() - _cpuBefore, await _looking);
        }

        public void Dispose()
        {
            _stop.Cancel();
            _stop.Dispose();
        }

        private async Task<long> LookAsync()
        {
            var peak = 0L;
            while (!_stop.IsCancellationRequested)
            {
                foreach (var child in _meter.Children())
                {
                    if (!_before.Contains(child))
                        peak = Math.Max(peak, PeakKiB(child));
                }

                await Task.Delay(50);
            }

            return peak;
        }
    }
}
