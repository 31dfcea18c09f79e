using PeakS3Feed.Worker;

using var stop = new StopSignals();
return await new WorkerProgram(WorkerHost.FromProcess()).RunAsync(args, stop.Token);
