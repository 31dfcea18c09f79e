// Feeds the readers of CSV, JSON, NDJSON and gzip with files that were written to be right, and with files that were broken on purpose:
//   dotnet run -c Release --project tests/PeakS3Feed.Fuzz -- [--seconds 60] [--seed N] [--cases N] [--format csv|json|ndjson|gzip]
// See README.md beside this file. Exit code 0 when all is well, 1 when a case failed, 2 when the command line is not understood.
using PeakS3Feed.Fuzz;
using PeakS3Feed.Fuzz.Memory;

if (FuzzOptions.Parse(args) is not { } options)
{
    await Console.Error.WriteLineAsync(FuzzOptions.Usage);
    return 2;
}

// Measured alone: nothing else is in memory then. Whoever asks for a number of cases asks for those.
var fitsMemory = options.Cases is not null || await MemoryCheck.RunAsync();
var fine = new FuzzRun(options, new Artifacts(Path.Combine("artifacts", "fuzz"))).Run();
return fine && fitsMemory ? 0 : 1;
