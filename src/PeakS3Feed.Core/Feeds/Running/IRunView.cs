namespace PeakS3Feed.Feeds.Running;

/// <summary>Shows the progress of one run until it is disposed.</summary>
public interface IRunView : IProgress<RunProgress>, IDisposable;
