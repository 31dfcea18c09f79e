using System.Globalization;

namespace PeakS3Feed.Bench.Suite;

/// <summary>What the kernel counts for the whole machine (<c>/proc/stat</c>, proc(5)).</summary>
internal static class Machine
{
    /// <summary>The unit of the kernel's times.</summary>
    public const double TicksPerSecond = 100; // USER_HZ, the same on every Linux that .NET runs on
    private const int Idle = 3;
    private const int WaitsForDisk = 4;
    private const int Fields = 8; // without the time of guests, which is part of another field

    /// <summary>The seconds since the machine started in which a processor was busy, of all processors added up.</summary>
    public static double BusySeconds()
    {
        var fields = File.ReadLines("/proc/stat").First().Split(' ', StringSplitOptions.RemoveEmptyEntries);
        var ticks = fields.Skip(1).Take(Fields).Select(f => long.Parse(f, CultureInfo.InvariantCulture)).ToArray();
        return (ticks.Sum() - ticks[Idle] - ticks[WaitsForDisk]) / TicksPerSecond;
    }
}
