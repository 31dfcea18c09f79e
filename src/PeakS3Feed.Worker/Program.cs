using PeakS3Feed.Worker;

using var stop = new StopSignals();
return await new WorkerProgram(WorkerHost.OfProcess()).RunAsync(args, stop.Token);
