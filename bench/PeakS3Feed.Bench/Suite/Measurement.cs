namespace PeakS3Feed.Bench.Suite;

/// <summary>The cost of one run of one program.</summary>
/// <param name="Wall">Seconds from start to end.</param>
/// <param name="Cpu">Processor seconds, user and system, of the program and its child processes.</param>
/// <param name="PeakKiB">The maximum resident memory of the program or a child process.</param>
/// <param name="Server">The cost for the server, if there is one.</param>
/// <param name="Busy">The seconds that the processors of this machine were busy, added up, whatever they did.</param>
/// <param name="Output">The standard output.</param>
internal sealed record Measurement(double Wall, double Cpu, long PeakKiB, ServerCost? Server, double Busy, string Output);
