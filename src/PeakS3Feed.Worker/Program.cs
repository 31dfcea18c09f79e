using PeakS3Feed.Store;
using PeakS3Feed.Worker;

// Nearly every command reads definitions; another processor prepares for it while this one parses the command line.
if (args.Length > 0)
    _ = Task.Run(DefinitionStore.Prepare);
using var stop = new StopSignals();
return await new WorkerProgram(WorkerHost.FromProcess()).RunAsync(args, stop.Token);
