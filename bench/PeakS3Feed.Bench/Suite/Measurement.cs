namespace PeakS3Feed.Bench.Suite;

/// <summary>What one run of one program cost.</summary>
/// <param name="Wall">Seconds from its start to its end.</param>
/// <param name="Cpu">Processor seconds, user and system, of it and of the programs that it started.</param>
/// <param name="PeakKiB">The most memory that it, or one of those, had resident.</param>
/// <param name="Server">What it cost the server, if there is one.</param>
/// <param name="Output">What it wrote to standard output.</param>
internal sealed record Measurement(double Wall, double Cpu, long PeakKiB, ServerCost? Server, string Output);
