namespace PeakS3Feed.Bench.Suite;

/// <summary>The cost of a run for the server that it uses.</summary>
/// <param name="Cpu">Processor seconds of all its processes.</param>
/// <param name="PeakKiB">
/// PostgreSQL: the maximum resident memory of a backend that started during the run, including the shared buffers that it used. Else null.
/// </param>
internal sealed record ServerCost(double Cpu, long? PeakKiB);

/// <summary>Measures a server on this machine.</summary>
internal interface IServerMeter
{
    /// <summary>Starts to measure.</summary>
    IServerWatch Begin();
}

/// <summary>The measurement of one run.</summary>
internal interface IServerWatch : IDisposable
{
    /// <summary>Returns the cost of the run, which has ended.</summary>
    Task<ServerCost> EndAsync();
}
